"""Keep links to headings alive: every generator makes a heading's id in its own way, and ours is another.

Where a link asks for an id that a heading had there and would not have here, the heading is given it in writing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection
from urllib.parse import quote, unquote

from generator.importers.code_spans import pieces
from generator.importers.markdown.front_matter_keys import plain_words
from generator.slugs import slugify

_HEADING = re.compile(
    r"^(?:(?P<line>#{1,6}[ \t]+(?P<text>[^\n]*?))(?P<end>[ \t]*#*[ \t]*)"
    r"|(?P<over>[^\s>#|`~<\n-][^\n|]*?)(?P<under>[ \t]*\n(?:=+|-{3,})[ \t]*))$",
    re.MULTILINE,
)
_WRITTEN_ID = re.compile(r"""(?:id|name)=["']([^"'\n]+)["']|\{:?\s*#([\w:.-]+)""")
_HAS_ID = re.compile(r"\{:?[^{}]*#[\w:.-]+[^{}]*\}\s*$")


def name_headings(text: str, wanted: Collection[str]) -> str:
    """Write the ids that links ask for behind the headings that had them: `## Why not? {#why-not}`."""
    left = {unquote(each) for each in wanted} - {match[1] or match[2] for match in _WRITTEN_ID.finditer(text)}
    if not left:
        return text
    fences = [(piece.start, piece.start + len(piece.text)) for piece in pieces(text) if piece.code]

    def one(match: re.Match[str]) -> str:
        written = (match["text"] or match["over"] or "").strip()
        at = bisect_right(fences, (match.start(), len(text) + 1)) - 1
        if not written or _HAS_ID.search(written) or (at >= 0 and match.start() < fences[at][1]):
            return match[0]
        words = plain_words(written)
        names = (left & ids_elsewhere(words)) - {slugify(words)}
        if not names:
            return match[0]
        name = min(names)
        left.discard(name)
        return f"{(match['line'] or match['over']).rstrip()} {{#{name}}}{match['under'] or ''}"

    return _HEADING.sub(one, text)


def ids_elsewhere(words: str) -> set[str]:
    """Give the ids that a heading of these words has in kramdown, on GitHub and in Hugo, Pelican, Eleventy and Zola."""
    low = words.lower().strip()
    github = re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", low))
    kramdown = re.sub(r"[^a-z0-9 -]", "", re.sub(r"^[^a-z]+", "", low)).replace(" ", "-")
    ascii_ = unicodedata.normalize("NFKD", low).encode("ascii", "ignore").decode()
    pelican = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_).strip())
    eleventy = quote(re.sub(r"\s+", "-", low), safe="!'()*~")
    return {each for each in (github, kramdown, pelican, unquote(eleventy), eleventy, slugify(ascii_)) if _fits(each)}


def _fits(name: str) -> bool:
    return re.fullmatch(r"[\w:.-]+", name) is not None
