"""Remove the metadata of pictures and find their sizes, from bytes. Pillow is imported only where pixels matter."""

from generator.images.bitmaps import without_metadata
from generator.images.cleaner import clean_picture
from generator.images.formats import (
    CONVERTED_SUFFIXES,
    HEAD_BYTES,
    is_picture,
    is_picture_file,
    picture_kind,
    wrong_label,
)
from generator.images.picture import Cleaned

__all__ = [
    "CONVERTED_SUFFIXES",
    "HEAD_BYTES",
    "Cleaned",
    "clean_picture",
    "is_picture",
    "is_picture_file",
    "picture_kind",
    "without_metadata",
    "wrong_label",
]
