"""Rows of the state: what is known of a source, and of an output."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import msgspec


class BrokenStateError(Exception):
    """What is stored cannot be what was stored: the state is to be thrown away, and everything built anew."""


class SourceRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A source as it was last read: its stamp, the digest of its bytes, the digest of the settings that apply.

    A stamp of (0, 0) is never believed: the file was younger than two seconds when it was read.
    """

    path: str
    mtime: int
    size: int
    digest: str
    settings_digest: str


class TargetRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An output of the last build. `digest` is "" where it failed, or was only planned.

    `args` and `problems` are JSON; `reads` holds the numbers of the keys it read, packed; (mtime, size) is the stamp
    of the file as it was written.
    """

    path: str
    kind: str
    args: bytes
    digest: str
    mtime: int
    size: int
    reads: bytes
    problems: bytes


def pack(numbers: Iterable[int]) -> bytes:
    """Pack key numbers, four bytes each."""
    return array("I", numbers).tobytes()


def unpack(data: bytes) -> array[int]:
    """Unpack key numbers. Raises: BrokenStateError."""
    numbers = array("I")
    try:
        numbers.frombytes(data)
    except ValueError as reason:
        raise BrokenStateError(str(reason)) from reason
    return numbers
