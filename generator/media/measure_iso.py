"""Measure MP4, MOV and M4A. Source: ISO/IEC 14496-12, 8.2.2 (mvhd), 8.3.2 (tkhd), 8.8.2 (mehd)."""

from __future__ import annotations

import struct

from generator.media.boxes import Box, find_box, iter_boxes
from generator.media.edits import ByteSource, UnreadableMediaError
from generator.media.measures import Measures

_UNKNOWN = (0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)


def measure(source: ByteSource) -> Measures:
    """Measure a file by its table of contents; a film on its side has its width and height as it is shown."""
    top = iter_boxes(source, 0, source.size)
    brand, movie = b"", None
    for box in top:
        if box.name == b"ftyp":
            brand = source.read(box.start, 4)
        elif box.name == b"moov":
            movie = box
            break
    if movie is None:
        raise UnreadableMediaError("it is cut off before its table of contents")
    tracks = [box for box in iter_boxes(source, movie.start, movie.end) if box.name == b"trak"]
    sizes = [size for track in tracks if _handler(source, track) == b"vide" and (size := _size(source, track))]
    width, height = sizes[0] if sizes else (0, 0)
    is_quicktime = bool(sizes) and brand in (b"qt  ", b"")
    return Measures(_seconds(source, movie), width, height, bool(sizes), "video/quicktime" if is_quicktime else "")


def _seconds(source: ByteSource, movie: Box) -> float:
    header = find_box(source, movie, b"mvhd")
    if header is None:
        return 0
    is_long = source.read(header.start, 1) == b"\1"
    data = source.read(header.start, 32 if is_long else 20)
    scale, duration = struct.unpack_from(">IQ", data, 20) if is_long else struct.unpack_from(">II", data, 12)
    if duration in _UNKNOWN and (extended := find_box(source, movie, b"mvex", b"mehd")):
        is_long = source.read(extended.start, 1) == b"\1"
        duration = int.from_bytes(source.read(extended.start + 4, 8 if is_long else 4), "big")
    return 0 if duration in _UNKNOWN or not scale else duration / scale


def _handler(source: ByteSource, track: Box) -> bytes:
    box = find_box(source, track, b"mdia", b"hdlr")
    return source.read(box.start + 8, 4) if box else b""


def _size(source: ByteSource, track: Box) -> tuple[int, int] | None:
    """Read the size of a track of pictures, turned as its matrix says; None for a cover, which has no size."""
    header = find_box(source, track, b"tkhd")
    if header is None or header.end - header.start < 84:
        return None
    matrix = struct.unpack(">9i", source.read(header.end - 44, 36))
    width, height = struct.unpack(">II", source.read(header.end - 8, 8))
    wide, high = width >> 16, height >> 16
    is_turned = matrix[0] == matrix[4] == 0 and matrix[1] and matrix[3]
    return ((high, wide) if is_turned else (wide, high)) if wide and high else None
