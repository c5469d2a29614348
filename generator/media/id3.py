"""Find tags before and after a stream of sound: ID3 in both versions, APE, Lyrics3."""

from __future__ import annotations

from generator.media.edits import ByteSource

_ID3V1_BYTES, _ENHANCED_BYTES = 128, 227
_APE_BYTES = 32
_MAX_TAGS = 100


def find_edges(source: ByteSource) -> tuple[int, int]:
    """Find where the stream itself begins and ends.

    Raises: UnreadableMediaError. Source: id3.org, ID3v2.4.0, 3; APEv2; Lyrics3 v2.00.
    """
    first, last = 0, source.size
    for _ in range(_MAX_TAGS):
        size = size_at(source, first)
        if not size:
            break
        first = min(first + size, last)
    for _ in range(_MAX_TAGS):
        size = _size_before(source, first, last)
        if not size:
            break
        last = max(last - size, first)
    return first, last


def size_at(source: ByteSource, at: int) -> int:
    """Measure the tag that begins at a place, in bytes; 0 if there is none."""
    head = source.peek(at, _APE_BYTES)
    if head[:3] == b"ID3" and len(head) >= 10 and head[3] != 0xFF and all(byte < 0x80 for byte in head[6:10]):
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        return 10 + size + (10 if head[5] & 0x10 else 0)
    if head[:8] == b"APETAGEX" and len(head) == _APE_BYTES:
        return _APE_BYTES + int.from_bytes(head[12:16], "little")
    return 0


def _size_before(source: ByteSource, first: int, last: int) -> int:
    """Measure the tag that ends at a place, in bytes; 0 if there is none."""

    def tail(size: int) -> bytes:
        return source.peek(last - size, size) if last - size >= first else b""

    if tail(_ID3V1_BYTES).startswith(b"TAG"):
        return _ID3V1_BYTES
    if tail(_ENHANCED_BYTES).startswith(b"TAG+"):
        return _ENHANCED_BYTES
    footer = tail(_APE_BYTES)
    if footer.startswith(b"APETAGEX"):
        has_header = bool(footer[23] & 0x80)
        return int.from_bytes(footer[12:16], "little") + (_APE_BYTES if has_header else 0)
    footer = tail(10)
    if footer.startswith(b"3DI") and all(byte < 0x80 for byte in footer[6:10]):
        return 20 + (footer[6] << 21 | footer[7] << 14 | footer[8] << 7 | footer[9])
    footer = tail(15)
    if footer.endswith(b"LYRICS200") and footer[:6].isdigit():
        return 15 + int(footer[:6])
    return 0
