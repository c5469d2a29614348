"""Draw a picture in several widths and formats: decoded once, scaled down step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from generator.images.colours import in_colour
from generator.images.pixels import on_white, opened, upright

if TYPE_CHECKING:
    from PIL import Image

_SHRINK = 3.0  # how many times as large a picture may be before it is averaged down first (`reducing_gap`)
_AVIF_SPEED = 7


class Drawing(Struct, frozen=True):
    """What is to be drawn: width and height in pixels; "jpeg", "png", "webp" or "avif"; quality from 1 to 100."""

    width: int
    height: int
    form: str
    quality: int


def draw(kind: str, data: bytes, wanted: Sequence[Drawing]) -> Iterator[tuple[Drawing, bytes]]:
    """Draw a picture, of moving ones the first frame, as each of `wanted`, the widest first.

    Colours stay what they were: a profile goes with the picture, and what JPEG or WebP cannot hold (CMYK, 16 bits) is
    converted to sRGB. Transparency stays, but for JPEG, which is laid on white. The bytes depend on the arguments and
    Pillow's version alone. Memory: 8 bytes a pixel of the source.

    Raises: DamagedError.
    """
    widest = sorted(wanted, key=lambda each: -each.width)
    with opened(kind, data) as picture:
        if kind == "jpeg":
            picture.draft(picture.mode, (widest[0].width, widest[0].height))
        scaled, profile = in_colour(upright(picture) if kind == "avif" else picture)
        for one in widest:
            if scaled.size != (one.width, one.height):
                scaled = _scaled(scaled, one.width, one.height)
            yield one, _encoded(scaled, one, profile)


def _scaled(picture: Image.Image, width: int, height: int) -> Image.Image:
    from PIL.Image import Resampling

    return picture.resize((width, height), Resampling.LANCZOS, reducing_gap=_SHRINK)


def _encoded(picture: Image.Image, one: Drawing, profile: bytes) -> bytes:
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    if one.form == "jpeg":
        picture = on_white(picture)
        options |= {"quality": one.quality, "optimize": True, "progressive": True}
    elif one.form == "png":
        options |= {"optimize": True}
    elif one.form == "webp":
        options |= {"quality": one.quality, "method": 4}
    else:  # the bytes of AVIF change with the number of threads
        options |= {"quality": max(1, one.quality - 20), "speed": _AVIF_SPEED, "max_threads": 1}
    result = BytesIO()
    picture.info.clear()
    picture.save(result, one.form.upper(), **options)
    return result.getvalue()
