"""Make wide tables and code scroll by themselves, and reachable with a keyboard."""

from __future__ import annotations

from bisect import bisect_left

from generator.markup.characters import CLOSE, OPEN
from generator.markup.tokens import Tokens


def mark_code(tokens: Tokens) -> None:
    """Let a block of code, whose long lines scroll, be reached with a keyboard. Source: WCAG 2.2, criterion 2.1.1."""
    for block in tokens.find("pre"):
        tokens.mark(block, "K")


def align_cells(tokens: Tokens) -> None:
    """Let a class say how the cells of a table are aligned; a tree has no such attribute any more."""
    for cell in tokens.having("align"):
        tokens.turn(cell, "align", "class", "align-")


def wrap_tables(tokens: Tokens) -> None:
    """Wrap each outermost table, so that a wide one scrolls by itself, with a keyboard too.

    A box that scrolls needs focus and a name; it is a group, not a region, so that many tables are not many landmarks.
    Source: WCAG 2.2, criteria 2.1.1 and 4.1.2.
    """
    for table in tokens.find("table"):
        if tokens.inside(table, "table"):
            continue
        end = tokens.end_of(table)
        label = "".join(c for c in _caption(tokens, table, end) if c not in "\"'<>&")
        tokens.tags[table] = f'<div class="table-scroll"{OPEN}T{label}{CLOSE}>{tokens.tags[table]}'
        tokens.tags[end] += "</div>"


def _caption(tokens: Tokens, table: int, end: int) -> str:
    """Return the text of a table's own caption, "" where it has none."""
    captions = tokens.places.get("caption", [])
    for place in captions[bisect_left(captions, table) : bisect_left(captions, end)]:
        if tokens.depth(place) == tokens.depth(table) + 1:
            return " ".join("".join(tokens.texts[place + 1 : tokens.end_of(place) + 1]).split())
    return ""
