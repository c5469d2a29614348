"""Windows icons and cursors: remove the metadata of the PNG pictures inside; the others have none."""

from __future__ import annotations

import struct

from generator.images import png
from generator.images.picture import DamagedError, Stripped

MAGICS = (b"\0\0\1\0", b"\0\0\2\0")
_MAX_PICTURES = 64


def strip(data: bytes) -> Stripped:
    """Clean every picture of an icon; remove everything after the last one.

    Raises: DamagedError.
    """
    count = int.from_bytes(data[4:6], "little")
    if not 0 < count <= _MAX_PICTURES or len(data) < 6 + 16 * count:
        raise DamagedError("its header is damaged")
    entries = [struct.unpack_from("<8sII", data, 6 + 16 * index) for index in range(count)]
    if any(start + size > len(data) for _, size, start in entries):
        raise DamagedError("the file is cut off")
    pictures = [data[start : start + size] for _, size, start in entries]
    cleaned = [png.strip(each).data if each.startswith(png.MAGIC) else each for each in pictures]
    widths, heights = ([entry[0][side] or 256 for entry in entries] for side in (0, 1))
    if cleaned != pictures or any(start + size < len(data) for _, size, start in entries[-1:]):
        data = _join(data[:4], [entry[0] for entry in entries], cleaned)
    return Stripped(data, max(widths), max(heights))


def _join(magic: bytes, heads: list[bytes], pictures: list[bytes]) -> bytes:
    start = 6 + 16 * len(heads)
    directory = magic + len(heads).to_bytes(2, "little")
    for head, picture in zip(heads, pictures, strict=True):
        directory += struct.pack("<8sII", head, len(picture), start)
        start += len(picture)
    return directory + b"".join(pictures)
