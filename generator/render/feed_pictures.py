"""The lead picture of a feed's entry."""

from __future__ import annotations

from pathlib import PurePosixPath

from msgspec import Struct

_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
}


class FeedPicture(Struct, frozen=True):
    """The one file of a lead picture that a feed names: `src` is absolute; sizes are in pixels, 0 where unknown."""

    src: str
    alt: str
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """Return the media type by the file's name, "" for an unusual one."""
        return _TYPES.get(PurePosixPath(self.src).suffix.lower(), "")
