"""What the modules for each format find out about a film or a sound."""

from __future__ import annotations

from msgspec import Struct


class Measures(Struct, frozen=True):
    """The size in pixels as the film is shown, and how long it lasts: 0 where the file does not say.

    `type` is the media type if it is not the usual one of the format.
    """

    seconds: float = 0
    width: int = 0
    height: int = 0
    has_pictures: bool = False
    type: str = ""
