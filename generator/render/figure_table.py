"""Figures from a CSV file: one row for each figure, one column for each month."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from generator.blocks import Blocks, Figure, FigureTable
from generator.errors import Problem, warning
from generator.render.links import resolve_picture
from generator.site.index_model import Card

if TYPE_CHECKING:
    from generator.render.facade import Site

MAX_ROWS = 100
MAX_BYTES = 1_000_000
MONTHS = 12
_LINE = "\0line"
COLUMNS = ("label", "unit", "better", "goal")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_HINT = "Write its first line as: label,unit,better,goal,2026-08,2026-09"


def read_figures(site: Site, doc: Card, blocks: Blocks) -> tuple[tuple[Figure, ...], date | None]:
    """Return the figures of a block, and the month that they are of if they come from a file."""
    table = blocks.figure_table
    if table is None:
        return blocks.figures, None
    key = resolve_picture(site, doc, table.file)
    if not key:
        line, column = site.locate_field(doc.key, table.file, "figures")
        message, hint = f'There is no file "{table.file}".', "Put it beside the source, or correct its name."
        site.problems.append(warning(doc.key, "figure-table", message, hint, line=line, column=column))
        return (), None
    reader = FigureReader(key, table, f"{doc.date:%Y-%m}" if doc.date else "9999-12")
    with site.source_file(key).open("rb") as file:
        figures, month = reader.read(file.read(MAX_BYTES))
    site.problems += reader.problems
    return tuple(figures), date(int(month[:4]), int(month[5:]), 1) if month else None


class FigureReader:
    """Reads one table; what is wrong with it joins `problems`, each with the line of the file."""

    def __init__(self, path: str, table: FigureTable, newest: str) -> None:
        self._path = path
        self._month = table.month
        self._newest = newest
        self.problems: list[Problem] = []

    def read(self, data: bytes) -> tuple[list[Figure], str]:
        """Read the rows; return the figures and the month that is shown, "" for none."""
        text = data.decode("utf-8-sig", "replace")
        head = text.partition("\n")[0]
        delimiter = max(",;\t", key=head.count)
        lines = csv.reader(io.StringIO(text), delimiter=delimiter)
        names = [name.strip().lower() for name in next(lines, [])]
        months = sorted(name for name in names if _MONTH.fullmatch(name) and name <= (self._month or self._newest))
        if "label" not in names or not months:
            self._warn(1, 'The table has no column "label", or none for a month until that of the issue.', _HINT)
            return [], ""
        for name in names:
            if name and name not in COLUMNS and not _MONTH.fullmatch(name):
                self._warn(1, f'"{name}" is not a column of figures.', _HINT)
        rows = [
            dict(zip(names, map(str.strip, row), strict=False)) | {_LINE: str(lines.line_num)}
            for row in lines
            if any(row)
        ]
        filled = [name for name in months if any(row.get(name) for row in rows)]
        shown = self._month or (filled[-1] if filled else months[-1])
        return [each for row in rows[:MAX_ROWS] if (each := self._figure(row, months, shown))], shown

    def _figure(self, row: dict[str, str], months: Sequence[str], shown: str) -> Figure | None:
        line = int(row[_LINE])
        values = {name: self._number(row.get(name, ""), name, line) for name in (*months, "goal")}
        better = row.get("better", "").lower()
        if better not in ("", "higher", "lower"):
            self._warn(line, f'"{better}" is neither higher nor lower.', "Write higher or lower, or leave it empty.")
            better = ""
        value = values.get(shown)
        if value is None or not row.get("label"):
            self._warn(line, f"The figure has no label, or no value for {shown}.", "Add it, or delete the row.")
            return None
        history = [value for name in months if name <= shown and (value := values[name]) is not None][-MONTHS:]
        before = next(_values_before(values, months, shown), None)
        return Figure(row["label"], value, row.get("unit", ""), before, values["goal"], better, tuple(history))

    def _number(self, text: str, name: str, line: int) -> float | None:
        plain = re.sub(r"[ \u00a0\u202f](?=[0-9]{3}\b)", "", text)
        if not plain:
            return None
        if _NUMBER.fullmatch(plain):
            return float(plain.replace(",", "."))
        self._warn(line, f'"{text}" in the column {name} is not a number.', "Write it as 1200 or 40.5.")
        return None

    def _warn(self, line: int, message: str, hint: str) -> None:
        self.problems.append(warning(self._path, "figure-table", message, hint, line=line, column=1))


def _values_before(values: dict[str, float | None], months: Sequence[str], shown: str) -> Iterator[float]:
    for name in reversed(months):
        value = values[name]
        if name < shown and value is not None:
            yield value
