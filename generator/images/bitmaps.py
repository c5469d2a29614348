"""Remove a picture's metadata and rotate it upright: bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from generator.errors import ContentError, error
from generator.images import avif, bmp, gif, ico, jpeg, png, webp
from generator.images.conversion import can_read_heic, convert_photo
from generator.images.formats import convertible_kind, picture_kind, unshown_kind
from generator.images.picture import MAX_PIXELS, Cleaned, DamagedError, Stripped, TooLargeError

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
_HEIC = (
    'Install the converter: pip install "openletter[heic]". Or set the iPhone to take JPEG photos: Settings > Camera > '
    "Formats > Most Compatible."
)
# The heads of bitmaps and icons were checked already; nothing else can be checked.
_UNDECODED = ("bmp", "ico")


def clean_bitmap(path: str, data: bytes) -> Cleaned:
    """Remove EXIF, GPS, XMP, IPTC, comments and thumbnails, apply the orientation, keep the colour profile.

    Nothing else changes: frames, transparency and, without rotation, every pixel stay the same. A picture with nothing
    to remove is returned byte for byte. HEIC, TIFF and bitmaps are converted to JPEG or PNG. `path` is the
    site-relative path for problems.

    Raises: ContentError, for what is no picture, is damaged, has more than 64 million pixels, or is of a kind that
    browsers cannot show.
    """
    kind = _recognise(path, data)
    try:
        if convertible_kind(path, data):
            return convert_photo(path, kind, data)
        stripped = _strip(kind, data)
        if stripped.orientation == 1:
            _verify(kind, stripped)
            return Cleaned(stripped.data, *stripped.shown, is_moving=stripped.is_animated, kind=kind)
        return _turned(path, kind, stripped)
    except TooLargeError as failure:
        message = f"The picture has {failure.size} pixels. The most it can have is 64 million."
        raise ContentError(error(path, "picture-size", message, "Make it smaller.")) from failure
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
    kind = convertible_kind(path, data)
    if kind == "heic" and not can_read_heic():
        message = "This is a HEIC photo, which browsers cannot show."
        raise ContentError(error(path, "picture-format", message, _HEIC))
    if not kind and (unshown := unshown_kind(path, data)):
        message = f"Browsers cannot show {unshown} pictures, and Openletter cannot remove their metadata."
        raise ContentError(error(path, "picture-format", message, _CONVERT))
    kind = kind or picture_kind(path, data)
    if not kind:
        what = "is empty" if not data else "is not a picture, although its name says so"
        hint = "Copy it again from where it came from, or save it again as JPEG or PNG."
        raise ContentError(error(path, "picture-damaged", f"The file {what}.", hint))
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


def _strip(kind: str, data: bytes) -> Stripped:
    stripped = _STRIP[kind](data)
    if stripped.width * stripped.height > MAX_PIXELS:
        raise TooLargeError(stripped.width, stripped.height)
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

    upright = _strip(kind, pixels.turn(kind, stripped))
    return Cleaned(upright.data, upright.width, upright.height, kind=kind)


def _damaged(path: str, failure: DamagedError) -> ContentError:
    hint = "Export or copy it again."
    return ContentError(error(path, "picture-damaged", f"The picture cannot be read: {failure}.", hint))
