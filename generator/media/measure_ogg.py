"""Measure Ogg: the last page of a stream says where it ends. Source: RFC 3533, 6; RFC 7845, 4; Vorbis I, 4.2.2."""

from __future__ import annotations

import struct
from collections.abc import Callable

from msgspec import Struct

from generator.media.edits import ByteSource, UnreadableMediaError
from generator.media.measures import Measures
from generator.media.ogg import FIRST, Page, pages

_NO_PACKET_ENDS = -1
_OPUS_HERTZ = 48_000


class _Stream(Struct):
    """A stream: how its positions become seconds, the size of its pictures, and its last position."""

    seconds: Callable[[int], float]
    width: int = 0
    height: int = 0
    has_pictures: bool = False
    end: int = 0


def measure(source: ByteSource) -> Measures:
    """Measure a file by the heads of its streams and the positions of its pages."""
    streams: dict[int, _Stream] = {}
    for page in pages(source):
        if page.flags & FIRST and (stream := _read_head(source, page)):
            streams[page.serial] = stream
        position = int.from_bytes(source.read(page.at + 6, 8), "little", signed=True)
        if position != _NO_PACKET_ENDS and page.serial in streams:
            streams[page.serial].end = max(position, streams[page.serial].end)
    if not streams:
        raise UnreadableMediaError("it holds no stream that can be read")
    film = next((stream for stream in streams.values() if stream.has_pictures), None)
    seconds = max(stream.seconds(stream.end) for stream in streams.values())
    return Measures(seconds, film.width, film.height, True) if film else Measures(seconds)


def _read_head(source: ByteSource, page: Page) -> _Stream | None:
    """Read the first packet of a stream; None for one of an unknown kind."""
    start = page.at + 27 + len(page.lacing)
    head = source.read(start, page.end - start)
    if head.startswith(b"OpusHead"):
        skipped = int.from_bytes(head[10:12], "little")
        return _Stream(lambda position: (position - skipped) / _OPUS_HERTZ)
    if head.startswith(b"\x01vorbis"):
        return _Stream(_per_second(int.from_bytes(head[12:16], "little")))
    if head.startswith(b"\x7fFLAC"):
        return _Stream(_per_second(int.from_bytes(head[27:30], "big") >> 4))
    if head.startswith(b"Speex   "):
        return _Stream(_per_second(int.from_bytes(head[36:40], "little")))
    if head.startswith(b"\x80theora") and len(head) >= 42:
        return _theora(head)
    return None


def _per_second(hertz: int) -> Callable[[int], float]:
    return lambda position: position / hertz if hertz else 0


def _theora(head: bytes) -> _Stream:
    """Read a film's head; its positions hold the last key frame and what follows it. Source: Theora, 6.2."""
    width, height = int.from_bytes(head[14:17], "big"), int.from_bytes(head[17:20], "big")
    rate, per = struct.unpack_from(">II", head, 22)
    shift = int.from_bytes(head[40:42], "big") >> 5 & 31

    def seconds(position: int) -> float:
        frames = (position >> shift) + (position & (1 << shift) - 1)
        return frames * per / rate if rate else 0

    return _Stream(seconds, width, height, has_pictures=True)
