"""Work on a picture's pixels with Pillow: check that it can be shown, rotate it, resize it.

Callers have checked the size in the picture's head and removed its metadata, so Pillow never sees a decompression bomb,
neither in the picture nor in its texts.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from generator.images import webp
from generator.images.picture import MAX_PIXELS, DamagedError, Stripped, TooLargeError

if TYPE_CHECKING:
    from PIL import Image

_DRAFT = 8
_WEBP_QUALITY = 95
_MAIL_QUALITY = 82


def verify(kind: str, data: bytes) -> None:
    """Decode a picture once (the first frame if animated), a JPEG at an eighth of its size.

    Raises: DamagedError. Cost: about 10 ms a million pixels.
    """
    with opened(kind, data) as picture:
        if kind == "jpeg":
            width, height = picture.size
            picture.draft(picture.mode, (max(1, width // _DRAFT), max(1, height // _DRAFT)))
        picture.load()


def size_of_avif(data: bytes) -> tuple[int, int]:
    """Read an AVIF's size as shown.

    Raises: DamagedError.
    """
    with opened("avif", data) as picture:
        width, height = picture.size
        # Pillow reports the format's own rotation as an EXIF orientation.
        turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (height, width) if turned else (width, height)


def turn(kind: str, picture: Stripped) -> bytes:
    """Rotate a picture upright and save it with as little loss as its kind allows.

    A JPEG keeps its quantisation tables, turned with it, and its subsampling; a PNG and a lossless WebP lose nothing.

    Raises: DamagedError.
    """
    with opened(kind, picture.data) as stored:
        stored.load()
        how = _options(kind, stored, picture)
        turned = stored.transpose(_methods()[picture.orientation])
        if profile := stored.info.get("icc_profile"):
            how["icc_profile"] = profile
        turned.info.pop("comment", None)
        result = BytesIO()
        turned.save(result, **how)
    return result.getvalue()


def scale(kind: str, data: bytes, width: int, height: int, form: str) -> bytes:
    """Resize a picture (the first frame if animated) and save it as `form`: "jpeg" (on white) or "png".

    The colour profile stays. The bytes depend on the arguments and Pillow's version alone.

    Raises: DamagedError.
    """
    with opened(kind, data) as picture:
        profile = picture.info.get("icc_profile")
        if kind == "jpeg":
            picture.draft(picture.mode, (width, height))
        shown = upright(picture) if kind == "avif" else picture
        drawn = _opaque(shown) if form == "jpeg" else shown.convert("RGBA" if has_alpha(shown) else "RGB")
        if drawn.mode == "RGB" and shown.mode not in ("RGB", "RGBA", "P", "PA"):
            profile = None  # it described the colours of another mode
        from PIL.Image import Resampling

        scaled = drawn if drawn.size == (width, height) else drawn.resize((width, height), Resampling.LANCZOS)
        result = BytesIO()
        how: dict[str, Any] = {"quality": _MAIL_QUALITY, "progressive": True} if form == "jpeg" else {}
        scaled.info.clear()
        scaled.save(result, form.upper(), optimize=True, **how, **({"icc_profile": profile} if profile else {}))
    return result.getvalue()


def crop(kind: str, data: bytes, width: int, height: int, focus: tuple[int, int], form: str) -> bytes:
    """Crop a picture to the proportions of `width` and `height`, resize it, and save it as `form`.

    `focus` is the place that must stay, in per cent from the left and from the top.

    Raises: DamagedError.
    """
    with opened(kind, data) as picture:
        shown = upright(picture) if kind == "avif" else picture
        wide, high = shown.size
        across, down = min(wide, round(high * width / height)), min(high, round(wide * height / width))
        left, top = (
            (whole - part) * place // 100
            for whole, part, place in zip((wide, high), (across, down), focus, strict=True)
        )
        from PIL.Image import Resampling

        part = _opaque(shown) if form == "jpeg" else shown.convert("RGBA" if has_alpha(shown) else "RGB")
        scaled = part.resize((width, height), Resampling.LANCZOS, box=(left, top, left + across, top + down))
        result = BytesIO()
        how: dict[str, Any] = {"quality": _MAIL_QUALITY, "progressive": True} if form == "jpeg" else {}
        scaled.info.clear()
        scaled.save(result, form.upper(), optimize=True, **how)
    return result.getvalue()


def upright(picture: Image.Image) -> Image.Image:
    """Turn an opened AVIF the right way up."""
    from PIL import ImageOps

    return ImageOps.exif_transpose(picture)


def has_alpha(picture: Image.Image) -> bool:
    """Return True if some of a picture's pixels may be transparent."""
    return picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info


def on_white(picture: Image.Image) -> Image.Image:
    """Lay an RGBA picture on white; any other stays as it is."""
    from PIL import Image

    if picture.mode != "RGBA":
        return picture
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def _opaque(picture: Image.Image) -> Image.Image:
    """Put a picture on white, because JPEG has no transparency."""
    return on_white(picture.convert("RGBA")) if has_alpha(picture) else picture.convert("RGB")


def _options(kind: str, stored: Image.Image, picture: Stripped) -> dict[str, Any]:
    if kind == "jpeg":
        return _jpeg_options(stored, is_sideways=picture.orientation >= 5)
    if kind == "webp":
        is_lossless = webp.is_lossless(picture.data)
        return {"format": "WEBP", "lossless": is_lossless, "quality": _WEBP_QUALITY, "exact": True}
    return {"format": "PNG"}


def _jpeg_options(stored: Image.Image, *, is_sideways: bool) -> dict[str, Any]:
    from PIL import JpegImagePlugin

    assert isinstance(stored, JpegImagePlugin.JpegImageFile)
    tables = [list(stored.quantization[key]) for key in sorted(stored.quantization)]
    if is_sideways:
        tables = [[table[column * 8 + row] for row in range(8) for column in range(8)] for table in tables]
    sampling = JpegImagePlugin.get_sampling(stored)
    if is_sideways and sampling == 1:
        sampling = 0  # 4:2:2 halves one direction only: after rotation, it would halve the wrong one
    # Neither progressive nor optimised: 6 % larger, but six times as fast. Pages show renditions of the picture.
    options: dict[str, Any] = {"format": "JPEG", "qtables": tables}
    return options | ({"subsampling": sampling} if sampling >= 0 else {})


def _methods() -> dict[int, Any]:
    from PIL.Image import Transpose

    return {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }


@contextmanager
def opened(kind: str, data: bytes) -> Iterator[Image.Image]:
    """Open a picture of one kind; any error of Pillow's on damaged bytes becomes a DamagedError.

    Raises: TooLargeError before anything is decoded.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=(kind.upper(),)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise TooLargeError(picture.width, picture.height)
                yield picture
    except DamagedError:
        raise
    except Image.DecompressionBombError:
        raise TooLargeError(0, 0) from None
    except Exception as failure:  # Pillow's decoders raise nearly anything on hostile bytes
        raise DamagedError("its data is damaged") from failure
