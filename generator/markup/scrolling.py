"""Let wide tables and code scroll on their own, also with a keyboard."""

from __future__ import annotations

from bisect import bisect_left

from generator.markup.characters import CLOSE, MORE, OPEN
from generator.markup.tokens import Tokens


def mark_code(tokens: Tokens) -> None:
    """Make code blocks focusable, so that a keyboard can scroll long lines. Source: WCAG 2.2, criterion 2.1.1."""
    for block in tokens.find("pre"):
        tokens.mark(block, "K")


def align_cells(tokens: Tokens) -> None:
    """Turn the `align` attribute of table cells into a class; `repairs` has done this in bodies with a tree."""
    for cell in tokens.having("align"):
        tokens.turn(cell, "align", "class", "align-")


def wrap_tables(tokens: Tokens) -> None:
    """Wrap each outermost table in a box, so that a wide one scrolls on its own, also with a keyboard.

    A box that scrolls must be focusable and have a name. It is a group, because each region would be a landmark.
    Source: WCAG 2.2, criteria 2.1.1 and 4.1.2.
    """
    for table in tokens.find("table"):
        if tokens.inside(table, "table"):
            continue
        end = tokens.end_of(table)
        label = "".join(c for c in _caption(tokens, table, end) if c not in f"\"'<>&{MORE}")
        tokens.tags[table] = f'<div class="table-scroll"{OPEN}T{label}{CLOSE}>{tokens.tags[table]}'
        tokens.tags[end] += "</div>"


def _caption(tokens: Tokens, table: int, end: int) -> str:
    """Return the text of a table's own caption; "" if it has none."""
    captions = tokens.places.get("caption", [])
    for place in captions[bisect_left(captions, table) : bisect_left(captions, end)]:
        if tokens.depth(place) == tokens.depth(table) + 1:
            return " ".join("".join(tokens.texts[place + 1 : tokens.end_of(place) + 1]).split())
    return ""
