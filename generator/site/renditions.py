"""Renditions: the sizes and formats in which pages show a picture. Decided here, drawn by `images`.

A photo of 12 megapixels is too large for a phone. So each picture that a page shows is published in a few widths, in
its own format and in smaller ones, and the browser takes the one that fits.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePosixPath
from typing import Literal

from msgspec import Struct

from generator.config.options import ImagesConfig
from generator.digest import digest_bytes
from generator.site.index_model import PictureSize

Form = Literal["jpeg", "png", "webp", "avif"]

RECIPE = 1
"""Raise it when pictures are drawn in another way: all renditions get other names."""
LEAST_WIDTH = 240
"""Pixels: below, a picture is small enough as it is."""
_OWN: dict[str, Form] = {"jpeg": "jpeg", "png": "png", "webp": "webp", "avif": "avif", "gif": "png"}
_SUFFIXES: dict[Form, str] = {"jpeg": ".jpg", "png": ".png", "webp": ".webp", "avif": ".avif"}
_CONVERTED = frozenset([".heic", ".heif", ".hif", ".tif", ".tiff", ".bmp"])
"""What names of pictures end in that `images` converts: the published one gets another suffix."""
_SMALLEST_FIRST: tuple[Form, ...] = ("avif", "webp")
_CLOSE = 1.2  # a width less than a fifth above the next smaller one is not worth a file


class Rendition(Struct, frozen=True):
    """A picture in one width and format: the output path, size in pixels, and quality from 1 to 100.

    `wider` are the sizes that it is scaled through, the widest first: its bytes depend on them, and so does its name.
    `is_original` says that it is the published picture itself, and nothing is drawn.
    """

    path: str
    width: int
    height: int
    form: Form
    quality: int
    wider: tuple[tuple[int, int], ...] = ()
    is_original: bool = False


@lru_cache(maxsize=1_024)  # a picture is in many lists, and its names take a third of a millisecond
def find_renditions(output: str, size: PictureSize, settings: ImagesConfig) -> tuple[Rendition, ...]:
    """List the renditions of the picture at an output path, by format, then width; () if it is shown as it is.

    Drawings, moving pictures and very small ones are. The first format is the picture's own; of the others a browser
    takes the first that it knows, so the smallest comes first.
    """
    own = _OWN.get(size.kind)
    if own is None or not size.digest or not settings.widths:
        return ()
    smaller = [form for form in _SMALLEST_FIRST if form in settings.formats and own not in (form, "avif")]
    sizes = [(width, max(1, round(size.height * width / size.width))) for width in _widths(size, settings)]
    return tuple(
        _rendition(output, size, tuple(sizes[place:]), form, settings.quality)
        for form in (own, *smaller)
        for place in range(len(sizes))
    )


def may_be_scaled(kind: str, width: int, height: int, *, is_moving: bool) -> bool:
    """Return True for a picture that pages show in other sizes: no drawing, no moving picture, and not very small."""
    return kind in _OWN and not is_moving and width >= LEAST_WIDTH and height > 0


def added_suffix(path: str, kind: str) -> str:
    """Return what a published picture's name gets at the end, because it is of another kind than its source: ".jpg"."""
    is_converted = kind in ("jpeg", "png") and PurePosixPath(path).suffix.lower() in _CONVERTED
    return _SUFFIXES[_OWN[kind]] if is_converted else ""


def _widths(size: PictureSize, settings: ImagesConfig) -> list[int]:
    """Choose the widths: those of the settings below the picture's own, which closes them if it is not the largest.

    The largest is always among them, also if the settings name it as `max_width` alone.
    """
    most = settings.max_width or max(settings.widths)
    wanted = sorted({most, *(width for width in settings.widths if width < most)})
    chosen = [width for width in wanted if width * _CLOSE <= size.width or width == most < size.width]
    if size.width <= most and size.width not in chosen:
        chosen.append(size.width)
    return chosen


def _rendition(
    output: str, picture: PictureSize, sizes: tuple[tuple[int, int], ...], form: Form, quality: int
) -> Rendition:
    """Make a rendition of the first of `sizes`; it is scaled through the others."""
    (width, height), wider = sizes[0], sizes[:0:-1]
    if width == picture.width and form == picture.kind:
        return Rendition(output, width, height, form, quality, is_original=True)
    recipe = f"{RECIPE} {picture.digest} {sizes} {form} {quality}"
    stem = PurePosixPath(output).with_suffix("")
    stem = stem.with_suffix("") if stem.suffix.lower() in _CONVERTED else stem
    name = f"{stem}.{width}.{digest_bytes(recipe.encode())[:8]}{_SUFFIXES[form]}"
    return Rendition(name, width, height, form, quality, wider)
