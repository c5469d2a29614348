"""Which files are pictures, and of which kind: by name for the site's folders, by content for what is done to them."""

from __future__ import annotations

from pathlib import PurePosixPath

from generator.images import avif, bmp, gif, ico, jpeg, png, webp

_SHOWN = frozenset(
    [
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".png", ".apng"),
        *(".gif", ".webp", ".avif", ".bmp", ".ico", ".svg"),
    ]
)
_RAW = (
    *(".dng", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf"),
    *(".sr2", ".orf", ".rw2", ".raf", ".pef", ".srw", ".raw"),
)
_NOT_SHOWN = {
    **dict.fromkeys((".heic", ".heif", ".hif"), "HEIC"),
    **dict.fromkeys((".tif", ".tiff"), "TIFF"),
    **dict.fromkeys(_RAW, "camera raw"),
    **dict.fromkeys((".jp2", ".j2k", ".jpx"), "JPEG 2000"),
    **dict.fromkeys((".psd", ".psb"), "Photoshop"),
    ".jxl": "JPEG XL",
    ".svgz": "packed SVG",
}
_HEADS = (
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"8BPS", "Photoshop"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
)


def is_picture(path: str) -> bool:
    """Tell by its name whether a file is a picture, whether or not browsers can show it."""
    suffix = _suffix(path)
    return suffix in _SHOWN or suffix in _NOT_SHOWN


def picture_kind(path: str, data: bytes) -> str:
    """Name a picture's kind: jpeg, png, gif, webp, avif, bmp, ico or svg; "" for what is no picture.

    A drawing is known by its name alone, all others by their first bytes, as browsers do.
    """
    if _suffix(path) == ".svg":
        return "svg"
    kinds = {
        "jpeg": data.startswith(jpeg.MAGIC),
        "png": data.startswith(png.MAGIC),
        "gif": data.startswith(gif.MAGICS),
        "webp": webp.is_webp(data),
        "avif": avif.is_avif(data),
        "bmp": data.startswith(bmp.MAGIC),
        "ico": data.startswith(ico.MAGIC),
    }
    return next((kind for kind, fits in kinds.items() if fits), "")


def unshown_kind(path: str, data: bytes) -> str:
    """Name the kind of a picture that browsers cannot show; "" for all others."""
    if picture_kind(path, data):
        return ""
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1"):
        return "HEIC"
    by_content = next((kind for head, kind in _HEADS if data.startswith(head)), "")
    by_name = _NOT_SHOWN.get(_suffix(path), "")
    return by_name or by_content


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()
