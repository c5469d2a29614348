"""Find the kind of a film, a sound file or a document by its first bytes, never by its name."""

from __future__ import annotations

import re

from generator.media.mpeg_audio import frame_bytes

HEAD_BYTES = 4096
_ISO_FIRST = frozenset({b"ftyp", b"moov", b"mdat", b"styp", b"moof", b"sidx", b"pdin"})
# Ordinary words can end in these: it is a box only if a plausible size precedes them.
_ISO_WORDS = frozenset({b"free", b"skip", b"wide", b"pnot", b"uuid", b"meta", b"junk"})
_WAVE = (b"RIFF", b"RF64", b"BW64")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PDF = re.compile(rb"%PDF-[12]\.")
_TRANSPORT = ((0, 188), (4, 192))  # offset of the first packet's sync byte, and the distance to the next
# Formats that can carry names, dates or positions, and that we cannot clean.
_UNCLEANED = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.doc, .xls, .ppt)"),
    (b"{\\rtf", "an RTF document"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
    (b"FLV\x01", "a Flash film"),
    (b".RMF", "a RealMedia file"),
    (b"\x00\x00\x01\xba", "an MPEG film"),
    (b"#!AMR", "an AMR recording"),
    (b"%!PS", "a PostScript file"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript file"),
    (b"gimp xcf", "a GIMP picture"),
    (b"AT&TFORM", "a DjVu document"),
    (b"MAC ", "a Monkey's Audio file"),
    (b"wvpk", "a WavPack file"),
    (b"DSD ", "a DSD file"),
)


def media_kind(head: bytes) -> str:
    """Name the kind of a file by its first 4 KB: "iso", "matroska", "ogg", "riff", "flac", "mpeg", "pdf", "zip".

    "" if it is none of these; text, style sheets, scripts and fonts among them.
    """
    signs = {
        "iso": _is_iso(head),
        "matroska": head.startswith(b"\x1a\x45\xdf\xa3"),
        "ogg": head.startswith(b"OggS"),
        "riff": _is_riff(head),
        "flac": head.startswith(b"fLaC"),
        "zip": head.startswith(_ZIP),
        "pdf": bool(_PDF.search(head[:1024])),
        "tagged": head.startswith((b"ID3", b"APETAGEX")),
        "mpeg": _is_mpeg_audio(head),
    }
    return next((kind for kind, fits in signs.items() if fits), "")


def uncleaned_kind(head: bytes) -> str:
    """Describe a file that can carry metadata and cannot be cleaned; "" for all others."""
    if b"office:document" in head and b"<?xml" in head[:100]:
        return "a flat OpenDocument file"
    if any(
        all(byte == 0x47 for byte in head[at : 4 * step : step]) and len(head) >= 4 * step for at, step in _TRANSPORT
    ):
        return "an MPEG transport stream"
    if head[:4] in (*_WAVE, b"RIFX") and head[8:12] != b"WEBP":
        return "a RIFF file of a rare kind"
    return next((kind for sign, kind in _UNCLEANED if head.startswith(sign)), "")


def _is_iso(head: bytes) -> bool:
    size = int.from_bytes(head[:4], "big")
    return (head[4:8] in _ISO_FIRST and (size in (0, 1) or size >= 8)) or (
        head[4:8] in _ISO_WORDS and 8 <= size < 1 << 24
    )


def _is_riff(head: bytes) -> bool:
    if head[:4] == b"FORM":
        return head[8:12] in (b"AIFF", b"AIFC")
    return head[:4] in _WAVE and head[8:12] in (b"WAVE", b"AVI ")


def _is_mpeg_audio(head: bytes) -> bool:
    """Return True if two frames in a row follow: one head is only eleven bits, which other files have too."""
    size = frame_bytes(head[:7])
    return bool(size and frame_bytes(head[size : size + 7]))
