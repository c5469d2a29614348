"""Clean the short texts of front matter: remove characters that no page, feed or terminal can show."""

from __future__ import annotations

import re
import unicodedata

from generator.patterns import lazy_pattern

MAX_TITLE_CHARS = 300
MAX_NAME_CHARS = 200
MAX_TEXT_CHARS = 10_000

# Marks that change the direction of the text after them: "exe.fdp" would read "pdf.exe" (Unicode TR 36 §2.2). The
# implicit marks (LRM, RLM, ALM) and joiners stay, because some scripts need them.
_BIDI = lazy_pattern("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = lazy_pattern("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]+")
_CONTROL_IN_BLOCK = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]+")
_SURROGATE = lazy_pattern("[\ud800-\udfff]")


_LOST = lazy_pattern("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def has_controls(text: str) -> bool:
    """Return True if a text has control characters, which `one_line` removes; white space does not count."""
    return _LOST.search(text) is not None


def one_line(text: str) -> str:
    """Write a text as one line in NFC: without control characters and bidirectional overrides, runs of space as one.

    Raises ValueError with a sentence for half a surrogate pair, which no encoding can write.
    """
    text = text.strip()
    if not text.isprintable():  # fast, and true for nearly every text: then all its white space is spaces
        if _SURROGATE.search(text):
            raise ValueError("It holds half of a character (a lone surrogate).")
        text = " ".join(_BIDI.sub("", _CONTROL.sub(_keep_space, text)).split())
    elif "  " in text:
        text = " ".join(text.split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def block(text: str) -> str:
    """Clean a text that keeps its lines and indentation. Raises ValueError as `one_line` does."""
    if _SURROGATE.search(text):
        raise ValueError("It holds half of a character (a lone surrogate).")
    return _BIDI.sub("", _CONTROL_IN_BLOCK.sub("", text)).strip("\n")


def printable(text: str, limit: int = 500) -> str:
    r"""Format a text so that any terminal can show it: a line break as `\n`, a lone surrogate as `\ud800`, cut."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text[:limit])
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _keep_space(match: re.Match[str]) -> str:
    """Replace line breaks, tabs and the like with a space; remove bells and escapes."""
    return " " if any(char.isspace() for char in match[0]) else ""
