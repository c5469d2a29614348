"""Photos of kinds that browsers do not show: HEIC, TIFF and bitmaps become JPEG, or PNG where parts are transparent.

HEIC needs pillow-heif, which is installed with `openletter[heic]` and imported only here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from generator.errors import Problem, note
from generator.images.colours import in_colour
from generator.images.picture import MAX_PIXELS, Cleaned, DamagedError, TooLargeError
from generator.images.pixels import on_white, opened, upright

if TYPE_CHECKING:
    from PIL import Image

_QUALITY = 90
_MAX_JPEG_SIDE = 65_500
_OPAQUE = 255
_SUBFILE, _IS_SMALLER_COPY = 254, 1  # TIFF 6.0, 8: NewSubfileType
_LOOKED_AT = 9


def can_read_heic() -> bool:
    """Return True if the library for HEIC is installed."""
    return find_spec("pillow_heif") is not None


def convert_photo(path: str, kind: str, data: bytes) -> Cleaned:
    """Convert a photo of the kind "heic", "tiff" or "bmp", upright and without metadata; of several pages the first.

    `path` is the site-relative path for the note about further pages. Colours stay what they were, as in renditions.
    Cost: about 1 s for 12 million pixels of HEIC.

    Raises: DamagedError.
    """
    with _opened_heic(data) if kind == "heic" else opened(kind, data) as picture:
        picture.load()
        shown, profile = in_colour(upright(picture))
        if shown.mode == "RGBA" and shown.getchannel("A").getextrema() == (_OPAQUE, _OPAQUE):
            shown = on_white(shown)
        form = "png" if shown.mode == "RGBA" or max(shown.size) > _MAX_JPEG_SIDE else "jpeg"
        options: dict[str, Any] = {"icc_profile": profile} if profile else {}
        options |= (
            {"quality": _QUALITY, "subsampling": 0, "progressive": True} if form == "jpeg" else {"optimize": True}
        )
        problems = (_more_pages(path),) if kind == "tiff" and _has_more_pages(picture) else ()
        shown.info.clear()
        result = BytesIO()
        shown.save(result, form.upper(), **options)
    return Cleaned(result.getvalue(), *shown.size, problems, kind=form)


def _has_more_pages(picture: Image.Image) -> bool:
    """Return True if an opened TIFF has a page after the first; a small copy of the first is none."""
    try:
        for number in range(1, _LOOKED_AT if getattr(picture, "is_animated", False) else 0):
            picture.seek(number)
            if not picture.getexif().get(_SUBFILE, 0) & _IS_SMALLER_COPY:
                return True
    except Exception:  # noqa: S110  # the end, or damage after the first page, which is whole
        pass
    return False


def _more_pages(path: str) -> Problem:
    message = "The file has several pages, and readers see only the first."
    hint = "Save each page as a file of its own, and show them all; or publish a PDF, and link to it."
    return note(path, "picture-pages", message, hint)


@contextmanager
def _opened_heic(data: bytes) -> Iterator[Image.Image]:
    """Open the main picture of a HEIC, which its decoder turns; its size is checked before it is decoded."""
    import pillow_heif

    try:
        file = pillow_heif.open_heif(data)
        width, height = file.size
        if width * height > MAX_PIXELS:
            raise TooLargeError(width, height)
        picture = file.to_pillow()
        picture.info = {key: value for key, value in picture.info.items() if key == "icc_profile"}
        yield picture
    except DamagedError:
        raise
    except Exception as failure:  # the decoder raises nearly anything on hostile bytes
        raise DamagedError("its data is damaged") from failure
