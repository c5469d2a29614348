"""Remove a picture's metadata and rotate it upright: bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from generator.errors import ContentError, error
from generator.images import avif, bmp, gif, ico, jpeg, png, webp
from generator.images.formats import picture_kind, unshown_kind
from generator.images.picture import MAX_PIXELS, Cleaned, DamagedError, Stripped

_STRIP: Mapping[str, Callable[[bytes], Stripped]] = MappingProxyType(
    {
        "jpeg": jpeg.strip,
        "png": png.strip,
        "gif": gif.strip,
        "webp": webp.strip,
        "avif": avif.strip,
        "bmp": bmp.strip,
        "ico": ico.strip,
    }
)
_CONVERT = "Convert it to JPEG, and use that file."
_PHONE = (
    'Convert it to JPEG, or set the phone to take such photos (iPhone: Settings, Camera, Formats, "Most Compatible").'
)
# The heads of bitmaps and icons were checked already; nothing else can be checked.
_UNDECODED = ("bmp", "ico")


def clean_bitmap(path: str, data: bytes) -> Cleaned:
    """Remove EXIF, GPS, XMP, IPTC, comments and thumbnails, apply the orientation, keep the colour profile.

    Nothing else changes: frames, transparency and, without rotation, every pixel stay the same. A picture with nothing
    to remove is returned byte for byte. `path` is the site-relative path for problems.

    Raises: ContentError, for what is no picture, is damaged, has more than 50 million pixels, or is of a kind that
    browsers cannot show.
    """
    kind = _recognise(path, data)
    try:
        stripped = _strip(path, kind, data)
        _verify(kind, stripped)
        if stripped.orientation == 1:
            return Cleaned(stripped.data, stripped.width, stripped.height)
        return _turned(path, kind, stripped)
    except DamagedError as failure:
        raise _damaged(path, failure) from failure


def without_metadata(data: bytes) -> bytes | None:
    """Remove only the metadata of a picture in a document; a JPEG keeps its orientation.

    Returns None if it is not such a picture, or is damaged.
    """
    kind = picture_kind("", data)
    if kind not in _STRIP:
        return None
    try:
        stripped = _STRIP[kind](data)
    except DamagedError:
        return None
    if kind == "jpeg" and stripped.orientation != 1:
        return jpeg.with_orientation(stripped.data, stripped.orientation)
    return stripped.data


def _recognise(path: str, data: bytes) -> str:
    if unshown := unshown_kind(path, data):
        message = f"Browsers cannot show {unshown} pictures, and Openletter cannot remove their metadata."
        raise ContentError(error(path, "picture-format", message, _PHONE if unshown == "HEIC" else _CONVERT))
    kind = picture_kind(path, data)
    if not kind:
        hint = "Save it again as JPEG or PNG."
        raise ContentError(
            error(path, "picture-damaged", "This file is not a picture, although its name says so.", hint)
        )
    if kind == "avif":
        _refuse_sequence(path, data)
    return kind


def _refuse_sequence(path: str, data: bytes) -> None:
    try:
        if not avif.is_sequence(data):
            return
    except DamagedError as failure:
        raise _damaged(path, failure) from failure
    message = "The metadata of an animated AVIF cannot be removed."
    raise ContentError(error(path, "picture-format", message, "Convert it to WebP, and use that file."))


def _strip(path: str, kind: str, data: bytes) -> Stripped:
    stripped = _STRIP[kind](data)
    if stripped.width * stripped.height > MAX_PIXELS:
        size = f"{stripped.width:,} × {stripped.height:,}"
        message = f"The picture has {size} pixels. The most it can have is 50 million."
        raise ContentError(error(path, "picture-size", message, "Make it smaller."))
    return stripped


def _verify(kind: str, stripped: Stripped) -> None:
    if kind == "png":
        png.verify(stripped.data)
    elif kind not in _UNDECODED:
        from generator.images import pixels

        pixels.verify(kind, stripped.data)


def _turned(path: str, kind: str, stripped: Stripped) -> Cleaned:
    if stripped.is_animated or stripped.is_deep:
        what = "An animated picture" if stripped.is_animated else "A picture with 16 bits per colour"
        message = f"{what} is stored on its side, and cannot be turned without loss."
        raise ContentError(error(path, "picture-turned", message, "Turn it in a picture editor and save it again."))
    from generator.images import pixels

    upright = _strip(path, kind, pixels.turn(kind, stripped))
    return Cleaned(upright.data, upright.width, upright.height)


def _damaged(path: str, failure: DamagedError) -> ContentError:
    hint = "Export or copy it again."
    return ContentError(error(path, "picture-damaged", f"The picture cannot be read: {failure}.", hint))
