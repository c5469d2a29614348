"""Repair front matter whose `---` became dashes, as phones and Word write them."""

from __future__ import annotations

import re

from generator.patterns import lazy_pattern

_INVISIBLE = "\ufeff\u200b\u200e\u2060"
_DASHES = lazy_pattern(rf"[{_INVISIBLE}]*([ \t\xa0]*)([-‐‑‒–—―−]+)[ \t\xa0{_INVISIBLE}]*")
_LEAST = 2
"""How many hyphens a border needs: phones turn two into a dash, and some remove the third."""

_WIDTHS = {"–": 2, "‒": 2, "—": 3, "―": 3}
_BLOCK = lazy_pattern(r"[|>][-+0-9]*\s*$")
_KEYS = lazy_pattern(
    r"[ \t]*[“\"']?(?:title|date|author|authors|tags|summary|slug|draft|series|subject)[”\"']?[ \t\xa0]*:",
    re.IGNORECASE,
)


def with_hyphens(text: str) -> str:
    """Replace the first line and the line that ends the front matter with `---`, if both are dashes.

    The numbers of the lines stay the same. A text whose first line is not dashes is returned unchanged.
    """
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines[:20]) if line.strip(f" \t\xa0{_INVISIBLE}")), 0)
    if not _is_border(lines[first]):
        return text
    for n in range(first + 1, len(lines)):
        if _is_border(lines[n]) and not (lines[n][:1].isspace() and _in_block(lines[n - 1])):
            return "\n".join([*[""] * first, "---", *lines[first + 1 : n], "---", *lines[n + 1 :]])
    return text


def begins_with_a_key(text: str) -> bool:
    """Return True if a text begins like front matter without its first line of hyphens."""
    return _KEYS.match(text.lstrip(f"\n {_INVISIBLE}")) is not None


def _is_border(line: str) -> bool:
    match = _DASHES.fullmatch(line)
    return match is not None and sum(_WIDTHS.get(sign, 1) for sign in match[2]) >= _LEAST


def _in_block(above: str) -> bool:
    """Return True if an indented line belongs to a text of several lines."""
    return above[:1].isspace() or _BLOCK.search(above) is not None
