"""MP4, MOV and M4A: overwrite everything but pictures and sound in place, so that no offset moves.

A list of boxes to keep decides, not a list of boxes to remove: phones and cameras add boxes that no list knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from generator.media.boxes import Box, find_box, iter_boxes
from generator.media.edits import ByteSource, Edit, Findings, UnreadableMediaError
from generator.media.samples import sample_ranges

_KEPT: Mapping[bytes, frozenset[bytes]] = MappingProxyType(
    {
        name: frozenset(children.encode().split())
        for name, children in {
            b"": "ftyp styp mdat moov moof mfra sidx ssix pdin",
            b"moov": "mvhd trak mvex iods pssh",
            b"trak": "tkhd edts mdia tref tapt",
            b"mdia": "mdhd hdlr minf elng",
            b"minf": "vmhd smhd hmhd nmhd sthd gmhd dinf stbl hdlr",
            b"stbl": "stsd stts ctts cslg stss stps stsh stsz stz2 stsc stco co64 sdtp padb sbgp sgpd subs saiz saio",
            b"edts": "elst",
            b"dinf": "dref",
            b"mvex": "mehd trex leva",
            b"moof": "mfhd traf pssh",
            b"traf": "tfhd tfdt trun sbgp sgpd subs saiz saio senc sdtp",
            b"mfra": "tfra mfro",
        }.items()
    }
)
_SHOWN_TRACKS = frozenset(b"vide soun text sbtl subt clcp hint tmcd auxv pict odsm sdsm".split())
_TEXT_TRACKS = frozenset(b"text sbtl subt".split())
_TELEMETRY = frozenset(b"mebx gpmd camm rtmd djmd dbgi urim mett metx fdsc".split())
_POSITION = re.compile(rb"GPS|\b(?:latitude|longitude)\b", re.I)
_PRIVATE_IN_ENTRY = frozenset(b"udta uuid meta name free skip".split())
_TEXT_SAMPLE_BYTES = 1000
_TEXT_SAMPLES = 50


def find_edits(source: ByteSource) -> Findings:
    """Find names, comments, positions, times of recording and tracks of telemetry.

    Bytes after the last box are removed. Raises: UnreadableMediaError. Source: ISO/IEC 14496-12.
    """
    cleaner = _Cleaner(source)
    cleaner.clean_file()
    return Findings(tuple(cleaner.edits), tuple(cleaner.left))


class _Cleaner:
    """Collects the edits of one file."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self.edits: list[Edit] = []
        self.left: list[str] = []
        self._telemetry_in_fragments = False

    def clean_file(self) -> None:
        names, end = set(), 0
        try:
            for box in iter_boxes(self._source, 0, self._source.size):
                names.add(box.name)
                end = box.end
                self._clean(b"", box)
        except UnreadableMediaError:
            if b"moov" not in names or b"mdat" not in names:
                raise
        if b"moov" not in names:
            raise UnreadableMediaError("it is cut off before its table of contents")
        if end < self._source.size:
            self.edits.append(Edit(end, self._source.size, b""))
        if self._telemetry_in_fragments and b"moof" in names:
            self.left.append("a track of telemetry, such as positions, in fragments")

    def _clean(self, parent: bytes, box: Box) -> None:
        if box.name not in _KEPT[parent]:
            self._free_gps_blocks(box) if box.name == b"gps " else None
            self._free(box)
        elif box.name == b"trak" and self._is_telemetry(box):
            self._telemetry_in_fragments = True
            table = find_box(self._source, box, b"mdia", b"minf", b"stbl")
            ranges = sample_ranges(self._source, table) if table else ()
            self.edits += [Edit(start, end) for start, end in ranges]
            self._free(box)
        elif box.name in (b"mvhd", b"tkhd", b"mdhd"):
            size = 16 if self._source.read(box.start, 1) == b"\1" else 8
            self._zero(box, 4, 4 + size)
        elif box.name == b"hdlr":
            self._zero(box, 12, box.end - box.start)
        elif box.name == b"stsd":
            self._clean_entries(box)
        elif box.name == b"dref":
            for entry in self._entries(box):
                self._zero(entry, 4, entry.end - entry.start)
        elif box.name in _KEPT:
            for child in iter_boxes(self._source, box.start, box.end):
                self._clean(box.name, child)

    def _free(self, box: Box) -> None:
        """Turn a box into free space, which players skip."""
        self.edits += [Edit(box.at + 4, box.at + 8, b"free"), Edit(box.start, box.end)]

    def _zero(self, box: Box, start: int, end: int) -> None:
        first, last = min(box.start + start, box.end), min(box.start + end, box.end)
        if first < last:
            self.edits.append(Edit(first, last))

    def _entries(self, box: Box) -> list[Box]:
        return list(iter_boxes(self._source, min(box.start + 8, box.end), box.end))

    def _free_gps_blocks(self, box: Box) -> None:
        """Overwrite the blocks of positions that dashboard cameras write between the pictures."""
        data = self._source.read(box.start, min(box.end - box.start, 1_000_000))
        for at in range(8, len(data) - 7, 8):
            start, size = (int.from_bytes(data[place : place + 4], "big") for place in (at, at + 4))
            if start and self._source.peek(start + 4, 8) == b"freeGPS ":
                self.edits.append(Edit(start + 8, min(start + size, self._source.size)))

    def _is_telemetry(self, track: Box) -> bool:
        handler = find_box(self._source, track, b"mdia", b"hdlr")
        kind = self._source.read(handler.start + 8, 4) if handler else b""
        table = find_box(self._source, track, b"mdia", b"minf", b"stbl")
        described = find_box(self._source, table, b"stsd") if table else None
        if kind not in _SHOWN_TRACKS or table is None or described is None:
            return True
        if any(entry.name in _TELEMETRY for entry in self._entries(described)):
            return True
        return kind in _TEXT_TRACKS and self._tells_position(table)

    def _tells_position(self, table: Box) -> bool:
        """Search the first subtitles: drones write positions into them."""
        for _, (start, end) in zip(range(_TEXT_SAMPLES), sample_ranges(self._source, table), strict=False):
            if _POSITION.search(self._source.peek(start, min(end - start, _TEXT_SAMPLE_BYTES))):
                return True
        return False

    def _clean_entries(self, box: Box) -> None:
        """Remove the encoder's name and vendor, and private boxes, from the descriptions of samples."""
        for entry in self._entries(box):
            size = entry.end - entry.start
            if size >= 78 and self._source.peek(entry.start + 24, 2) != b"\0\0":  # it has a width, so it is a picture
                self._zero(entry, 12, 16)
                self._zero(entry, 42, 74)
                first = 78
            else:
                version = int.from_bytes(self._source.peek(entry.start + 8, 2), "big")
                first = {1: 44, 2: 64}.get(version, 28)
                if entry.name == b"tmcd":
                    first = 26
            self._free_private(entry, first)

    def _free_private(self, entry: Box, first: int) -> None:
        try:
            for child in iter_boxes(self._source, entry.start + first, entry.end):
                if child.name in _PRIVATE_IN_ENTRY:
                    self._free(child)
        except UnreadableMediaError:
            return  # some kinds of samples are not described in boxes
