"""Read a list of subscribers: a CSV file in any usual form, or lines of `"Name" <address>`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from generator.errors import MailError, error
from generator.newsletter.message.recipients import RecipientList
from generator.newsletter.subscribers.columns import Columns, find_columns
from generator.newsletter.subscribers.list_builder import ListBuilder
from generator.newsletter.subscribers.list_text import read_list_text
from generator.newsletter.subscribers.row_conditions import RowCondition

if TYPE_CHECKING:
    from _csv import Reader

_DEFAULT_COLUMNS: Columns = {"address": (0,), "name": (1,), "unsubscribe": (2,)}
_HINT = "Begin the file with the line: address,name"
_SEPARATORS = ",;\t|"
_BLANK = " \t\r\n\xa0\u200b\u200e\u200f\ufeff"  # spreadsheets and web pages add these around addresses
_SEPARATOR = re.compile("[,;]")
Row: TypeAlias = tuple[int, list[str]]
"""The line number where a row begins, and its cells."""


class ListTable(Struct, frozen=True):
    """A list as a table: its headings, its columns by purpose, and its rows with their line numbers."""

    path: str
    headings: tuple[str, ...]
    columns: Columns
    rows: tuple[Row, ...]


def read_subscribers(file: Path, only: Sequence[RowCondition] = ()) -> RecipientList:
    """Read the recipients of a list, in order, each address once; skip and report invalid rows.

    With `only`, rows must meet all conditions. A status in a row that does not still counts.

    The first line names the columns (see `columns`); without such a line they are `address`, `name` and `unsubscribe`,
    in this order. Commas, semicolons, tabs and bars separate cells. A file of `"Name" <address>` entries is read too.
    Rows with a status such as unsubscribed are skipped.

    Raises: MailError if the file as a whole cannot be read, or has no column for a condition.
    """
    path = file.as_posix()
    text, problems = read_list_text(file)
    lines = io.StringIO(text, newline="").readlines()
    found = ListBuilder(path, lines)
    found.problems += problems
    if _holds_mailboxes(lines):
        _find_conditions(path, [], only)
        _add_mailboxes(found, lines)
        return found.build()
    headings, columns, rows = _read_table(path, lines)
    chosen = _find_conditions(path, headings, only)
    for line, cells in rows:
        wanted = all(condition.matches(cells[at] if at < len(cells) else "") for at, condition in chosen)
        found.add(line, cells, columns, wanted=wanted)
    return found.build()


def read_table(file: Path) -> ListTable:
    """Read a list as a table, with all its columns.

    Raises: MailError if the file is not a table.
    """
    path = file.as_posix()
    text, _ = read_list_text(file)
    lines = io.StringIO(text, newline="").readlines()
    if _holds_mailboxes(lines):
        hint = "Save it as CSV, with the first line: address,name"
        raise MailError(error(path, "mail-list", "This is a list of mailboxes, not a table.", hint))
    headings, columns, rows = _read_table(path, lines)
    return ListTable(path, tuple(headings or ("address", "name", "unsubscribe")), columns, tuple(rows))


def _read_table(path: str, lines: list[str]) -> tuple[list[str], Columns, list[Row]]:
    """Return the headings ([] without such a line), the columns by purpose, and the rows below."""
    rows = _read_rows(path, lines)
    columns = find_columns(rows[0][1])
    if columns is None and not any("@" in cell for cell in rows[0][1]):
        message = "The first line has no column `address` and no e-mail address."
        raise MailError(error(path, "mail-list", message, _HINT, line=rows[0][0]))
    return (rows[0][1], columns, rows[1:]) if columns else ([], _DEFAULT_COLUMNS, rows)


def _find_conditions(
    path: str, headings: Sequence[str], only: Sequence[RowCondition]
) -> list[tuple[int, RowCondition]]:
    return [(condition.find_column(path, headings), condition) for condition in only]


def _read_rows(path: str, lines: list[str]) -> list[Row]:
    reader = csv.reader(lines, delimiter=_find_separator(lines), strict=True)
    try:
        rows = list(_rows(reader))
    except csv.Error as failure:
        message = f"This is not a CSV file: {failure}."
        hint = "Check the quotation marks in that line."
        raise MailError(error(path, "mail-list", message, hint, line=reader.line_num)) from failure
    if not rows:
        raise MailError(error(path, "mail-list", "There is no address in this file.", _HINT))
    return rows


def _rows(reader: Reader) -> Iterator[Row]:
    """Yield the rows that are not empty; a quoted cell may span several lines."""
    begins = 1
    for cells in reader:
        cells = [cell.strip(_BLANK) for cell in cells]
        if any(cells) and not (begins == 1 and cells[0].lower().startswith("sep=") and not any(cells[1:])):
            yield begins, cells
        begins = reader.line_num + 1


def _find_separator(lines: Sequence[str]) -> str:
    """Detect the separator: the one that yields known columns in the first line, else the most frequent one.

    Excel's first line `sep=;` sets it too.
    """
    first = next((line.strip(_BLANK) for line in lines if line.strip(_BLANK)), "")
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    known = {each: len(find_columns(_split(first, each)) or ()) for each in _SEPARATORS}
    return max(_SEPARATORS, key=lambda each: (known[each], first.count(each)))


def _split(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def _holds_mailboxes(lines: Sequence[str]) -> bool:
    """Return True if the file begins with `Name <address>` instead of table cells."""
    first = next((line for line in lines if line.strip(_BLANK)), "").strip(f"{_BLANK},;")
    entries = [segment.rpartition("<") for segment in first[:-1].split(">")]
    return first.endswith(">") and all(
        opened and "@" in address and name.count('"') % 2 == 0 for name, opened, address in entries
    )


def _add_mailboxes(found: ListBuilder, lines: Sequence[str]) -> None:
    """Read `"Name" <address>` entries, one or more on a line, as in a mail program's To field."""
    columns: Columns = {"address": (0,), "name": (1,)}
    for number, line in enumerate(lines, 1):
        for segment in line.split(">"):
            before, opened, address = segment.rpartition("<")
            bare, name = _split_bare(before) if opened else (_SEPARATOR.split(segment), "")
            for each in filter(None, (text.strip(_BLANK) for text in bare)):
                found.add(number, [each], columns)
            if opened:
                found.add(number, [address.strip(_BLANK), name.strip(f'{_BLANK},;"')], columns)


def _split_bare(text: str) -> tuple[list[str], str]:
    """Split the bare addresses from the name that follows them: `al@example.org; "Smith, Bob"`."""
    unquoted, quote, quoted = text.partition('"')
    pieces = _SEPARATOR.split(unquoted)
    last = max((at for at, piece in enumerate(pieces) if "@" in piece), default=-1)
    return pieces[: last + 1], f"{','.join(pieces[last + 1 :])}{quote}{quoted}"
