"""Pictures: their metadata removed, their size known. Functions over bytes; Pillow is imported where pixels matter."""

from generator.images.clean import clean, probe
from generator.images.formats import is_picture, kind_of
from generator.images.values import Cleaned, ImageInfo

__all__ = ["Cleaned", "ImageInfo", "clean", "is_picture", "kind_of", "probe"]
