"""Rows of the state: sources and outputs."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import msgspec

from generator.stamps import Stamp


class BrokenStateError(Exception):
    """The stored bytes cannot be what we wrote: delete the state and build from nothing."""


class SourceRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A source as last read: its stamp, the digest of its bytes, the digest of the settings that apply.

    The stamp is NEVER if the file was so new when it was read that it may have changed since.
    """

    path: str
    mtime: int
    size: int
    digest: str
    settings_digest: str
    ctime: int = 0
    place: str = ""

    @property
    def stamp(self) -> Stamp:
        """The stamp of the file when it was read."""
        return self.mtime, self.size, self.ctime, self.place


class WrittenFile(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What `TargetRow` knows of an output's file and its problems: enough to see if the file has changed."""

    path: str
    digest: str
    mtime: int
    size: int
    ctime: int
    place: str
    problems: bytes

    @property
    def stamp(self) -> Stamp:
        """The stamp of the file as it was written."""
        return self.mtime, self.size, self.ctime, self.place


class TargetRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An output of the last build. `digest` is "" if it failed or was only planned.

    `args` and `problems` are JSON; `reads` holds the numbers of the keys it read, packed; the stamp is that of the file
    as it was written.
    """

    path: str
    kind: str
    args: bytes
    digest: str
    mtime: int
    size: int
    reads: bytes
    problems: bytes
    ctime: int = 0
    place: str = ""

    @property
    def stamp(self) -> Stamp:
        """The stamp of the file as it was written."""
        return self.mtime, self.size, self.ctime, self.place


def pack(numbers: Iterable[int]) -> bytes:
    """Pack key numbers, four bytes each."""
    return array("I", numbers).tobytes()


def find_packed(number: bytes, data: bytes) -> int:
    """Return the place of a packed number among packed numbers, -1 if it is not there: faster than to unpack them."""
    at = data.find(number)
    while at > 0 and at % len(number):
        at = data.find(number, at + 1)
    return at


def unpack(data: bytes) -> array[int]:
    """Unpack key numbers. Raises: BrokenStateError."""
    numbers = array("I")
    try:
        numbers.frombytes(data)
    except ValueError as reason:
        raise BrokenStateError(str(reason)) from reason
    return numbers
