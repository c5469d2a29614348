"""Hold rendered pages until all of them are known to be good: a build with a failing template must change no file."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from msgspec import Struct

from generator.errors import OutputError, error

FOLDER = "rendered"
MEMORY = 32_000_000
"""How many bytes of pages are held in memory: all of a site of 1,000 posts."""


class StagedFile(Struct, frozen=True):
    """A rendered page in a file of ours, to be moved to its place."""

    file: Path


class Unchanged(Struct, frozen=True):
    """A rendered page whose file in the output has the same bytes already."""


UNCHANGED = Unchanged()
Content = bytes | Path | StagedFile | Unchanged
"""What becomes an output: its bytes, a file to copy, a file to move, or nothing new."""


class Staging:
    """Pages in memory, up to a bound, and those after them in a folder beside the state, within a `with` block.

    The pages of a large site take gigabytes. A file is moved to its place without another copy.
    """

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER
        self._left = MEMORY
        self._count = 0

    def __enter__(self) -> Self:
        self._remove()  # a killed build may have left some
        return self

    def __exit__(self, *_: object) -> None:
        self._remove()

    def add(self, content: bytes) -> bytes | StagedFile:
        """Keep the bytes of one page. Raises: OutputError if the disk is full."""
        if len(content) <= self._left:
            self._left -= len(content)
            return content
        place = self._folder
        try:
            if not self._count:
                place.mkdir(parents=True)
            self._count += 1
            place /= str(self._count)
            place.write_bytes(content)
        except OSError as reason:
            raise _unusable(place, reason) from reason
        return StagedFile(place)

    def _remove(self) -> None:
        if self._folder.exists():
            import shutil  # most builds keep their pages in memory

            shutil.rmtree(self._folder, ignore_errors=True)


def _unusable(place: Path, reason: OSError) -> OutputError:
    message = f"{place} cannot be written: {reason.strerror or reason}."
    hint = "Free some disk space, or give this account permission to write there."
    if isinstance(reason, FileExistsError):
        hint = "Delete it: Openletter needs a folder of that name while it builds."
    return OutputError(error("", "state-unusable", message, hint))
