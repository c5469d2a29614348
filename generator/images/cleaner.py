"""Clean any picture: a drawing of what is active in it, every other of its metadata."""

from __future__ import annotations

from generator.images.bitmaps import clean_bitmap
from generator.images.formats import picture_kind
from generator.images.picture import Cleaned
from generator.images.svg import clean_drawing


def clean_picture(path: str, data: bytes) -> Cleaned:
    """Remove what a published picture must not carry; one with nothing to remove comes back byte for byte.

    `path` is the site-relative name that problems give, and tells a drawing (SVG) from other pictures.

    Raises: ContentError as `clean_bitmap` and `clean_drawing` do.
    """
    return clean_drawing(path, data) if picture_kind(path, data) == "svg" else clean_bitmap(path, data)
