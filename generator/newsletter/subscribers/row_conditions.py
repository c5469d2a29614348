"""Choose rows of a list by the values of its own columns: `campus=North`."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from msgspec import Struct

from generator.errors import ConfigError, MailError, error
from generator.newsletter.subscribers.columns import fold_heading


class RowCondition(Struct, frozen=True):
    """One condition: the column as written, and the folded values of which one must match (or, with `negated`, none).

    Several values are written with bars: `campus=North|South`. An empty value matches an empty cell.
    """

    column: str
    values: frozenset[str]
    negated: bool = False

    def find_column(self, path: str, headings: Sequence[str], line: int = 1) -> int:
        """Return the position of the column.

        Raises: MailError if the list has no such column.
        """
        folded = [fold_heading(heading) for heading in headings]
        wanted = fold_heading(self.column)
        if wanted in folded:
            return folded.index(wanted)
        near = difflib.get_close_matches(wanted, folded, 1)
        hint = f'Did you mean "{headings[folded.index(near[0])]}"?' if near else _list_columns(headings)
        raise MailError(error(path, "mail-list", f'This list has no column "{self.column}".', hint, line=line))

    def matches(self, cell: str) -> bool:
        """Return True if a cell meets the condition; case and spaces around it do not matter."""
        return (_fold_value(cell) in self.values) is not self.negated


def parse_condition(text: str) -> RowCondition:
    """Parse `column=value`, `column=one|other` or `column!=value`.

    Raises: ConfigError for anything else.
    """
    column, equals, value = text.partition("=")
    negated = column.endswith("!")
    column = column.removesuffix("!").strip()
    if not equals or not column:
        hint = 'Write a column and its value, such as --only "campus=North".'
        raise ConfigError(error("", "option", f'"{text}" is not a condition.', hint))
    return RowCondition(column, frozenset(map(_fold_value, value.split("|"))), negated)


def _fold_value(cell: str) -> str:
    return " ".join(cell.casefold().split())


def _list_columns(headings: Sequence[str]) -> str:
    named = [heading for heading in headings if heading]
    return f"Its columns are: {', '.join(named)}." if named else "Begin the list with a line that names the columns."
