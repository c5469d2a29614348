"""Measure MP3, AAC, WAV and FLAC."""

from __future__ import annotations

from generator.media.edits import ByteSource, UnreadableMediaError
from generator.media.flac import MAGIC
from generator.media.id3 import find_edges
from generator.media.measures import Measures
from generator.media.mpeg_audio import frame_bytes, frame_seconds, is_aac


def measure_frames(source: ByteSource) -> Measures:
    """Measure MP3 and AAC by adding up all frames, because their heads may lie about joined or cut files."""
    at, last = find_edges(source)
    seconds, head = 0.0, source.peek(at, 7)
    aac = is_aac(head)
    while at < last and (size := frame_bytes(head)):
        seconds += frame_seconds(head)
        at += size
        head = source.peek(at, 7)
    if not seconds:
        raise UnreadableMediaError("it holds no sound that can be read")
    return Measures(seconds, type="audio/aac" if aac else "")


def measure_wave(source: ByteSource) -> Measures:
    """Measure WAV by its `fmt ` and `data` chunks. Source: Multimedia Programming Interface 1.0, 3."""
    if source.peek(8, 4) != b"WAVE":
        raise UnreadableMediaError("no browser plays it")
    at, per_second = 12, 0
    while at + 8 <= source.size:
        name, size = source.read(at, 4), int.from_bytes(source.read(at + 4, 4), "little")
        if name == b"fmt ":
            per_second = int.from_bytes(source.read(at + 16, 4), "little")
        elif name == b"data":
            return Measures(min(size, source.size - at - 8) / per_second if per_second else 0)
        at += 8 + size + (size & 1)
    raise UnreadableMediaError("it holds no sound that can be read")


def measure_flac(source: ByteSource) -> Measures:
    """Measure FLAC by its first block. Source: RFC 9639, 8.2."""
    first, _ = find_edges(source)
    if source.peek(first, 4) != MAGIC:
        raise UnreadableMediaError("it does not begin like a FLAC file")
    packed = int.from_bytes(source.read(first + 18, 8), "big")
    hertz, samples = packed >> 44, packed & (1 << 36) - 1
    return Measures(samples / hertz if hertz else 0)
