"""A request for one build, frozen: everything that the stages may know about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from generator.content.site_files import ContentFile
from generator.engine.inputs import Inputs
from generator.engine.options import BuildOptions

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much of it is done, and its size."""


class BuildRequest(Struct, frozen=True):
    """A build of the site in `root`.

    `suspects` are the sources that may have changed since the last build of the same engine: nothing else has, outputs
    included. None: look at all sources and outputs. The outputs `first` names are rendered before all others.
    """

    root: Path
    options: BuildOptions
    inputs: Inputs
    progress: Progress
    suspects: tuple[ContentFile, ...] | None = None
    first: frozenset[str] = frozenset()


def report_to_nobody(_stage: str, _done: int, _total: int) -> None:
    """Ignore progress."""
