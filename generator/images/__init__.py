"""Pictures: their metadata removed, their size known. Functions over bytes; Pillow is imported where pixels matter."""

from generator.images.clean import clean, probe, without_metadata
from generator.images.formats import HEAD_BYTES, is_picture, is_picture_file, kind_of
from generator.images.values import Cleaned, ImageInfo

__all__ = [
    "HEAD_BYTES",
    "Cleaned",
    "ImageInfo",
    "clean",
    "is_picture",
    "is_picture_file",
    "kind_of",
    "probe",
    "without_metadata",
]
