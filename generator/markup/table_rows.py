"""Make problems about tables: rows with more cells than the head, and lines of hyphens that do not fit it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from generator.errors import Problem
from generator.markup.written_text import WrittenText

_MARKS = " \t>"
_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_CODE = re.compile(r"(?<![`\\])(`+)(?!`).+?(?<!`)\1(?!`)")


def lost_cells(source: WrittenText, *, bars_in_code: bool) -> Iterator[Problem]:
    """Find cells of tables that readers do not see. `bars_in_code`: a bar between backticks also ends a cell."""
    if not _may_have_rule(source.text):
        return
    above, place, width, long = "", 0, 0, list[int]()
    for line in (*source.text.split("\n"), ""):
        if "|" not in line:
            yield from _too_long(source, long)
            width, long = 0, []
        elif width:
            long += [place] if _count(line, bars_in_code) > width else []
        elif "|" in above and _RULE.fullmatch(line.strip(_MARKS)) and not source.is_code(place):
            width, head = _count(line, bars_in_code), _count(above, bars_in_code)
            if width != head and not _RULE.fullmatch(above.strip(_MARKS)):
                what = (
                    f"This is not shown as a table: it has {head} columns, but the line of hyphens below has {width}."
                )
                hint = "Write as many groups of hyphens as there are columns, with a bar between them."
                yield source.problem(place, "table-cells", what, hint)
            width = width if width == head else 0
        above, place = line, place + len(line) + 1


def _may_have_rule(text: str) -> bool:
    """Return True if hyphens are beside a bar: many times as fast as a search for such lines."""
    parts = text.split("|")
    return any(left.rstrip(" \t:")[-1:] == "-" or right.lstrip(" \t:")[:1] == "-" for left, right in pairwise(parts))


def _too_long(source: WrittenText, rows: list[int]) -> Iterator[Problem]:
    """Make the problem of a table's rows that are too long, given by their places: it is one, often of all rows."""
    if rows:
        which = "This row has" if len(rows) == 1 else f"This row and {len(rows) - 1} more have"
        what = f"{which} more cells than the head of the table, so readers do not see the last ones."
        yield source.problem(rows[0], "table-cells", what, "Add columns to the head, or write a bar in a text as \\|.")


def _count(line: str, bars_in_code: bool) -> int:
    """Count the cells of a row."""
    line = line.strip(_MARKS).replace("\\\\", "").replace("\\|", "")
    if not bars_in_code and "`" in line:
        line = _CODE.sub("", line)
    return len(line.removeprefix("|").removesuffix("|").split("|"))
