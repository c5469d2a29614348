"""GIF: remove comments and applications' data; keep frames, times, disposal and loops."""

from __future__ import annotations

from generator.images.picture import MAX_PIXELS, DamagedError, Stripped

MAGICS = (b"GIF87a", b"GIF89a")
_EXTENSION, _FRAME, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
_CUT = "the file is cut off"


def strip(data: bytes) -> Stripped:
    """Remove comments, texts, XMP, other applications' blocks, and everything after the end.

    Loops (NETSCAPE2.0) and the colour profile (ICCRGBG1012) stay.

    Raises: DamagedError. Source: GIF89a specification, 18 to 27.
    """
    width, height = (int.from_bytes(data[at : at + 2], "little") for at in (6, 8))
    at = _after_palette(data, 10, 13)
    kept = [data[:at]]
    frames = 0
    while (kind := _byte(data, at)) != _TRAILER:
        if kind == _EXTENSION:
            label = _byte(data, at + 1)
            end = _after_blocks(data, at + 2)
            is_kept = label == _CONTROL or (label == _APPLICATION and data[at + 3 : at + 14] in _APPLICATIONS)
            kept.append(data[at:end] if is_kept else b"")
        elif kind == _FRAME:
            _check_frame(data, at)
            end = _after_blocks(data, _after_palette(data, at + 9, at + 10) + 1)
            kept.append(data[at:end])
            frames += 1
        else:
            raise DamagedError("it is damaged in the middle")
        at = end
    if not (frames and width and height):
        raise DamagedError("it is empty")
    return Stripped(b"".join([*kept, b";"]), width, height, is_animated=frames > 1)


def _check_frame(data: bytes, at: int) -> None:
    width, height = (int.from_bytes(data[place : place + 2], "little") for place in (at + 5, at + 7))
    if width * height > MAX_PIXELS:
        raise DamagedError("one of its frames is too large")


def _after_palette(data: bytes, flags_at: int, at: int) -> int:
    flags = _byte(data, flags_at)
    return at + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)


def _after_blocks(data: bytes, at: int) -> int:
    while size := _byte(data, at):
        at += size + 1
    return at + 1


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise DamagedError(_CUT)
    return data[at]
