"""Recognise other files that reveal people and places and cannot be cleaned: archives, programs, tracks, saved mails."""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from generator.images.formats import is_picture_file
from generator.media.edits import ByteSource
from generator.media.kinds import HEAD_BYTES, media_kind, uncleaned_kind

# ruff: noqa: E501 the tables have one line for each kind

_MAX_PACKED_BYTES = 1 << 20  # of a packed file; bzip2 packs blocks of 900 kB
_ARCHIVES = (
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"MSCF\0\0\0\0", "a cabinet archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x1f\x9d", "an archive of compress"),
    (b"!<arch>\n", "an ar or Debian archive"),
    (b"xar!\0", "a xar archive"),
)  # fmt: skip
_PACKED: Mapping[bytes, Callable[[bytes], bytes]] = MappingProxyType(
    {
        b"\x1f\x8b\x08": lambda data: zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(data, HEAD_BYTES),
        b"BZh": lambda data: bz2.BZ2Decompressor().decompress(data, HEAD_BYTES),
        b"\xfd7zXZ\0": lambda data: lzma.LZMADecompressor(memlimit=1 << 27).decompress(data, HEAD_BYTES),
    }
)
_BINARY = (
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xce\xfa\xed\xfe", "a program"),
    (b"L\0\0\0\x01\x14\x02\0", "a Windows shortcut"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "a OneNote section"),
    (b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5", "an InDesign document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\0\1\0\0Standard ", "an Access database"),
    (b"\0\0\0\1Bud1", "a .DS_Store file, with the names in a folder"),
    (b"AC10", "an AutoCAD drawing"),
    (b"BLENDER", "a Blender file"),
    (b"CWS", "a Flash film"),
    (b"FWS", "a Flash film"),
    (b"ZWS", "a Flash film"),
    (b"ITSF\3", "a Windows help file"),
    (b"caff\0", "a Core Audio file"),
    (b".snd\0", "an AU recording"),
    (b"TTA1", "a True Audio file"),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (b"#?RADIANCE\n", "a Radiance picture"),
)  # fmt: skip
_XML = rb"\A(?:\xef\xbb\xbf)?(?>\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>))*+\s*+<(?:\w+:)?"
_TEXTS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(_XML + rb"gpx[\s/>]", re.S | re.I), "positions and times: it is a GPS track (GPX)"),
    (re.compile(_XML + rb"kml[\s/>]", re.S | re.I), "positions: it is a map of places (KML)"),
    (re.compile(_XML + rb"TrainingCenterDatabase[\s/>]", re.S), "positions and times: it is a GPS track (TCX)"),
    (re.compile(_XML + rb"xmpmeta[\s/>]", re.S), "a description of a photo by an editing program (XMP)"),
    (re.compile(rb"\A.{8}\.FIT", re.S), "positions and times: it is a GPS track (FIT)"),
    (re.compile(rb"\A(?:[^\n]{0,200}\r?\n){0,3}\$G[PNLAB][A-Z]{3},[^\n]*\*[0-9A-F]{2}"), "positions and times: it is a GPS log (NMEA)"),
    (re.compile(rb"\AA[A-Z0-9]{3}[^\n]{0,80}\r?\n(?:[^\n]{0,200}\r?\n){0,20}?H[FOP]?DTE", re.S), "positions and times: it is a flight log (IGC)"),
    (re.compile(rb"\A(?:From \S+ [^\n]+\n)?(?:[!-9;-~]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*?(?:Received|Message-ID|Return-Path|Delivered-To):", re.I), "senders, recipients and servers: it is a saved e-mail"),
)  # fmt: skip
_SUBTITLE = re.compile(rb"\d\d:\d\d[,.]\d{3} --> ")
_POSITION = re.compile(rb"\b(?:latitude|longitude|longtitude)\s*[:=]\s*-?\d|\b(?:GPS|HOME)\s*\(\s*-?\d", re.I)
_PLACE_IN_ISO, _BYTES_OF_DMG, _PLACE_IN_TAR = 32_769, 512, 257


def describe_carrier(path: str, source: ByteSource) -> str:
    """Describe what a file may reveal, as the end of "This file still holds"; "" for any other kind of file.

    Raises: OSError.
    """
    head = source.peek(0, HEAD_BYTES)
    if archive := _archive(path, head, source):
        return f"the metadata of the files in it: Openletter does not look into {archive}"
    binary = next((kind for sign, kind in _BINARY if head.startswith(sign) and b"\0" in head), "")
    if head.startswith(b"MZ") and b"\0" in head[2:64]:
        binary = "a Windows program"
    if head[60:68] == b"BOOKMOBI":
        binary = "a Mobipocket book"
    if binary:
        return f"metadata that cannot be removed: it is {binary}"
    if _SUBTITLE.search(head) and _POSITION.search(head):
        return "positions: it is the flight log of a drone, written as subtitles"
    return next((what for pattern, what in _TEXTS if pattern.match(head)), "")


def _archive(path: str, head: bytes, source: ByteSource) -> str:
    if _is_tar(head):
        return "a tar archive"
    if source.peek(_PLACE_IN_ISO, 5) == b"CD001" or source.tail(_BYTES_OF_DMG).startswith(b"koly"):
        return "a disk image"
    for sign, unpack in _PACKED.items():
        if head.startswith(sign):
            return _packed(path, source, unpack)
    return next((kind for sign, kind in _ARCHIVES if head.startswith(sign)), "")


def _packed(path: str, source: ByteSource, unpack: Callable[[bytes], bytes]) -> str:
    """Describe a packed file by its content; "" for a packed text or style sheet, which has no metadata."""
    try:
        inner = unpack(source.peek(0, _MAX_PACKED_BYTES))
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return "a packed file that cannot be read"
    if _is_tar(inner):
        return "a packed tar archive"
    name = path.rpartition(".")[0]
    tells = media_kind(inner) or uncleaned_kind(inner) or is_picture_file(name, inner)
    return "a packed photo, film or document" if tells else ""


def _is_tar(head: bytes) -> bool:
    return head[_PLACE_IN_TAR : _PLACE_IN_TAR + 5] == b"ustar"
