"""Make problems about what readers of a text do not see because of a slip of its author."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from generator.errors import Problem
from generator.markup.lost_html import lost_html
from generator.markup.lost_marks import lost_addresses, lost_notes, open_fence
from generator.markup.settings import MarkupSettings
from generator.markup.table_rows import lost_cells
from generator.markup.written_text import WrittenText

_MOST = 100
"""How many problems of one text are shown: each one costs a look at the whole text."""


def lost_words(path: str, text: str, first_line: int, html: str, settings: MarkupSettings) -> tuple[Problem, ...]:
    """Find what is lost of a text whose finished body is `html`. Most texts have none of the signs searched for."""
    source = WrittenText(path, text, first_line)
    return tuple(islice(_find(source, html, settings), _MOST))


def _find(source: WrittenText, html: str, settings: MarkupSettings) -> Iterator[Problem]:
    text = source.text
    if "<" in text:
        yield from lost_html(source, html, frozenset().union(*(addition.tags for addition in settings.additions)))
    if "```" in text or "~~~" in text:
        yield from open_fence(source)
    if "[^" in text:
        yield from lost_notes(source, html)
    if "|" in text:
        yield from lost_cells(source, bars_in_code=settings.engine == "commonmark")
    if "]" in text or "=" in text:
        yield from lost_addresses(source, html)
