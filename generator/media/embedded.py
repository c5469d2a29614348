"""Find pictures with metadata in Base64 inside texts: style sheets, web pages, scripts, notebooks, saved mails."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

from generator.errors import OpenletterError
from generator.images.bitmaps import without_metadata

MAX_TEXT_BYTES = 50_000_000
MAX_PICTURES = 500
_SLASH = rb"(?:\\?/|%2F)"
# The first characters of JPEG, PNG, WebP and GIF in Base64; in JSON a slash may be \/, in addresses %2F.
_PICTURE = re.compile(
    rb"(?<![A-Za-z0-9+/])(?:" + _SLASH + rb"9j" + _SLASH + rb"|iVBORw0KGgo|UklGR|R0lGOD)[A-Za-z0-9+/=%\\\s]+"
)
_BREAK = re.compile(rb"\\[nrt]|[\\\s]")


def find_embedded(file: Path) -> tuple[str, ...]:
    """Name the metadata in the pictures inside a text; () if they have none.

    Raises: OSError.
    """
    if file.stat().st_size > MAX_TEXT_BYTES:
        return ()
    told = any(_has_metadata(data) for data in _list_pictures(file.read_bytes()))
    return ("metadata in an embedded picture",) if told else ()


def _list_pictures(text: bytes) -> Iterator[bytes]:
    for count, match in enumerate(_PICTURE.finditer(text)):
        if count == MAX_PICTURES:
            return
        written = match[0].partition(b"=")[0]
        written = _BREAK.sub(b"", unquote_to_bytes(written) if b"%" in written else written)
        try:
            yield binascii.a2b_base64(written + b"==")
        except binascii.Error:
            continue


def _has_metadata(picture: bytes) -> bool:
    try:
        cleaned = without_metadata(picture)
    except OpenletterError:
        return False
    return cleaned is not None and cleaned != picture
