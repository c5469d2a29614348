"""Leave out a first heading that repeats the title, as many editors and old blogs write it."""

from __future__ import annotations

import re
from html import unescape
from unicodedata import normalize

_HEADING = re.compile(r"\s*<h1(?: [^<>]*)?>(.*?)</h1>", re.DOTALL)
_TAG = re.compile("<[^<>]*>")
_LIKE = str.maketrans("“”„«»‘’‚‹›–—‑\xa0", "\"\"\"\"\"'''''--- ")


def drop_repeated_title(html: str, title: str) -> str:
    """Remove the first heading of sanitised HTML if nothing is above it and its words are the title."""
    match = _HEADING.match(html) if "<h1" in html[:200] else None
    if match is None or _folded(unescape(_TAG.sub("", match[1]))) != _folded(title):
        return html
    return html[match.end() :]


def _folded(words: str) -> str:
    """Fold differences of typing: case, spaces, quotation marks, dashes."""
    folded = normalize("NFKC", words).translate(_LIKE).casefold()
    return re.sub("-+", "-", " ".join(folded.split())).rstrip(".:")
