"""Figures from a CSV file: one row for each figure, one column for each month."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from generator.blocks import Blocks, Figure, FigureTable
from generator.content.changed_file import refuse_changed
from generator.digest import digest_bytes
from generator.errors import Problem, warning
from generator.render.links import resolve_picture
from generator.site.index_model import Card
from generator.text.short_text import printable

if TYPE_CHECKING:
    from generator.render.facade import Site

MAX_ROWS = 100
MAX_BYTES = 1_000_000
MONTHS = 12
_LINE = "\0line"
COLUMNS = ("label", "unit", "better", "goal")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_SAVE_AS = "Save the table as CSV UTF-8: in Excel, File, Save As, CSV UTF-8."
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
        data = file.read(MAX_BYTES + 1)
    if len(data) <= MAX_BYTES:
        refuse_changed(key, digest_bytes(data), site.source_digest(key))
    figures, month = reader.read(data)
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
        lines = self._lines(data)
        names = [name.strip().lower() for name in lines[0][1]] if lines else []
        months = sorted(name for name in names if _MONTH.fullmatch(name) and name <= (self._month or self._newest))
        if "label" not in names or not months:
            if not self.problems:
                self._warn(1, 'The table has no column "label", or none for a month until that of the issue.', _HINT)
            return [], ""
        for name in names:
            if name and name not in COLUMNS and not _MONTH.fullmatch(name):
                self._warn(1, f'"{printable(name, 60)}" is not a column of figures.', _HINT)
        rows = [
            dict(zip(names, map(str.strip, row), strict=False)) | {_LINE: str(line)}
            for line, row in lines[1:]
            if any(row)
        ]
        if len(rows) > MAX_ROWS:
            line = int(rows[MAX_ROWS][_LINE])
            self._warn(line, f"The table has more than {MAX_ROWS} figures; this one and those after it are left out.")
        filled = [name for name in months if any(row.get(name) for row in rows)]
        shown = self._month or (filled[-1] if filled else months[-1])
        return [each for row in rows[:MAX_ROWS] if (each := self._figure(row, months, shown))], shown

    def _lines(self, data: bytes) -> list[tuple[int, list[str]]]:
        """Split the file into rows, each with the number of its last line; [] with a problem if that cannot be done."""
        if len(data) > MAX_BYTES:
            self._warn(
                1, f"The file is larger than {MAX_BYTES // 1000:,} kB.", "Keep only the rows and months you need."
            )
            return []
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as failure:
            self._warn(data.count(b"\n", 0, failure.start) + 1, "This is not a CSV file in UTF-8.", _SAVE_AS)
            return []
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        head = text.partition("\n")[0]
        lines = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
        found: list[tuple[int, list[str]]] = []
        try:
            found.extend((lines.line_num, row) for row in lines)
        except csv.Error:
            self._warn(
                lines.line_num,
                "This line cannot be read: a quotation mark is not closed, or a cell is too long.",
                _HINT,
            )
            return []
        return found

    def _figure(self, row: dict[str, str], months: Sequence[str], shown: str) -> Figure | None:
        line = int(row[_LINE])
        values = {name: self._number(row.get(name, ""), name, line) for name in (*months, "goal")}
        better = row.get("better", "").lower()
        if better not in ("", "higher", "lower"):
            self._warn(
                line,
                f'"{printable(better, 60)}" is neither higher nor lower.',
                "Write higher or lower, or leave it empty.",
            )
            better = ""
        value = values.get(shown)
        if value is None or not row.get("label"):
            self._warn(line, f"The figure has no label, or no value for {shown}.", "Add it, or delete the row.")
            return None
        filled = [(name, value) for name in months if name <= shown and (value := values[name]) is not None][-MONTHS:]
        return Figure(
            label=row["label"],
            value=value,
            unit=row.get("unit", ""),
            before=next(_values_before(values, months, shown), None),
            goal=values["goal"],
            better=better,
            history=tuple(value for _, value in filled),
            months=tuple(name for name, _ in filled),
        )

    def _number(self, text: str, name: str, line: int) -> float | None:
        plain = re.sub(r"[ \u00a0\u202f](?=[0-9]{3}\b)", "", text)
        if not plain:
            return None
        if _NUMBER.fullmatch(plain):
            return float(plain.replace(",", "."))
        self._warn(line, f'"{printable(text, 60)}" in the column {name} is not a number.', "Write it as 1200 or 40.5.")
        return None

    def _warn(self, line: int, message: str, hint: str = "") -> None:
        self.problems.append(warning(self._path, "figure-table", message, hint, line=line, column=1))


def _values_before(values: dict[str, float | None], months: Sequence[str], shown: str) -> Iterator[float]:
    for name in reversed(months):
        value = values[name]
        if name < shown and value is not None:
            yield value
