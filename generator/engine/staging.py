"""Hold rendered pages until all of them are known to be good: a build with a failing template must change no file."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from msgspec import Struct

from generator.errors import OutputError, error

FOLDER = "rendered"


class StagedFile(Struct, frozen=True):
    """A rendered page in a file of ours, to be moved to its place."""

    file: Path


class Unchanged(Struct, frozen=True):
    """A rendered page whose file in the output has the same bytes already."""


UNCHANGED = Unchanged()
Content = bytes | Path | StagedFile | Unchanged
"""What becomes an output: its bytes, a file to copy, a file to move, or nothing new."""


class Staging:
    """A folder beside the state, which exists only within a `with` block.

    Files, not memory: the pages of a large site take gigabytes. A file is moved to its place without another copy.
    """

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER
        self._count = 0

    def __enter__(self) -> Self:
        self._remove()  # a killed build may have left some
        try:
            self._folder.mkdir(parents=True)
        except OSError as reason:
            raise _unusable(self._folder, reason) from reason
        return self

    def __exit__(self, *_: object) -> None:
        self._remove()

    def add(self, content: bytes) -> StagedFile:
        """Keep the bytes of one page. Raises: OutputError if the disk is full."""
        self._count += 1
        file = self._folder / str(self._count)
        try:
            file.write_bytes(content)
        except OSError as reason:
            raise _unusable(file, reason) from reason
        return StagedFile(file)

    def _remove(self) -> None:
        import shutil  # a build with nothing to do holds no page

        shutil.rmtree(self._folder, ignore_errors=True)


def _unusable(place: Path, reason: OSError) -> OutputError:
    message = f"{place} cannot be written: {reason.strerror or reason}."
    hint = "Free some disk space, or give this account permission to write there."
    if isinstance(reason, FileExistsError):
        hint = "Delete it: Openletter needs a folder of that name while it builds."
    return OutputError(error("", "state-unusable", message, hint))
