"""The pages of the built site that lead to another address."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

from generator.site.addresses import output_path

_LIST = "_redirects"
_LEADS_ON = b'http-equiv="refresh"'


class HostRedirect(Struct, frozen=True):
    """An old address: its path, its query ("" for none), and where it leads."""

    path: str
    query: str
    url: str


def read_redirects(output: Path) -> list[HostRedirect]:
    """Read the redirects that the build wrote: `old [query] new 301` lines."""
    try:
        lines = (output / _LIST).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    parts = (line.split() for line in lines)
    return [
        HostRedirect(each[0], "&".join(each[1:-2]), each[-2].replace("$", "%24")) for each in parts if len(each) > 2
    ]


def redirect_pages(output: Path, paths: Collection[str], base: str) -> dict[str, str]:
    """Map the output path of each page that leads on to the address it leads to.

    The list may be the author's own, with lines about other pages: only a page that leads on by itself counts.
    """
    pages = {}
    for each in read_redirects(output):
        path = output_path(unquote(each.path).removeprefix(base))
        if not each.query and path in paths and _LEADS_ON in (output / path).read_bytes():
            pages[path] = each.url
    return pages
