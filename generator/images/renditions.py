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
    """What is to be drawn: width and height in pixels; "jpeg", "png", "webp" or "avif"; quality from 1 to 100.

    `wider` are the sizes that it is scaled through, the widest first.
    """

    width: int
    height: int
    form: str
    quality: int
    wider: tuple[tuple[int, int], ...] = ()


def draw(kind: str, data: bytes, wanted: Sequence[Drawing]) -> Iterator[tuple[Drawing, bytes]]:
    """Draw a picture, of moving ones the first frame, as each of `wanted`, the widest first.

    All must be of one set: the `wider` of each begin with the next wider one's, then that one's size. So each is scaled
    from the last, and its bytes depend on itself, the source and Pillow's version alone, not on what else is wanted.

    Colours stay what they were: a profile goes with the picture, and what JPEG or WebP cannot hold (CMYK, 16 bits) is
    converted to sRGB. Transparency stays, but for JPEG, which is laid on white. Memory: 8 bytes a pixel of the source.

    Raises: DamagedError.
    """
    widest = sorted(wanted, key=lambda each: -each.width)
    with opened(kind, data) as picture:
        if kind == "jpeg":
            picture.draft(picture.mode, _sizes(widest[0])[0])
        scaled, profile = in_colour(upright(picture) if kind == "avif" else picture)
        for one in widest:
            for width, height in _sizes(one):
                if width <= scaled.width and scaled.size != (width, height):
                    scaled = _scaled(scaled, width, height)
            yield one, _encoded(scaled, one, profile)


def _sizes(one: Drawing) -> tuple[tuple[int, int], ...]:
    return (*one.wider, (one.width, one.height))


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
