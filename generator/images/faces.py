"""Typefaces for pictures with words: which words a font file can write, and how.

The face that comes with the program is laid out by Pillow alone, glyph after glyph with kerning, so its bytes are the
same wherever Pillow is. Other fonts are laid out by Raqm where it is there, because many scripts join or reorder their
letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from generator.digest import digest_bytes, digest_file

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Layout = Literal["basic", "raqm"]

_OWN = str(Path(__file__).parent / "fonts/newsreader-display.ttf")
OWN_CHARACTERS = frozenset(map(chr, (*range(0x21, 0x7F), *range(0xC0, 0x100)))) | frozenset("‘’“”–—…£€")
"""What the face that comes with the program certainly has. Most titles have no other, and Pillow is not asked."""
_PROBE_SIZE = 24
_NO_CHARACTER = "\U0010ffff"
_RIGHT_TO_LEFT = ("R", "AL")
_JOINERS = "\u200c\u200d"
_KEYCAP = "\u20e3"


class Face(Struct, frozen=True):
    """A font file, the digest of its bytes, and who lays out its words: Pillow, or Raqm with HarfBuzz and FriBidi."""

    file: str
    digest: str
    layout: Layout

    def at(self, size: int) -> FreeTypeFont:
        """Open the face at a size in pixels. Raises: OSError if the file is no font, or has other bytes now."""
        return _opened(self, size)


class SetText(Struct, frozen=True):
    """A text with the face that writes it; see `choose_face`."""

    text: str
    face: Face
    is_rtl: bool = False


def own_face() -> Face:
    """Return the face that comes with the program: the default theme's, for Latin letters."""
    return Face(_OWN, digest_file(Path(_OWN)), "basic")


def face_of(file: Path) -> Face:
    """Return the face in a font file, laid out as well as this machine can. Raises: OSError if it cannot be read."""
    from PIL import features

    has_raqm = features.check("raqm") and features.check("fribidi")
    return Face(str(file), digest_file(file), "raqm" if has_raqm else "basic")


def versions_of(face: Face) -> tuple[str | None, ...]:
    """Name the versions of the libraries that decide how the face looks."""
    import PIL
    from PIL import features

    libraries = ("freetype2", "raqm", "harfbuzz", "fribidi") if face.layout == "raqm" else ("freetype2",)
    return (PIL.__version__, *(features.version(name) for name in libraries))


def choose_face(text: str, faces: Sequence[Face]) -> SetText | None:
    """Choose the first face that can write a text; None if none can.

    What is no letter, such as an emoji, is left out if the face has no glyph for it.
    """
    plain = _normalised(text)
    for face in faces:
        written = _written(plain, face)
        if written:
            return SetText(written, face, _is_rtl(written))
    return None


def _normalised(text: str) -> str:
    """Compose accents, and make every space one that fonts have: a plain one, or one that does not break."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(_space(character) if character.isspace() else character for character in composed)


def _space(character: str) -> str:
    return "\u00a0" if character in "\u00a0\u202f\u2007" else " "


def _written(text: str, face: Face) -> str:
    """Return what the face writes of a text; "" if a letter is missing, or nothing is left."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if _is_invisible(character, category):
            if face.layout == "raqm" and character in _JOINERS:
                kept.append(character)
        elif character in (" ", "\u00a0") or (_can_write(face, character) and not _needs_raqm(character, face)):
            kept.append(character)
        elif category[0] != "S":
            return ""
    words = " ".join(filter(None, "".join(kept).split(" "))).strip("\u00a0")
    return words if any(map(str.isalnum, words)) else ""


def _is_invisible(character: str, category: str) -> bool:
    """Return True for controls, and for what only changes the emoji before it."""
    return category in ("Cc", "Cf", "Co", "Cn", "Cs") or "\ufe00" <= character <= "\ufe0f" or character == _KEYCAP


def _needs_raqm(character: str, face: Face) -> bool:
    """Return True for what Pillow alone would write in the wrong order, or beside its letter instead of above it."""
    if face.layout == "raqm":
        return False
    return unicodedata.bidirectional(character) in _RIGHT_TO_LEFT or unicodedata.category(character)[0] == "M"


def _is_rtl(text: str) -> bool:
    """Return True if the first letter is written from right to left. Source: Unicode UAX #9, rules P2 and P3."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in kinds if kind in ("L", *_RIGHT_TO_LEFT)), "L") != "L"


def _can_write(face: Face, character: str) -> bool:
    """Return True if a face has a character."""
    return (face.file == _OWN and character in OWN_CHARACTERS) or _has_glyph(face, character)


@lru_cache(maxsize=20_000)
def _has_glyph(face: Face, character: str) -> bool:
    """Return True if a character does not look like one that no font has."""
    font = face.at(_PROBE_SIZE)
    return _look(font, character) != _look(font, _NO_CHARACTER)


def _look(font: FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)


@lru_cache(maxsize=64)
def _opened(face: Face, size: int) -> FreeTypeFont:
    return _loaded(face).font_variant(size=size)


@lru_cache(maxsize=4)
def _loaded(face: Face) -> FreeTypeFont:
    """Read a font into memory: FreeType maps a file, and a process that reads one cut short meanwhile is killed."""
    from PIL import ImageFont

    data = Path(face.file).read_bytes()
    if digest_bytes(data) != face.digest:
        raise OSError(f"{face.file} has changed")
    engine = ImageFont.Layout.RAQM if face.layout == "raqm" else ImageFont.Layout.BASIC
    return ImageFont.truetype(BytesIO(data), _PROBE_SIZE, layout_engine=engine)
