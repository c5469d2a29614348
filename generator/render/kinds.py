"""A kind of output: its names, its paths, its phase of writing, its plan and its renderer.

`output_kinds` is the table of all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from pathlib import Path

from msgspec import Struct

from generator.model import Target
from generator.render.context import RenderContext
from generator.render.facade import Site

Planner = Callable[[RenderContext], Iterable[Target]]
Render = Callable[[Target, Site], bytes | Path]


class Phase(IntEnum):
    """When outputs are written: what others refer to comes first, so that a reader never meets a gap."""

    FILES = 0
    """Files that pages and mails show: pictures, style sheets, scripts."""
    PAGES = 1
    NOTICES = 2
    """Files that announce pages or lead to them: feeds, sitemaps, redirects."""


class OutputKind(Struct, frozen=True, eq=False):
    """A kind of output, built in or added by an extension.

    `names` are those its targets carry, each with its words: what such a file is to people. `paths` is the form of its
    output paths. `is_page` says that each is a page of the site, which the sitemap lists. `render` gives a target's
    bytes, or the file on disk that holds them, and reads everything through its site.
    """

    names: Mapping[str, str]
    paths: str
    phase: Phase
    plan: Planner
    render: Render
    is_page: bool = False


def page_bytes(html: str) -> bytes:
    """Encode a rendered page: UTF-8, one newline at the end, no character that cannot be encoded."""
    if html[-1:] != "\n" or html[-2:-1].isspace():  # most templates end as they should: spare two copies
        html = html.rstrip() + "\n"
    return html.encode("utf-8", "replace")
