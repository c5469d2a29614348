"""Matroska and WebM: tags, titles, attachments and chapters become void elements of the same size."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from generator.media.edits import ByteSource, Edit, Findings, UnreadableMediaError

_EBML, SEGMENT, CLUSTER, _CUES = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1C53BB6B
_SEEK_HEAD, INFO, TRACKS = 0x114D9B74, 0x1549A966, 0x1654AE6B
_TAGS, _ATTACHMENTS, _CHAPTERS = 0x1254C367, 0x1941A469, 0x1043A770
_LEVEL_1 = frozenset({CLUSTER, _CUES, _SEEK_HEAD, INFO, TRACKS, _TAGS, _ATTACHMENTS, _CHAPTERS})
_KEPT = frozenset({CLUSTER, _CUES})
_SEEK, _SEEK_ID, _CRC = 0x4DBB, 0x53AB, 0xBF
# TimestampScale, Duration, SegmentUUID, PrevUUID, NextUUID, SegmentFamily.
_INFO_KEPT = frozenset({0x2AD7B1, 0x4489, 0x73A4, 0x3CB923, 0x3EB923, 0x4444})
_APPLICATIONS = frozenset({0x4D80, 0x5741})  # MuxingApp and WritingApp: required, so emptied
TRACK_ENTRY = 0xAE
# Name, CodecName, CodecSettings, CodecInfoURL, CodecDownloadURL, AttachmentLink.
_TRACK_PRIVATE = frozenset({0x536E, 0x258688, 0x3A9697, 0x3B4040, 0x26B240, 0x7446})
TRACK_TYPE, _SHOWN_TYPES = 0x83, frozenset({1, 2, 3, 0x10, 0x11, 0x12, 0x20})
_MIN_LONG_VOID = 9


class Element(Struct, frozen=True):
    """An element: its id, and the places where it begins, and where its content begins and ends."""

    id: int
    at: int
    start: int
    end: int
    open_ended: bool = False


def find_edits(source: ByteSource) -> Findings:
    """Find tags, titles, dates, names of programs, attached files and chapters.

    Raises: UnreadableMediaError. Source: RFC 8794; RFC 9559.
    """
    edits: list[Edit] = []
    left: list[str] = []
    has_segment = False
    for element in elements(source, 0, source.size):
        if element.id == SEGMENT:
            has_segment = True
            for child in elements(source, element.start, element.end):
                _clean_level_1(source, child, edits, left)
        elif element.id != _EBML:
            edits += _void(element)
    if not has_segment:
        raise UnreadableMediaError("it is cut off before its content")
    return Findings(tuple(edits), tuple(left))


def _clean_level_1(source: ByteSource, element: Element, edits: list[Edit], left: list[str]) -> None:
    if element.id in _KEPT:
        return
    if element.id not in (_SEEK_HEAD, INFO, TRACKS):
        edits += _void(element)
        return
    for child in elements(source, element.start, element.end):
        if element.id == INFO and child.id in _APPLICATIONS:
            edits.append(Edit(child.start, child.end))
        elif element.id == TRACKS and child.id == TRACK_ENTRY:
            _clean_track(source, child, edits, left)
        elif element.id == _SEEK_HEAD and child.id == _SEEK:
            edits += [] if _seeks_kept(source, child) else _void(child)
        elif not (element.id == INFO and child.id in _INFO_KEPT):
            edits += _void(child)


def _clean_track(source: ByteSource, track: Element, edits: list[Edit], left: list[str]) -> None:
    for child in elements(source, track.start, track.end):
        if child.id in _TRACK_PRIVATE or child.id == _CRC:
            edits += _void(child)
        elif child.id == TRACK_TYPE:
            kind = int.from_bytes(source.read(child.start, min(child.end - child.start, 8)), "big")
            if kind not in _SHOWN_TYPES:
                left.append("a track that is neither pictures, sound nor subtitles")


def _seeks_kept(source: ByteSource, seek: Element) -> bool:
    for child in elements(source, seek.start, seek.end):
        if child.id == _SEEK_ID:
            target = int.from_bytes(source.read(child.start, min(child.end - child.start, 8)), "big")
            return target in (INFO, TRACKS, _CUES, CLUSTER, _SEEK_HEAD)
    return False


def _void(element: Element) -> list[Edit]:
    """Make an element void, so that readers skip it. Source: RFC 8794, 11.3.2."""
    size = element.end - element.at
    if size < _MIN_LONG_VOID:
        return [Edit(element.at, element.end, bytes([0xEC, 0x80 | size - 2]) + bytes(size - 2))]
    head = b"\xec\x01" + (size - _MIN_LONG_VOID).to_bytes(7, "big")
    content = element.at + _MIN_LONG_VOID
    return [Edit(element.at, content, head), Edit(content, element.end)]


def elements(source: ByteSource, start: int, end: int) -> Iterator[Element]:
    """Walk elements; one that is longer than its parent ends with it, because recordings can be cut off."""
    at = start
    while at < end:
        head = source.peek(at, 12)
        id_size = 9 - head[0].bit_length()
        if id_size > 4 or len(head) <= id_size:
            raise UnreadableMediaError("it is damaged in the middle")
        number, size_size = int.from_bytes(head[:id_size], "big"), 9 - head[id_size].bit_length()
        if size_size > 8 or len(head) < id_size + size_size:
            raise UnreadableMediaError("it is damaged in the middle")
        begin = at + id_size + size_size
        if begin > end:
            raise UnreadableMediaError("it is damaged in the middle")
        largest = (1 << 7 * size_size) - 1  # which means an unknown size
        size = int.from_bytes(head[id_size : id_size + size_size], "big") & largest
        stop = _open_end(source, number, begin, end) if size == largest else min(begin + size, end)
        yield Element(number, at, begin, stop)
        at = stop


def _open_end(source: ByteSource, number: int, start: int, end: int) -> int:
    """Find the end of an element of unknown size: a segment ends with the file, a cluster where the next begins."""
    if number == SEGMENT:
        return end
    if number != CLUSTER:
        raise UnreadableMediaError("one of its parts has no size")
    return next((child.at for child in elements(source, start, end) if child.id in _LEVEL_1), end)
