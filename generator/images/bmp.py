"""Windows bitmaps: read their size. They have no metadata."""

from __future__ import annotations

from generator.images.picture import DamagedError, Stripped

MAGIC = b"BM"


def strip(data: bytes) -> Stripped:
    """Read a bitmap's size; remove everything after its stated end.

    Raises: DamagedError.
    """
    end, head = (int.from_bytes(data[at : at + 4], "little") for at in (2, 14))
    if head == 12:
        width, height = (int.from_bytes(data[at : at + 2], "little") for at in (18, 20))
    else:
        width, height = (abs(int.from_bytes(data[at : at + 4], "little", signed=True)) for at in (18, 22))
    if not (width and height and end >= 26):
        raise DamagedError("its header is damaged")
    if end > len(data):
        raise DamagedError("the file is cut off")
    return Stripped(data[:end], width, height)
