"""WebP: remove chunks of metadata and keep those of the picture."""

from __future__ import annotations

from collections.abc import Iterator

from generator.images.exif import orientation
from generator.images.picture import DamagedError, Stripped

_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"})
_IN_FRAME = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def is_webp(data: bytes) -> bool:
    """Return True if the head is that of a WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def is_lossless(data: bytes) -> bool:
    """Return True if a still WebP is lossless."""
    return any(name == b"VP8L" for name, _ in _chunks(data, 12))


def strip(data: bytes) -> Stripped:
    """Remove EXIF, XMP and unknown chunks; keep the colour profile and all frames.

    Raises: DamagedError. Source: RFC 9649, 2.
    """
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise DamagedError("the file is cut off")
    kept: list[bytes] = []
    size: tuple[int, int] | None = None
    turn, is_animated = 1, False
    for name, body in _chunks(data[:end], 12):
        size = size or _size(name, body)
        if name == b"EXIF":
            turn = orientation(body)
        if name in _KEPT:
            kept.append(_chunk(name, _kept_body(name, body)))
        is_animated |= name == b"ANMF"
    if not size or not all(size):
        raise DamagedError("its size is missing")
    content = b"WEBP" + b"".join(kept)
    head = b"RIFF" + len(content).to_bytes(4, "little")
    return Stripped(head + content, *size, orientation=turn, is_animated=is_animated)


def _kept_body(name: bytes, body: bytes) -> bytes:
    if name == b"VP8X":
        return bytes([body[0] & ~(_EXIF_FLAG | _XMP_FLAG)]) + body[1:]
    if name == b"ANMF":
        return body[:16] + b"".join(_chunk(*part) for part in _chunks(body, 16) if part[0] in _IN_FRAME)
    return body


def _size(name: bytes, body: bytes) -> tuple[int, int] | None:
    if name == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8L" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and len(body) >= 10:
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    if name in (b"VP8X", b"VP8L", b"VP8 "):
        raise DamagedError("its header is damaged")
    return None


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) & 1)


def _chunks(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > len(data):
            raise DamagedError("the file is cut off")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + (size & 1)
