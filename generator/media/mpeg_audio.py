"""MP3 and AAC streams: remove every tag before, between and after the frames of sound."""

from __future__ import annotations

from generator.media.edits import ByteSource, Edit, Findings, UnreadableMediaError
from generator.media.id3 import find_edges, size_at

_RATES = {
    # (is MPEG 1, layer) → kbit/s by index
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ = (44_100, 48_000, 32_000)
_AAC_HERTZ = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_SEARCHED_BYTES = 1 << 16


def find_edits(source: ByteSource) -> Findings:
    """Find everything that is not a frame of sound, including tags in the middle of joined files.

    Raises: UnreadableMediaError if the file has no two frames in a row. Source: ISO/IEC 11172-3, 2.4.1.
    """
    first, last = find_edges(source)
    edits = [Edit(0, first, b""), Edit(last, source.size, b"")]
    at, frames = first, 0
    while at < last:
        size = frame_bytes(source.peek(at, 7))
        if size:
            frames += 1
            at += size
            continue
        following = _next_frame(source, at, last)
        edits.append(Edit(at, following, b""))
        at = following
    if frames < 2:
        raise UnreadableMediaError("it holds no sound that can be read")
    return Findings(tuple(edit for edit in edits if edit.start < edit.end))


def _next_frame(source: ByteSource, at: int, last: int) -> int:
    """Find the next place where two frames follow each other; the end if there is none."""
    at += max(size_at(source, at), 0)
    while at < last:
        block = source.peek(at, min(_SEARCHED_BYTES, last - at))
        for place, byte in enumerate(block):
            if byte != 0xFF:
                continue
            size = frame_bytes(source.peek(at + place, 7))
            if size and (at + place + size >= last or frame_bytes(source.peek(at + place + size, 7))):
                return at + place
        at += len(block)
    return last


def frame_bytes(head: bytes) -> int:
    """Measure the frame that begins with these bytes; 0 if they begin none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    if is_aac(head):
        return _adts_bytes(head)
    version, layer, rate, hertz = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3), head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 4 or rate in (0, 15) or hertz == 3:
        return 0
    bits = _RATES[version == 3, layer][rate] * 1000
    samples_hz = _HERTZ[hertz] >> (0 if version == 3 else 1 if version == 2 else 2)
    padding = head[2] >> 1 & 1
    if layer == 1:
        return (12 * bits // samples_hz + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bits // samples_hz + padding


def is_aac(head: bytes) -> bool:
    """Return True if these bytes begin a frame of AAC."""
    return len(head) >= 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0


def frame_seconds(head: bytes) -> float:
    """Return how long the frame that begins with these bytes lasts; `frame_bytes` must know it."""
    if is_aac(head):
        return 1024 * ((head[6] & 3) + 1) / _AAC_HERTZ[head[2] >> 2 & 15]
    version, layer, hertz = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3), head[2] >> 2 & 3
    samples = 384 if layer == 1 else 576 if layer == 3 and version != 3 else 1152
    return samples / (_HERTZ[hertz] >> (0 if version == 3 else 1 if version == 2 else 2))


def _adts_bytes(head: bytes) -> int:
    """Measure a frame of AAC. Source: ISO/IEC 13818-7, 6.2."""
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5 if len(head) >= 7 else 0
    return size if size >= 7 and head[2] >> 2 & 15 < 13 else 0
