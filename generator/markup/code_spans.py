"""Separate code from text in Markdown, so that tags and links inside code stay unchanged.

Scans for fences line by line, then for code spans in the paragraphs between. Takes linear time for any input.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator

from msgspec import Struct

_FENCE = re.compile(r"[\s>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)?(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)")
_RUN = re.compile(r"`+")
_BLANK = re.compile(r"\n[ \t]*(?=\n)")


class TextPiece(Struct, frozen=True):
    """Part of a text: `start` is its offset in the whole text, `code` whether it is code."""

    start: int
    text: str
    code: bool


def split_code(text: str) -> Iterator[TextPiece]:
    """Split a Markdown text into code and other text, in order; joined, the parts are the original."""
    start, fence = 0, ""
    at = 0
    for line in text.splitlines(keepends=True):
        match = _FENCE.match(line)
        if not fence:
            if match and not (match["mark"][0] == "`" and "`" in match["info"]):
                yield from _spans(text, start, at)
                start, fence = at, match["mark"]
        elif match and match["mark"].startswith(fence) and not match["info"].strip():
            yield TextPiece(start, text[start : at + len(line)], True)
            start, fence = at + len(line), ""
        at += len(line)
    if fence:
        yield TextPiece(start, text[start:], True)
    else:
        yield from _spans(text, start, at)


def change_outside_code(text: str, change: Callable[[TextPiece], str], inside: Callable[[str], str] = str) -> str:
    """Return the text with `change` applied to all parts that are not code, and `inside` to code."""
    return "".join(inside(piece.text) if piece.code else change(piece) for piece in split_code(text))


def _spans(text: str, start: int, end: int) -> Iterator[TextPiece]:
    """Split text between fences at its code spans: runs of backticks of equal length in one paragraph."""
    if start == end:
        return
    if text.find("`", start, end) < 0:
        yield TextPiece(start, text[start:end], False)
        return
    breaks = [match.start() for match in _BLANK.finditer(text, start, end)]
    runs: dict[tuple[int, int], deque[int]] = defaultdict(deque)
    found = []
    paragraph = 0
    for match in _RUN.finditer(text, start, end):
        while paragraph < len(breaks) and breaks[paragraph] < match.start():
            paragraph += 1
        key = (paragraph, len(match[0]))
        runs[key].append(match.start())
        found.append((match.start(), key))
    at = start
    for place, key in found:
        places = runs[key]
        while places and places[0] <= place:
            places.popleft()
        if place < at or not places:
            continue
        close = places[0] + key[1]
        yield from _plain(text, at, place)
        yield TextPiece(place, text[place:close], True)
        at = close
    yield from _plain(text, at, end)


def _plain(text: str, start: int, end: int) -> Iterator[TextPiece]:
    if start < end:
        yield TextPiece(start, text[start:end], False)
