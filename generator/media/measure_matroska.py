"""Measure WebM. Source: RFC 9559, 5.1.2 (Info), 5.1.4 (Tracks), 5.1.3 (Cluster)."""

from __future__ import annotations

import struct

from msgspec import Struct

from generator.media.edits import ByteSource
from generator.media.matroska import CLUSTER, INFO, SEGMENT, TRACK_ENTRY, TRACK_TYPE, TRACKS, Element, elements
from generator.media.measures import Measures

_SCALE, _DURATION = 0x2AD7B1, 0x4489
_VIDEO, _WIDTH, _HEIGHT, _SHOWN_WIDTH, _SHOWN_HEIGHT, _UNIT = 0xE0, 0xB0, 0xBA, 0x54B0, 0x54BA, 0x54B2
_TIME, _SIMPLE_BLOCK, _GROUP, _BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
_PICTURES = 1


class _Info(Struct):
    scale: int = 1_000_000
    duration: float = 0


def measure(source: ByteSource) -> Measures:
    """Measure a file by its headers; the length of a live recording by its last cluster."""
    info, size, has_pictures = _Info(), (0, 0), False
    last: Element | None = None
    for segment in elements(source, 0, source.size):
        for part in elements(source, segment.start, segment.end) if segment.id == SEGMENT else ():
            if part.id == INFO:
                _read_info(source, part, info)
            elif part.id == TRACKS:
                for track in elements(source, part.start, part.end):
                    if track.id == TRACK_ENTRY and _is_pictures(source, track):
                        size, has_pictures = _size(source, track), True
            elif part.id == CLUSTER:
                last = part
                if info.duration:
                    break
    duration = info.duration or (_end_of(source, last) if last else 0)
    return Measures(duration * info.scale / 1e9, *size, has_pictures)


def _number(source: ByteSource, element: Element) -> int:
    return int.from_bytes(source.read(element.start, min(element.end - element.start, 8)), "big")


def _read_info(source: ByteSource, info: Element, found: _Info) -> None:
    for child in elements(source, info.start, info.end):
        if child.id == _SCALE:
            found.scale = _number(source, child)
        elif child.id == _DURATION:
            data = source.read(child.start, child.end - child.start)
            found.duration = struct.unpack(">d" if len(data) == 8 else ">f", data)[0] if len(data) in (4, 8) else 0


def _is_pictures(source: ByteSource, track: Element) -> bool:
    children = elements(source, track.start, track.end)
    return any(child.id == TRACK_TYPE and _number(source, child) == _PICTURES for child in children)


def _size(source: ByteSource, track: Element) -> tuple[int, int]:
    video = next((child for child in elements(source, track.start, track.end) if child.id == _VIDEO), None)
    if video is None:
        return 0, 0
    found = {child.id: _number(source, child) for child in elements(source, video.start, video.end)}
    if not found.get(_UNIT) and found.get(_SHOWN_WIDTH) and found.get(_SHOWN_HEIGHT):
        return found[_SHOWN_WIDTH], found[_SHOWN_HEIGHT]
    return found.get(_WIDTH, 0), found.get(_HEIGHT, 0)


def _end_of(source: ByteSource, cluster: Element) -> int:
    """Return the time of the last block of a cluster: the cluster's own, and the block's distance from it."""
    begun, distance = 0, 0
    for child in elements(source, cluster.start, cluster.end):
        if child.id == _TIME:
            begun = _number(source, child)
        elif child.id == _SIMPLE_BLOCK:
            distance = max(distance, _distance(source, child))
        elif child.id == _GROUP:
            blocks = (each for each in elements(source, child.start, child.end) if each.id == _BLOCK)
            distance = max([distance, *(_distance(source, block) for block in blocks)])
    return begun + distance


def _distance(source: ByteSource, block: Element) -> int:
    track_bytes = 9 - source.read(block.start, 1)[0].bit_length()
    return int.from_bytes(source.read(block.start + track_bytes, 2), "big", signed=True)
