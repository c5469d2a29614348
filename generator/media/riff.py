"""WAV, AVI and AIFF: overwrite chunks that contain neither sound nor pictures in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from generator.media.edits import ByteSource, Edit, Findings, UnreadableMediaError

_WAVE = frozenset({b"fmt ", b"data", b"fact", b"smpl", b"slnt", b"ds64", b"wavl"})
_AVI = frozenset({b"avih", b"strh", b"strf", b"indx", b"vprp", b"dmlh", b"idx1"})
_AVI_LISTS = frozenset({b"hdrl", b"strl", b"odml"})
_AIFF = frozenset({b"COMM", b"SSND", b"FVER", b"INST"})
_OPEN_SIZES = (0, 0xFFFFFFFF)
_MAX_DEPTH = 4


class _Chunk(Struct, frozen=True):
    name: bytes
    at: int
    start: int
    end: int


def find_edits(source: ByteSource) -> Findings:
    """Find names, comments, dates, and chunks that this list does not name; bytes after the end are removed.

    Raises: UnreadableMediaError. Source: Multimedia Programming Interface 1.0, 2 and 3; EBU Tech 3306.
    """
    head = source.read(0, 12)
    if head[:4] == b"FORM":
        edits, end = _clean_form(source, _AIFF, "big", b"    ")
    elif head[8:12] == b"AVI ":
        edits, end = _clean_avi(source)
    else:
        edits, end = _clean_form(source, _WAVE, "little", b"JUNK")
    if end < source.size:
        edits.append(Edit(end, source.size, b""))
    return Findings(tuple(edits))


def _clean_form(
    source: ByteSource, kept: frozenset[bytes], order: Literal["big", "little"], blank: bytes
) -> tuple[list[Edit], int]:
    edits: list[Edit] = []
    names, end = set(), _form_end(source, 0, order)
    for chunk in _chunks(source, 12, end, order):
        names.add(chunk.name)
        edits += [] if chunk.name in kept else _blank(chunk, blank)
    if not names & {b"data", b"SSND", b"wavl"}:
        raise UnreadableMediaError("it holds no sound")
    return edits, end


def _clean_avi(source: ByteSource) -> tuple[list[Edit], int]:
    """Clean an AVI, which may continue in more RIFF chunks after its first gigabyte."""
    edits: list[Edit] = []
    at = 0
    while source.peek(at, 4) == b"RIFF" and source.peek(at + 8, 3) == b"AVI":
        end = _form_end(source, at, "little")
        edits += _clean_list(source, at + 12, end, 0)
        at = end
    return edits, at


def _clean_list(source: ByteSource, start: int, end: int, depth: int) -> list[Edit]:
    edits: list[Edit] = []
    for chunk in _chunks(source, start, end, "little"):
        kind = source.peek(chunk.start, 4) if chunk.name == b"LIST" else b""
        if kind in _AVI_LISTS and depth < _MAX_DEPTH:
            edits += _clean_list(source, chunk.start + 4, chunk.end, depth + 1)
        elif kind != b"movi" and chunk.name not in _AVI:
            edits += _blank(chunk, b"JUNK")
    return edits


def _blank(chunk: _Chunk, name: bytes) -> list[Edit]:
    return [Edit(chunk.at, chunk.at + 4, name), Edit(chunk.start, chunk.end)]


def _form_end(source: ByteSource, at: int, order: Literal["big", "little"]) -> int:
    size = int.from_bytes(source.read(at + 4, 4), order)
    return source.size if size in _OPEN_SIZES else min(at + 8 + size + (size & 1), source.size)


def _chunks(source: ByteSource, at: int, end: int, order: Literal["big", "little"]) -> Iterator[_Chunk]:
    """Walk chunks; the last one may be cut off, because recordings can be."""
    long_size = 0
    while at + 8 <= end:
        head = source.read(at, 8)
        size = int.from_bytes(head[4:], order)
        if head[:4] == b"ds64":
            long_size = int.from_bytes(source.read(at + 16, 8), "little")
        if head[:4] == b"data" and size in _OPEN_SIZES:
            size = long_size if size and long_size else end - at - 8
        stop = min(at + 8 + size, end)
        yield _Chunk(head[:4], at, at + 8, stop)
        at = stop + (size & 1)
