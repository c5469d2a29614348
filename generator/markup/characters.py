"""Characters that may not enter a body: control characters, surrogates, and Unicode's noncharacters.

We use noncharacters as delimiters of the placeholders in a stored body (see `placeholders`), so an author's text must
never contain one, not even as a numeric reference. XML, and so a feed, forbids the others.

Source: XML 1.0, production 2 (Char); Unicode 23.7 (Noncharacters).
"""

from __future__ import annotations

import re

from generator.patterns import lazy_pattern

OPEN = "\ufdd0"
CLOSE = "\ufdd1"
MORE = "\ufdd2"
"""Replaces `<!--more-->` from before sanitising until the excerpt is cut."""
WORDLESS = "\ufdd3"
"""In the brackets of a Markdown picture without words, until its HTML is sanitised."""
NAME = "\ufdd5"
"""Around the number of a reader's name in an issue, until its HTML is sanitised."""
CAPTION = "\ufdd4"
"""At the head of an alternative text that the caption repeats."""

_PLANES = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
_REFUSED = lazy_pattern(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANES}]")
_BREAKS = str.maketrans("\x0b\x0c", "  ")
"""Line and page breaks of Word and PowerPoint: the words before and after them stay apart."""

_HARMLESS = bytes([9, 10, 13, *range(32, 127)])
_REFERENCE = lazy_pattern(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def strip_refused(text: str) -> str:
    """Remove the characters that may not enter a body. Leaving out ASCII first makes the search ten times as fast."""
    others = text.encode("utf-8", "surrogatepass").translate(None, _HARMLESS)
    if not _REFUSED.search(others.decode("utf-8", "surrogatepass")):
        return text
    return _REFUSED.sub("", text.translate(_BREAKS))


def strip_references(html: str) -> str:
    """Remove numeric references to characters that may not enter a body or do not exist.

    A search for one character is ten times as fast as one for two.
    """
    return _REFERENCE.sub(_keep_allowed, html) if "#" in html and "&#" in html else html


def _keep_allowed(match: re.Match[str]) -> str:
    hexadecimal, decimal = match.groups()
    digits = (hexadecimal or decimal).lstrip("0")
    if not digits or len(digits) > 7:
        return ""
    number = int(digits, 16 if hexadecimal else 10)
    return "" if number > 0x10FFFF or _REFUSED.match(chr(number)) else match[0]
