"""Clean a film, a sound file or a document: choose the cleaner by its first bytes, and report what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from generator.errors import Problem, warning
from generator.images.bitmaps import without_metadata
from generator.images.formats import is_picture_file
from generator.media import documents, flac, iso_media, matroska, mpeg_audio, ogg, pdf, riff
from generator.media.carriers import describe_carrier
from generator.media.edits import ByteSource, Findings, UnreadableMediaError, effective, write_edited
from generator.media.embedded import find_embedded
from generator.media.id3 import find_edges
from generator.media.kinds import HEAD_BYTES, media_kind, uncleaned_kind
from generator.media.traces import find_traces

MAX_PICTURE_BYTES = 100_000_000
_FIND: Mapping[str, Callable[[ByteSource], Findings]] = MappingProxyType(
    {
        "iso": iso_media.find_edits,
        "matroska": matroska.find_edits,
        "ogg": ogg.find_edits,
        "riff": riff.find_edits,
        "flac": flac.find_edits,
        "mpeg": mpeg_audio.find_edits,
    }
)
_SOUND_NAMES = (".mp3", ".mpga", ".aac")  # their streams may begin with padding
_INSTALL = 'Install the cleaner: pip install "openletter[documents]".'
_REMOVE = "Remove it with the program that made the file, or convert the file: films to MP4, documents to PDF."
_REPACK = "Pack the files as a zip, which Openletter looks into, or check each of them before you pack it."
_KEEP = "Delete the file, or keep it if everyone may know these places."
_SAVE = "Save it again with another program, or leave it out."


class CleanedMedia(Struct, frozen=True):
    """The result for a file: whether a cleaned copy was written, and warnings about metadata that is left."""

    written: bool = False
    problems: tuple[Problem, ...] = ()


def clean_media(path: str, file: Path, target: Path) -> CleanedMedia:
    """Remove names, comments, positions, dates and thumbnails from a film, a sound file or a document.

    Frames and pages keep their bytes. The cleaned copy is written to `target` only if there was something to remove.
    `path` is the site-relative path for problems. Pictures are cleaned only inside documents.

    Raises: OSError.
    """
    try:
        written, left = _clean(path, file, target, 0)
    except UnreadableMediaError as failure:
        message = f"Openletter cannot remove this file's metadata: {failure}."
        return CleanedMedia(False, (warning(path, "media-unreadable", message, _SAVE),))
    told = [warning(path, "metadata-left", f"This file still holds {what}.", _hint(what)) for what in left]
    return CleanedMedia(written, tuple(told))


def _hint(left: str) -> str:
    if "PDF" in left and not pdf.can_clean():
        return _INSTALL
    if "does not look into" in left:
        return _REPACK
    return _KEEP if left.startswith("positions") else _REMOVE


def _clean(path: str, file: Path, target: Path, depth: int) -> tuple[bool, tuple[str, ...]]:
    with file.open("rb") as stream:
        source = ByteSource(stream)
        head = source.peek(0, HEAD_BYTES)
        if depth and is_picture_file(path, head):
            return _clean_picture(file, target)
        kind = media_kind(head)
        if kind == "tagged":
            first, _ = find_edges(source)
            kind = media_kind(source.peek(first, HEAD_BYTES)) or "mpeg"
            kind = kind if kind in ("flac", "mpeg") else "mpeg"
        if not kind and (PurePosixPath(path).suffix.lower() in _SOUND_NAMES or source.tail(128).startswith(b"TAG")):
            kind = "mpeg"
        carried = "" if kind else describe_carrier(path, source)
        findings = _FIND[kind](source) if kind in _FIND else Findings()
        edits = effective(source, findings.edits)
    if kind:
        target.parent.mkdir(parents=True, exist_ok=True)
    if kind in _FIND:
        written, left = bool(edits), findings.left
        if written:
            write_edited(file, target, edits)
    elif kind == "pdf":
        written, left = _clean_pdf(file, target)
    elif kind == "zip":
        written, left = documents.rewrite(file, target, _clean_inside, depth)
    else:
        uncleaned = uncleaned_kind(head)
        told = f"metadata that cannot be removed: it is {uncleaned}" if uncleaned else carried
        written, left = False, ((told,) if told else ())
    traces = () if kind == "zip" else find_traces(target if written else file)
    return written, (*left, *traces, *(() if kind or traces else find_embedded(file)))


def _clean_inside(path: str, file: Path, target: Path, depth: int) -> tuple[bool, tuple[str, ...]]:
    """Clean a member of a package; report one that cannot be read, and leave it unchanged."""
    try:
        return _clean(path, file, target, depth)
    except UnreadableMediaError:
        return False, ("parts that cannot be read",)


def _clean_pdf(file: Path, target: Path) -> tuple[bool, tuple[str, ...]]:
    if pdf.can_clean():
        return pdf.rewrite(file, target)
    told = pdf.describe(file)
    shown = f" ({', '.join(told)})" if told else ""
    return False, (f"the document information of a PDF{shown}",)


def _clean_picture(file: Path, target: Path) -> tuple[bool, tuple[str, ...]]:
    """Clean a picture inside a document. It keeps its orientation, because the document's pages rely on it."""
    if file.stat().st_size > MAX_PICTURE_BYTES:
        return False, ("a picture that is too large to check",)
    data = file.read_bytes()
    cleaned = without_metadata(data)
    if cleaned is None:
        return False, find_traces(file) or ("metadata of a picture in a rare format",)
    if cleaned != data:
        target.write_bytes(cleaned)
    return cleaned != data, ()
