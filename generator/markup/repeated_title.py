"""A text that begins with its own title, as most editors and old blogs have it: the page shows the title already."""

from __future__ import annotations

import re
from html import unescape
from unicodedata import normalize

_HEADING = re.compile(r"\s*<h1(?: [^<>]*)?>(.*?)</h1>", re.DOTALL)
_TAG = re.compile("<[^<>]*>")
_LIKE = str.maketrans("“”„«»‘’‚‹›–—‑\xa0", "\"\"\"\"\"'''''--- ")


def drop_repeated_title(html: str, title: str) -> str:
    """Take the first heading out of sanitised HTML if nothing is above it and its words are the title."""
    match = _HEADING.match(html) if "<h1" in html[:200] else None
    if match is None or _folded(unescape(_TAG.sub("", match[1]))) != _folded(title):
        return html
    return html[match.end() :]


def _folded(words: str) -> str:
    """Bring words to what they have in common however they are typed: case, spaces, quotation marks, dashes."""
    folded = normalize("NFKC", words).translate(_LIKE).casefold()
    return re.sub("-+", "-", " ".join(folded.split())).rstrip(".:")
