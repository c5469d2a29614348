"""A kind of output: its names, its paths, its phase of writing, its plan and its renderer.

`output_kinds` is the table of all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

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

    `names` maps the `kind` of its targets to words for people. `paths` is the form of its output paths. `is_page` is
    True if each is a page of the site, which the sitemap lists; `by_language` if each language with pages of its own
    has them too. `render` returns a target's bytes, or the file on disk that has them, and reads everything through its
    site.
    """

    names: Mapping[str, str]
    paths: str
    phase: Phase
    plan: Planner
    render: Render
    is_page: bool = False
    by_language: bool = False

    def plan_all(self, context: RenderContext) -> Iterator[Target]:
        """Plan the targets of the site and, if each language has its own, those below the folder of each language."""
        for tag, own in contexts_by_edition(context):
            if not tag:
                yield from self.plan(own)
            elif self.by_language:
                yield from (replace(target, path=f"{tag}/{target.path}") for target in self.plan(own))


def contexts_by_edition(context: RenderContext) -> Iterator[tuple[str, RenderContext]]:
    """Give the context of each edition, that of the site first, with the edition's name."""
    yield "", context
    for tag, queries in context.queries.editions.items():
        yield tag, replace(context, config=queries.config, queries=queries)


def page_bytes(html: str) -> bytes:
    """Encode a rendered page: UTF-8, one newline at the end, no character that cannot be encoded."""
    if html[-1:] != "\n" or html[-2:-1].isspace():  # most templates end like this already: save two copies
        html = html.rstrip() + "\n"
    return html.encode("utf-8", "replace")
