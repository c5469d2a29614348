"""PDF: remove the document information, thumbnails and programs' private data; pages keep their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from generator.media.edits import UnreadableMediaError

MAX_OBJECTS = 2_000_000
_MAX_DEPTH = 50
_PRIVATE = ("/Metadata", "/PieceInfo", "/Thumb", "/LastModified", "/SpiderInfo")
_TELLING = re.compile(rb"/(Author|Creator|Producer|Title|Subject|Keywords|CreationDate|ModDate|Metadata)\b")
_MAX_SCANNED_BYTES = 50_000_000


def can_clean() -> bool:
    """Return True if the library that rewrites PDF files is installed."""
    return find_spec("pikepdf") is not None


def describe(file: Path) -> tuple[str, ...]:
    """Name the document information of a PDF, as far as it shows without reading the structure.

    Raises: OSError.
    """
    with file.open("rb") as stream:
        data = stream.read(_MAX_SCANNED_BYTES)
    return tuple(sorted({match[1].decode().lower() for match in _TELLING.finditer(data)}))


def rewrite(source: Path, target: Path) -> tuple[bool, tuple[str, ...]]:
    """Write a PDF without its metadata; returns whether anything was removed, and what is left.

    An encrypted or signed file is not rewritten, because that would break it.

    Raises: UnreadableMediaError; OSError.
    """
    import pikepdf

    try:
        with pikepdf.open(source, suppress_warnings=True, attempt_recovery=True) as document:
            if document.is_encrypted:
                return False, ("the document information of an encrypted PDF, such as its author",)
            if _is_signed(document):
                return False, ("the document information of a signed PDF, such as its author",)
            return _clean(document, target)
    except pikepdf.PasswordError:
        return False, ("the document information of an encrypted PDF, such as its author",)
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError, KeyError, AttributeError) as failure:
        raise UnreadableMediaError("its structure is damaged") from failure


def _is_signed(document: Any) -> bool:
    form = document.Root.get("/AcroForm")
    return form is not None and "/SigFlags" in form and bool(int(form.SigFlags) & 1)


def _clean(document: Any, target: Path) -> tuple[bool, tuple[str, ...]]:
    import pikepdf

    changed = False
    left: dict[str, None] = {}
    if "/Info" in document.trailer:
        changed = len(document.trailer.Info) > 0
        del document.trailer["/Info"]
    if len(document.objects) > MAX_OBJECTS:
        raise UnreadableMediaError("it has too many parts")
    for part in _dictionaries(document):
        for name in _PRIVATE:
            if name in part:
                del part[name]
                changed = True
        if part.get("/Type") in ("/Filespec", "/EmbeddedFile"):
            left["attached files"] = None
        if part.get("/Subtype") in ("/Text", "/Popup", "/FreeText", "/Highlight") and "/T" in part:
            left["the names of people who commented"] = None
        changed |= _clean_photo(part)
    if changed:
        document.save(
            target,
            linearize=document.is_linearized,
            deterministic_id=True,
            static_id=False,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            fix_metadata_version=False,
        )
    return changed, tuple(left)


def _dictionaries(document: Any) -> Iterator[Any]:
    """Walk all dictionaries and streams, including nested ones."""
    import pikepdf

    for top in document.objects:
        waiting = [(top, 0)]
        while waiting:
            part, depth = waiting.pop()
            if isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
                yield part
                children = [value for _, value in part.items()]
            elif isinstance(part, pikepdf.Array):
                children = list(part)
            else:
                continue
            if depth < _MAX_DEPTH:
                waiting += [
                    (child, depth + 1)
                    for child in children
                    if isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and not child.is_indirect
                ]


def _clean_photo(part: Any) -> bool:
    """Remove the metadata of a JPEG on a page. Viewers do not rotate it, so its pixels stay as they are."""
    import pikepdf

    from generator.images.bitmaps import without_metadata

    if not isinstance(part, pikepdf.Stream):
        return False
    stream: Any = part  # the library's stubs do not type values
    if stream.get("/Filter") not in ("/DCTDecode", pikepdf.Array(["/DCTDecode"])):
        return False
    data = stream.read_raw_bytes()
    cleaned = without_metadata(data)
    if cleaned is None or cleaned == data:
        return False
    stream.write(cleaned, filter=stream.Filter, decode_parms=stream.get("/DecodeParms"))
    return True
