"""A request for one build, frozen: everything that the stages may know about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.engine.inputs import Inputs
from generator.engine.options import BuildOptions
from generator.model import Target

if TYPE_CHECKING:
    from generator.content.rescan import Rescan

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much of it is done, and its size."""
Choose = Callable[[Mapping[str, Target]], str | None]
"""Chooses the output to render next among those left, by path; None leaves the others to the next build.

`ANY` stands for whichever is done first: then other processes may help.

Called before each page, when all chosen before it have been written, and once when none is left. Whatever is not among
those left is up to date.
"""
ANY = ""


class BuildRequest(Struct, frozen=True):
    """A build of the site in `root`.

    `suspects` are the sources that may have changed since the last build of the same engine: nothing else has, outputs
    included. None: look at all sources and outputs. `choose` is for a live preview alone.
    """

    root: Path
    options: BuildOptions
    inputs: Inputs
    progress: Progress
    suspects: Rescan | None = None
    choose: Choose | None = None


def report_to_nobody(_stage: str, _done: int, _total: int) -> None:
    """Ignore progress."""
