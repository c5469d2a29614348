"""Find out which files are pictures, and of which kind: by name to list them, by content to process them."""

from __future__ import annotations

import re
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
    **dict.fromkeys((".jxr", ".wdp", ".hdp"), "JPEG XR"),
    ".jxl": "JPEG XL",
    ".svgz": "packed SVG",
}
_CONVERTIBLE = {"HEIC": "heic", "TIFF": "tiff"}
_BY_SUFFIX = {
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg"), "jpeg"),
    **dict.fromkeys((".png", ".apng"), "png"),
    **dict.fromkeys((".heic", ".heif", ".hif"), "heic"),
    **dict.fromkeys((".tif", ".tiff"), "tiff"),
    **{f".{kind}": kind for kind in ("gif", "webp", "avif", "bmp", "svg")},
}
_SUFFIXES = {"jpeg": ".jpg", "tiff": ".tif"}
_NAMES = {"gif": "GIF", "webp": "WebP", "bmp": "bitmap", "svg": "SVG drawing", "ico": "icon"}
_HEADS = (
    (b"II*\0\x10\0\0\0CR", "camera raw"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"IIU\0", "camera raw"),
    (b"IIRO", "camera raw"),
    (b"IIRS", "camera raw"),
    (b"MMOR", "camera raw"),
    (b"II\xbc\x01", "JPEG XR"),
    (b"II\x1a\0\0\0HEAP", "camera raw"),
    (b"FUJIFILMCCD-RAW", "camera raw"),
    (b"FOVb", "camera raw"),
    (b"\0MRM", "camera raw"),
    (b"8BPS", "Photoshop"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
)
# High efficiency image containers: still pictures, collections and sequences.
_HEIC = frozenset(b"heic heix heim heis hevc hevx hevm hevs mif1 mif2 msf1 miaf".split())
_BITMAP_HEADS = frozenset({12, 40, 52, 56, 64, 108, 124})
_TEXTS = frozenset([".html", ".htm", ".xhtml", ".txt", ".md", ".js", ".css"])
_DRAWING = re.compile(
    r"\ufeff?(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*<(?:\w+:)?svg[\s>/]", re.S | re.I
)
HEAD_BYTES = 4096


def is_picture(path: str) -> bool:
    """Return True if a file's name is that of a picture, even one that browsers cannot show."""
    suffix = _suffix(path)
    return suffix in _SHOWN or suffix in _NOT_SHOWN


def is_picture_file(path: str, head: bytes) -> bool:
    """Return True if a file is a picture by its first 4 KB or by its name.

    Bitmaps and icons begin with only a few bytes of their own, so more of their head is checked.
    """
    if is_picture(path):
        return True
    kind = picture_kind(path, head)
    if kind == "bmp":
        return head[6:10] == bytes(4) and int.from_bytes(head[14:18], "little") in _BITMAP_HEADS
    if kind == "ico":
        return len(head) >= 22 and 0 < head[4] <= 64 and head[5] == head[9] == 0
    return bool(kind or (unshown_kind(path, head) and not head.startswith(b"\xff\x0a")))


def picture_kind(path: str, data: bytes) -> str:
    """Name a picture's kind by its first bytes, as browsers do: a key of `MIMES`; "" for other files.

    A drawing is known by its name too, if its bytes are no other picture's.
    """
    kinds = {
        "jpeg": data.startswith(jpeg.MAGIC),
        "png": data.startswith(png.MAGIC),
        "gif": data.startswith(gif.MAGICS),
        "webp": webp.is_webp(data),
        "avif": avif.is_avif(data),
        "bmp": data.startswith(bmp.MAGIC),
        "ico": data.startswith(ico.MAGICS),
    }
    found = next((kind for kind, fits in kinds.items() if fits), "")
    return found or ("svg" if _suffix(path) == ".svg" or _is_drawing(path, data[:HEAD_BYTES]) else "")


def unshown_kind(path: str, data: bytes) -> str:
    """Name the kind of a picture that browsers cannot show; "" for all others."""
    if picture_kind(path, data):
        return ""
    if data[4:8] == b"ftyp":
        size = min(int.from_bytes(data[:4], "big"), 256)
        brands = {data[8:12]} | {data[at : at + 4] for at in range(16, size, 4)}
        if brands & _HEIC:
            return "HEIC"
        if b"crx " in brands:
            return "camera raw"
    by_content = next((kind for head, kind in _HEADS if data.startswith(head)), "")
    by_name = _NOT_SHOWN.get(_suffix(path), "")
    return by_name or by_content


def convertible_kind(path: str, data: bytes) -> str:
    """Name the kind of a picture that is converted before it is published: "heic", "tiff", "bmp"; "" for others."""
    kind = picture_kind(path, data)
    return ("bmp" if kind == "bmp" else "") if kind else _CONVERTIBLE.get(unshown_kind(path, data), "")


def wrong_label(path: str, data: bytes) -> tuple[str, str]:
    """Return what a picture is, in words, and the suffix it should have, if its name says that it is another; else "".

    Icons are not compared: every browser takes a PNG called favicon.ico.
    """
    expected = _BY_SUFFIX.get(_suffix(path), "")
    kind = picture_kind("", data) or convertible_kind("", data)
    if not expected or not kind or kind == expected:
        return "", ""
    return _NAMES.get(kind, kind.upper()), _SUFFIXES.get(kind, f".{kind}")


def _is_drawing(path: str, head: bytes) -> bool:
    """Return True if the root of an XML document is that of a drawing; elsewhere the word proves nothing."""
    if _suffix(path) in _TEXTS or is_picture(path):
        return False
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return bool(_DRAWING.match(head.decode("utf-16" if is_wide else "utf-8", "replace")))


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()
