"""Read a large file in parts, and copy it with some of its bytes replaced."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

MAX_PART_BYTES = 64_000_000
MAX_READS = 5_000_000
_BLOCK_BYTES = 1 << 20


class UnreadableMediaError(Exception):
    """The bytes are not a whole film, sound file or document; the message is half a sentence with the reason."""


class Edit(Struct, frozen=True, order=True):
    """A replacement of the bytes from `start` to `end`; `data` of None overwrites them with zeros."""

    start: int
    end: int
    data: bytes | None = None


class Findings(Struct, frozen=True):
    """The metadata of a file: `edits` remove what can be removed, `left` names the rest."""

    edits: tuple[Edit, ...] = ()
    left: tuple[str, ...] = ()


def effective(source: ByteSource, edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits that change a byte: a file that was cleaned before has none.

    Raises: UnreadableMediaError.
    """
    return [edit for edit in edits if not _is_done(source, edit)]


def _is_done(source: ByteSource, edit: Edit) -> bool:
    if edit.data is not None:
        return len(edit.data) == edit.end - edit.start and source.peek(edit.start, len(edit.data)) == edit.data
    for at in range(edit.start, edit.end, _BLOCK_BYTES):
        if any(source.peek(at, min(_BLOCK_BYTES, edit.end - at))):
            return False
    return True


class ByteSource:
    """Random access to an open file; only the requested parts are in memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._reads = 0
        self.size = stream.seek(0, os.SEEK_END)

    def read(self, at: int, size: int) -> bytes:
        """Read exactly `size` bytes.

        Raises: UnreadableMediaError if the file ends too early, or has too many or too large parts.
        """
        data = self.peek(at, size)
        if len(data) != size:
            raise UnreadableMediaError("it is cut off")
        return data

    def tail(self, size: int) -> bytes:
        """Read the last bytes of the file, or the whole file if it is shorter."""
        return self.peek(max(0, self.size - size), size)

    def peek(self, at: int, size: int) -> bytes:
        """Read up to `size` bytes; fewer at the end of the file.

        Raises: UnreadableMediaError as `read` does.
        """
        self._reads += 1
        if self._reads > MAX_READS or not 0 <= size <= MAX_PART_BYTES:
            raise UnreadableMediaError("it has too many or too large parts")
        self._stream.seek(at)
        return self._stream.read(size)


def write_edited(source: Path, target: Path, edits: Iterable[Edit]) -> None:
    """Copy a file with its edits applied, in blocks of 1 MB. Where edits overlap, the first one counts.

    Raises: OSError.
    """
    with source.open("rb") as old, target.open("wb") as new:
        at = 0
        for edit in sorted(edits, key=lambda each: (each.start, each.end)):
            if edit.end <= at:
                continue
            _copy(old, new, at, edit.start)
            if edit.data is None:
                _fill(new, edit.end - max(at, edit.start))
            else:
                new.write(edit.data)
            at = edit.end
        _copy(old, new, at, None)


def _copy(old: BinaryIO, new: BinaryIO, start: int, end: int | None) -> None:
    old.seek(start)
    while end is None or start < end:
        block = old.read(_BLOCK_BYTES if end is None else min(_BLOCK_BYTES, end - start))
        if not block:
            return
        new.write(block)
        start += len(block)


def _fill(new: BinaryIO, size: int) -> None:
    while size > 0:
        size -= new.write(bytes(min(_BLOCK_BYTES, size)))
