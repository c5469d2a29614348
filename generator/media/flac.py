"""FLAC: keep only the description of the stream and its seek table, and remove every other block."""

from __future__ import annotations

from generator.media.edits import ByteSource, Edit, Findings, UnreadableMediaError
from generator.media.id3 import find_edges

MAGIC = b"fLaC"
_STREAM_INFO, _SEEK_TABLE = 0, 3
_STREAM_INFO_BYTES = 34


def find_edits(source: ByteSource) -> Findings:
    """Find names, comments, covers, cue sheets, applications' blocks, and tags of other formats around them.

    Raises: UnreadableMediaError. Source: RFC 9639, 8.
    """
    first, last = find_edges(source)
    if source.peek(first, 4) != MAGIC:
        raise UnreadableMediaError("it does not begin like a FLAC file")
    edits = [Edit(0, first, b""), Edit(last, source.size, b"")]
    at, is_last = first + 4, False
    kept: list[int] = []
    while not is_last:
        head = source.read(at, 4)
        kind, size, is_last = head[0] & 0x7F, int.from_bytes(head[1:], "big"), bool(head[0] & 0x80)
        source.read(at + 4 + size, 1)
        if kind in (_STREAM_INFO, _SEEK_TABLE):
            kept.append(at)
            edits.append(Edit(at, at + 1, bytes([kind])))
        else:
            edits.append(Edit(at, at + 4 + size, b""))
        at += 4 + size
    if not kept or source.read(kept[0], 4)[1:] != _STREAM_INFO_BYTES.to_bytes(3, "big"):
        raise UnreadableMediaError("its description of the stream is missing")
    kind = source.read(kept[-1], 1)[0] & 0x7F
    edits = [edit for edit in edits if edit.start < edit.end and edit.start != kept[-1]]
    edits.append(Edit(kept[-1], kept[-1] + 1, bytes([kind | 0x80])))
    return Findings(tuple(edits))
