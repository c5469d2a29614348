"""Front matter whose lines of hyphens are not three hyphens: phones and Word make dashes of them."""

from __future__ import annotations

import re

_INVISIBLE = "\ufeff\u200b\u200e\u2060"
_DASHES = re.compile(rf"[{_INVISIBLE}]*([ \t\xa0]*)([-‐‑‒–—―−]+)[ \t\xa0{_INVISIBLE}]*")
_LEAST = 2
"""How many hyphens make a line of them: phones turn two into a dash, and some take the third away."""

_WIDTHS = {"–": 2, "‒": 2, "—": 3, "―": 3}
_BLOCK = re.compile(r"[|>][-+0-9]*\s*$")
_KEYS = re.compile(
    r"[ \t]*[“\"']?(?:title|date|author|authors|tags|summary|slug|draft|series|subject)[”\"']?[ \t\xa0]*:",
    re.IGNORECASE,
)


def with_hyphens(text: str) -> str:
    """Put `---` in the place of the first line and of the one that ends the front matter, if both are dashes.

    Every line stays on its line. A text whose first line is none of dashes is given back as it is.
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
    """Return True if a text begins as front matter does, but for the hyphens above it."""
    return _KEYS.match(text.lstrip(f"\n {_INVISIBLE}")) is not None


def _is_border(line: str) -> bool:
    match = _DASHES.fullmatch(line)
    return match is not None and sum(_WIDTHS.get(sign, 1) for sign in match[2]) >= _LEAST


def _in_block(above: str) -> bool:
    """Return True if a line that is set in belongs to a text of several lines."""
    return above[:1].isspace() or _BLOCK.search(above) is not None
