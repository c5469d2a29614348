"""Rewrite lists with Word's bullets for CommonMark, before the text is parsed.

The parser's events locate code and HTML, and nothing in them changes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from generator.markup.bullets import BULLET, WORD_BULLET
from generator.patterns import lazy_pattern

_LINE = lazy_pattern(
    rf"^([ \t>]*)(?:(?:{BULLET})[ \xa0\t]*|(?:{WORD_BULLET})(?:\t[ \xa0\t]*|[ ]{{3}}(?=\S))"
    r"|([-*+]|\d{1,9}[.)])\xa0[ \xa0\t]*)",
    re.MULTILINE,
)
_ANY = re.compile(f"\n[ \t>]*(?:{BULLET}|(?:{WORD_BULLET})(?:\t|   )|[-*+]\xa0|[0-9]+[.)]\xa0)")
"""The same after a line end: a search for a plain character is three times as fast."""

_VERBATIM = ("Code", "InlineHtml", "Html")
_ROUNDS = 8
"""How often lines are rewritten: each round may turn indented code below into a list in a list."""

Events = Callable[[str], Iterable[tuple[Any, Any]]]
"""Returns the parser's events for a text, each with its range in bytes: `start` and `end`."""


def rewrite_bullets(text: str, events: Events) -> str:
    """Replace each bullet at the start of a line with a hyphen."""
    if not _ANY.search(f"\n{text}"):
        return text
    for _ in range(_ROUNDS):
        lines = list(_LINE.finditer(text))
        if not lines:
            break
        rewritten = _rewrite(text, lines, list(_verbatim(events(text))))
        if rewritten == text:
            break
        text = rewritten
    return text


def _rewrite(text: str, lines: list[re.Match[str]], verbatim: list[tuple[int, int]]) -> str:
    starts = [start for start, _ in verbatim]
    pieces: list[str] = []
    done = place = 0
    for line in lines:
        place += len(text[done : line.start()].encode())
        bullet = place + len(line[1].encode())
        pieces.append(text[done : line.start()])
        before = bisect_right(starts, bullet) - 1
        is_code = before >= 0 and verbatim[before][1] > bullet
        pieces.append(line[0] if is_code else f"{line[1]}{line[2] or '-'} ")
        place, done = place + len(line[0].encode()), line.end()
    return "".join([*pieces, text[done:]])


def _verbatim(events: Iterable[tuple[Any, Any]]) -> Iterator[tuple[int, int]]:
    """List the ranges of code and HTML, in order."""
    for event, place in events:
        name = next(iter(event)) if isinstance(event, dict) else event
        kind = event["Start"] if name == "Start" else None
        if name in _VERBATIM or kind == "HtmlBlock" or (isinstance(kind, dict) and "CodeBlock" in kind):
            yield place["start"], place["end"]
