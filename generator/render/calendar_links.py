"""Where calendar files are published: beside the page of each document with dates, and one of the whole site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.addresses import output_path

if TYPE_CHECKING:
    from generator.render.facade import Site

BESIDE = "dates.ics"
"""The name of the calendar file beside a page."""


def calendar_path(address: str) -> str:
    """Return the output path of the calendar file of the page at an address."""
    page = output_path(address)
    return f"{page.rpartition('/')[0]}/{BESIDE}".lstrip("/") if page.endswith("/index.html") else f"{page}.ics"


def calendar_url(site: Site, key: str) -> str:
    """Return the root-relative URL of the calendar file of a document."""
    url = site.url_of(key)
    return f"{url}{BESIDE}" if url.endswith("/") else f"{url}.ics"
