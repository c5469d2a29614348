"""Keep links to headings working, because generators derive a heading's id in different ways.

If a link uses an id that the heading had on the old site and would not get here, the heading gets that id explicitly.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection
from urllib.parse import unquote

from generator.importers.plain_words import strip_markup
from generator.markup.code_spans import split_code
from generator.slugs import slugify

_HEADING = re.compile(
    r"^(?:(?P<line>#{1,6}[ \t]+(?P<text>[^\n]*?))(?P<end>[ \t]*#*[ \t]*)"
    r"|(?P<over>[^\s>#|`~<\n-][^\n|]*?)(?P<under>[ \t]*\n(?:=+|-{3,})[ \t]*))$",
    re.MULTILINE,
)
_WRITTEN_ID = re.compile(r"""(?:id|name)=["']([^"'\n]+)["']|\{:?\s*#([\w:.-]+)""")
_HAS_ID = re.compile(r"\{:?[^{}]*#[\w:.-]+[^{}]*\}\s*$")


def add_heading_ids(text: str, wanted: Collection[str], old_ids: Callable[[str], set[str]]) -> str:
    """Add the ids that links use to their headings: `## Why not? {#why-not}`.

    `old_ids` returns the ids that a heading with these words may have had on the old site.
    """
    left = {unquote(each) for each in wanted} - {match[1] or match[2] for match in _WRITTEN_ID.finditer(text)}
    if not left:
        return text
    fences = [(piece.start, piece.start + len(piece.text)) for piece in split_code(text) if piece.code]

    def one(match: re.Match[str]) -> str:
        written = (match["text"] or match["over"] or "").strip()
        at = bisect_right(fences, (match.start(), len(text) + 1)) - 1
        if not written or _HAS_ID.search(written) or (at >= 0 and match.start() < fences[at][1]):
            return match[0]
        words = strip_markup(written)
        names = (left & old_ids(words)) - {slugify(words)}
        if not names:
            return match[0]
        name = min(names)
        left.discard(name)
        return f"{(match['line'] or match['over']).rstrip()} {{#{name}}}{match['under'] or ''}"

    return _HEADING.sub(one, text)
