"""Clean any picture: remove active content from a drawing, and metadata from all others."""

from __future__ import annotations

from generator.images.bitmaps import clean_bitmap
from generator.images.formats import picture_kind
from generator.images.picture import Cleaned
from generator.images.svg import clean_drawing


def clean_picture(path: str, data: bytes) -> Cleaned:
    """Remove what a published picture must not contain; one with nothing to remove is returned byte for byte.

    `path` is the site-relative path for problems; its suffix tells a drawing (SVG) from other pictures.

    Raises: ContentError as `clean_bitmap` and `clean_drawing` do.
    """
    return clean_drawing(path, data) if picture_kind(path, data) == "svg" else clean_bitmap(path, data)
