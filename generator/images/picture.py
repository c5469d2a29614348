"""Values that describe a picture."""

from __future__ import annotations

from msgspec import Struct

from generator.errors import Problem

MAX_PIXELS = 64_000_000  # the largest panoramas of phones have 63 million


class DamagedError(Exception):
    """The bytes are not a whole picture; the message is half a sentence with the reason."""


class TooLargeError(DamagedError):
    """The picture has more pixels than `MAX_PIXELS`: width and height, 0 if they are unknown."""

    def __init__(self, width: int, height: int) -> None:
        self.size = f"{width:,} × {height:,}" if width else "far more than 64 million"
        super().__init__(f"it has {self.size} pixels")


class Cleaned(Struct, frozen=True):
    """A picture without metadata: its bytes, their kind, its size as shown in pixels (0 unknown), and warnings."""

    data: bytes
    width: int
    height: int
    problems: tuple[Problem, ...] = ()
    is_moving: bool = False
    kind: str = ""


class Stripped(Struct, frozen=True):
    """A picture taken apart: its bytes without metadata, not yet turned; size in pixels as stored.

    `orientation` is EXIF's, 1 to 8. `is_animated` and `is_deep` (16 bits a colour) name what Pillow cannot turn.
    """

    data: bytes
    width: int
    height: int
    orientation: int = 1
    is_animated: bool = False
    is_deep: bool = False

    @property
    def shown(self) -> tuple[int, int]:
        """Return width and height as shown."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)
