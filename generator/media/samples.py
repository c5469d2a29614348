"""Read the sample tables of ISO media files: where in the file the data of a track is."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from generator.media.boxes import Box, find_box
from generator.media.edits import ByteSource, UnreadableMediaError

MAX_SAMPLES = 2_000_000


def sample_ranges(source: ByteSource, table: Box) -> Iterator[tuple[int, int]]:
    """Walk the samples of a track by its `stbl` box: (first byte, byte after the last), within the file.

    Raises: UnreadableMediaError. Source: ISO/IEC 14496-12, 8.7.
    """
    try:
        sizes = iter(_sizes(source, table))
        offsets, runs = _offsets(source, table), _runs(source, table)
        run = -1
        for number, offset in enumerate(offsets, 1):
            while run + 1 < len(runs) and runs[run + 1][0] <= number:
                run += 1
            at = offset
            for _ in range(runs[run][1] if run >= 0 else 0):
                size = next(sizes, None)
                if size is None:
                    return
                yield min(at, source.size), min(at + size, source.size)
                at += size
    except struct.error:
        raise UnreadableMediaError("its tables are damaged") from None


def _content(source: ByteSource, table: Box, *names: bytes) -> tuple[bytes, bytes]:
    for name in names:
        box = find_box(source, table, name)
        if box is not None:
            return name, source.read(box.start, box.end - box.start)
    return b"", b""


def _checked(count: int) -> int:
    if count > MAX_SAMPLES:
        raise UnreadableMediaError("it has too many or too large parts")
    return count


def _sizes(source: ByteSource, table: Box) -> Iterator[int]:
    name, data = _content(source, table, b"stsz", b"stz2")
    if not name:
        return
    fixed, count = struct.unpack_from(">II", data, 4)
    _checked(count)
    if name == b"stsz":
        yield from (fixed for _ in range(count)) if fixed else struct.unpack_from(f">{count}I", data, 12)
    elif fixed & 255 == 4:
        for index in range(count):
            yield data[12 + index // 2] >> (0 if index % 2 else 4) & 15
    else:
        yield from struct.unpack_from(f">{count}{'H' if fixed & 255 == 16 else 'B'}", data, 12)


def _offsets(source: ByteSource, table: Box) -> tuple[int, ...]:
    name, data = _content(source, table, b"stco", b"co64")
    if not name:
        return ()
    count = _checked(struct.unpack_from(">I", data, 4)[0])
    return struct.unpack_from(f">{count}{'I' if name == b'stco' else 'Q'}", data, 8)


def _runs(source: ByteSource, table: Box) -> list[tuple[int, int]]:
    """Read how many samples each chunk holds: (number of the first chunk, samples in each from there)."""
    name, data = _content(source, table, b"stsc")
    count = _checked(struct.unpack_from(">I", data, 4)[0]) if name else 0
    numbers = struct.unpack_from(f">{3 * count}I", data, 8) if count else ()
    return list(zip(numbers[::3], numbers[1::3], strict=True))
