"""What a build may be asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct


class BuildOptions(Struct, frozen=True):
    """How to build: by default everything public, as of now, into `output/` of the site's folder.

    `drafts`, `future` and `at` make a preview: marked as one, and never written over a public build. `at` without a
    zone is in the site's. `jobs` bounds the processes; None chooses by the work and the machine. `state` is where
    the state lies, None for its place in the site's folder.

    `live` is for an editor who looks on: a preview whose theme's files have plain names, so that a change of style
    changes no page, and in which what fails stays as it was last good, with its problem.
    """

    output: Path | None = None
    drafts: bool = False
    future: bool = False
    at: datetime | None = None
    jobs: int | None = None
    state: Path | None = None
    live: bool = False

    @property
    def preview(self) -> bool:
        """Whether the build shows anything but what is public now."""
        return self.drafts or self.future or self.live or self.at is not None
