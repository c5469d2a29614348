"""Find the boxes of ISO media files (MP4, MOV, M4A)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from generator.media.edits import ByteSource, UnreadableMediaError


class Box(Struct, frozen=True):
    """A box: its four-character type, where it begins, where its content begins and ends."""

    name: bytes
    at: int
    start: int
    end: int


def iter_boxes(source: ByteSource, start: int, end: int) -> Iterator[Box]:
    """Walk the boxes between two places of a file, without those inside them.

    Raises: UnreadableMediaError if one is larger than what holds it. Source: ISO/IEC 14496-12, 4.2.
    """
    at = start
    while at + 8 <= end:
        head = source.read(at, 8)
        size, begin = int.from_bytes(head[:4], "big"), at + 8
        if size == 1:
            size, begin = int.from_bytes(source.read(at + 8, 8), "big"), at + 16
        elif size == 0:
            size = end - at
        if size < begin - at or at + size > end:
            raise UnreadableMediaError("it is cut off, or its parts contradict each other")
        yield Box(head[4:], at, begin, at + size)
        at += size


def find_box(source: ByteSource, parent: Box, *names: bytes) -> Box | None:
    """Find a box by the names that lead to it: the first of each name.

    Raises: UnreadableMediaError.
    """
    for name in names:
        found = next((box for box in iter_boxes(source, parent.start, parent.end) if box.name == name), None)
        if found is None:
            return None
        parent = found
    return parent
