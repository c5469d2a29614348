"""PNG and APNG: remove chunks that are not needed to show the picture, and keep all others."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from generator.images.exif import orientation
from generator.images.picture import DamagedError, Stripped

MAGIC = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD hIST pHYs cICP mDCV cLLI acTL fcTL fdAT".split()
)
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
# Adam7: first column, first row, step across, step down.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_BLOCK_BYTES = 1 << 20


def strip(data: bytes) -> Stripped:
    """Remove texts, times, EXIF, every chunk that this list does not name, and everything after the end.

    Raises: DamagedError. Source: PNG (third edition), 5 and 11.
    """
    kept = [MAGIC]
    names: set[bytes] = set()
    turn, header = 1, b""
    for name, body, whole in _chunks(data):
        if (name == b"IHDR") == bool(names):
            raise DamagedError("its header is damaged")
        if name == b"IHDR":
            header = body
        elif name == b"eXIf":
            turn = orientation(body)
        if name in _KEPT:
            kept.append(whole)
        names.add(name)
    if len(header) != 13 or header[9] not in _CHANNELS or header[8] not in _DEPTHS[header[9]]:
        raise DamagedError("its header is damaged")
    width, height = (int.from_bytes(header[at : at + 4], "big") for at in (0, 4))
    if not (width and height and b"IDAT" in names):
        raise DamagedError("it is empty")
    is_deep = header[8] == 16 and header[9] != 0
    return Stripped(b"".join(kept), width, height, turn, b"acTL" in names, is_deep)


def verify(data: bytes) -> None:
    """Unpack the picture's data piece by piece without keeping it: check that it is whole and has the size in the head.

    Raises: DamagedError.
    """
    unpacker = zlib.decompressobj()
    size = expected = 0
    for name, body, _ in _chunks(data):
        if name == b"IHDR":
            expected = _expected_bytes(body)
        if name != b"IDAT":
            continue
        waiting = body
        try:
            while waiting and not unpacker.eof and size <= expected:
                size += len(unpacker.decompress(waiting, _BLOCK_BYTES))
                waiting = unpacker.unconsumed_tail
        except zlib.error:
            raise DamagedError("its data is damaged") from None
    size += len(unpacker.flush()) if size < expected else 0  # a few kilobytes at most: no input is left
    if size < expected:
        raise DamagedError("its data is cut off")


def _expected_bytes(header: bytes) -> int:
    width, height = (int.from_bytes(header[at : at + 4], "big") for at in (0, 4))
    bits = header[8] * _CHANNELS[header[9]]
    passes = _PASSES if header[12] else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in passes:
        columns, rows = max(0, -((left - width) // across)), max(0, -((top - height) // down))
        total += rows * (1 + (columns * bits + 7) // 8) if columns else 0
    return total


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Walk the chunks: (name, body, all bytes of it), the last one is IEND."""
    at = len(MAGIC)
    while True:
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            raise DamagedError("the file is cut off")
        name, body = data[at + 4 : at + 8], data[at + 8 : end - 4]
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise DamagedError("it is damaged in the middle")
        yield name, body, data[at:end]
        if name == b"IEND":
            return
        at = end
