"""Pictures: their metadata removed, their size known. Functions over bytes; Pillow is imported where pixels matter."""

from generator.images.cleaner import clean_picture
from generator.images.formats import is_picture, picture_kind
from generator.images.picture import Cleaned

__all__ = ["Cleaned", "clean_picture", "is_picture", "picture_kind"]
