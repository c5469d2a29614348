"""Alternative texts: which pictures have none, which are decorative, and which words describe nothing.

Engines write the same HTML for `![](a.jpg)` and for `<img src="a.jpg" alt="">`, but only the second says that a picture
is decorative. So a mark goes into the brackets of the first, and comes out with the attribute.
"""

from __future__ import annotations

import re
from posixpath import splitext
from urllib.parse import unquote, urlsplit

from generator.markup.characters import CAPTION, WORDLESS
from generator.patterns import lazy_pattern

_EMPTY = lazy_pattern(r"(!\[)[ \t]*(?=\][(\[])")
_DECORATIVE = lazy_pattern(r"\s*decorative\s*:\s*", re.I)
_FILE = lazy_pattern(r"\S+\.(?:jpe?g|png|gif|webp|avif|hei[cf]|tiff?|bmp|svg|jfif)", re.I)
_CAMERA = lazy_pattern(r"(?:IMG|DSC[NF]?|PXL|MVIMG|DCIM|VID|WP|P|GOPR|Screenshot)[ _-]?\d[\w .-]*", re.I)
_NUMBERED = lazy_pattern(r"[\s._-]*\d*\W*$")
_FILE_SIGN = lazy_pattern(r"\d|_|-.*-")
_NAMES_OF_PICTURES = frozenset(
    [
        *("image", "img", "photo", "photograph", "picture", "pic", "graphic"),
        *("delwedd", "ffoto", "ffotograff", "llun"),
        *("photographie", "abbildung", "bild", "foto", "fotografie"),
        *("fotografía", "imagen", "الصورة", "صورة"),
    ]
)
"""English, Welsh, French, German, Spanish and Arabic."""


def mark_wordless(text: str) -> str:
    """Put a mark into the brackets of Markdown pictures without words."""
    return _EMPTY.sub(rf"\1{WORDLESS}", text) if "![" in text else text


def drop_wordless(html: str) -> str:
    """Remove the marks from sanitised HTML, and with them the empty attributes that nobody wrote."""
    if WORDLESS not in html:
        return html
    return html.replace(f' alt="{WORDLESS}"', "").replace(WORDLESS, "")


def split_decorative(title: str) -> tuple[bool, str]:
    """Return whether a picture's title begins with `decorative:`, and the rest of the title."""
    match = _DECORATIVE.match(title)
    return (True, title[match.end() :].strip()) if match else (False, title.strip())


def are_same(alt: str, caption: str) -> bool:
    """Return True if a screen reader would say the same twice."""
    return bool(alt.strip() and caption.strip()) and _folded(alt) == _folded(caption)


def mark_repeated(alt: str) -> str:
    """Mark an alternative text that the caption repeats: it is shown only in place of a missing picture."""
    return CAPTION + alt.strip()


def describe_weak(alt: str, src: str) -> str:
    """Say why an alternative text describes nothing; "" for a good one."""
    words = alt.strip()
    if not words:
        return ""
    stem = splitext(unquote(urlsplit(src).path).rpartition("/")[2])[0]
    if _FILE.fullmatch(words) or _CAMERA.fullmatch(words) or (words == stem and _FILE_SIGN.search(stem)):
        return "is a file name"
    name = _NUMBERED.sub("", words).casefold()
    return "does not say what the picture shows" if name in _NAMES_OF_PICTURES else ""


def _folded(words: str) -> str:
    return " ".join(words.split()).rstrip(".").casefold()
