"""What a kind of output is: a plan of its targets, and a way from a target to bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from generator.model import Target
from generator.render.tracked import Site
from generator.render.world import World

Planner = Callable[[World], Iterable[Target]]
Render = Callable[[Target, Site], bytes | Path]


class Kind(Struct, frozen=True):
    """A kind of output. `names` are those its targets carry.

    `render` gives a target's bytes, or the file on disk that holds them, and reads everything through its site.
    """

    names: tuple[str, ...]
    plan: Planner
    render: Render


def page_bytes(html: str) -> bytes:
    """Encode a rendered page: UTF-8, one newline at the end, no character that cannot be encoded."""
    if html[-1:] != "\n" or html[-2:-1].isspace():  # most templates end as they should: spare two copies
        html = html.rstrip() + "\n"
    return html.encode("utf-8", "replace")
