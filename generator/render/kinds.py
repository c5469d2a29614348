"""What a kind of output is: a plan of its targets, and a way from a target to bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.model import Target
from generator.render.tracked import Site
from generator.render.world import World

Plan = Callable[[World], Iterable[Target]]
Render = Callable[[Target, Site], bytes]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of output. `names` are those its targets carry; `listed` says that its pages belong in the sitemap."""

    names: tuple[str, ...]
    plan: Plan
    render: Render
    listed: bool = False


@dataclass(frozen=True, slots=True)
class FileCopy:
    """A target that is a file as it lies on disk: its bytes are copied, not rendered."""

    target: Target
    file: Path
    digest: str


def page_bytes(html: str) -> bytes:
    """Encode a rendered page: UTF-8, one newline at the end, no character that cannot be encoded."""
    return (html.rstrip() + "\n").encode("utf-8", "replace")
