"""Films, sound and documents: their metadata removed without a change of frames and pages."""

from generator.media.clean import CleanedMedia, clean_media, needs_cleaning

__all__ = ["CleanedMedia", "clean_media", "needs_cleaning"]
