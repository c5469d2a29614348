"""Merge lists into one table: each person once, with the columns of all lists; who has left one has left."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.newsletter.message.email_address import EmailAddressError, fold_email_address, parse_email_address
from generator.newsletter.subscribers.columns import Columns, find_columns, fold_heading
from generator.newsletter.subscribers.csv_file import ListTable, read_table
from generator.newsletter.subscribers.statuses import RowState, read_row_state

_LEFT = "unsubscribed"
_SHARED = ("address", "name", "first_name", "last_name", "unsubscribe", "lang")


@dataclass(slots=True)
class MergedList:
    """The merged table: headings, rows by folded address in order, and who has left. `skipped` counts invalid rows."""

    headings: list[str] = field(default_factory=list)
    rows: dict[str, dict[int, str]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    skipped: int = 0

    def add(self, table: ListTable) -> None:
        """Add the rows of a list; a cell that is already filled stays."""
        places = self._match_columns(table)
        address_at = table.columns["address"][0]
        for _, cells in table.rows:
            try:
                folded = fold_email_address(parse_email_address(cells[address_at] if address_at < len(cells) else ""))
            except EmailAddressError:
                self.skipped += 1
                continue
            row = self.rows.setdefault(folded, {})
            for at, cell in enumerate(cells):
                if cell and at in places:
                    row.setdefault(places[at], cell)
            if read_row_state(cells, table.columns)[0] is RowState.LEFT:
                self.left.add(folded)

    def _match_columns(self, table: ListTable) -> dict[int, int]:
        """Map the table's columns to those of the result, by purpose or by heading; add those that are missing."""
        known = find_columns(self.headings) or {}
        folded = [fold_heading(each) for each in self.headings]
        places = {}
        for at, heading in enumerate(table.headings):
            purpose = next((name for name in _SHARED if table.columns.get(name) == (at,)), "")
            if purpose in known:
                places[at] = known[purpose][0]
            elif heading and fold_heading(heading) in folded:
                places[at] = folded.index(fold_heading(heading))
            else:
                places[at] = len(self.headings)
                self.headings.append(heading)
        return places

    def format_csv(self) -> bytes:
        """Write the table as CSV, people who have left included, so that no later list brings them back."""
        headings = list(self.headings)
        status_at = self._find_status(headings)
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(headings)
        columns = find_columns(headings) or {}
        for folded, row in self.rows.items():
            cells = [row.get(at, "") for at in range(len(headings))]
            if folded in self.left and read_row_state(cells, columns)[0] is not RowState.LEFT:
                cells[status_at] = _LEFT
            writer.writerow(cells)
        return text.getvalue().encode()

    def _find_status(self, headings: list[str]) -> int:
        """Return the position of the status column, added if someone has left and there is none."""
        columns: Columns = find_columns(headings) or {}
        if places := columns.get("status"):
            return places[0]
        if self.left:
            headings.append("status")
        return len(headings) - 1


def merge_lists(files: Sequence[Path]) -> MergedList:
    """Merge lists, in order; earlier lists win where two have different values.

    Raises: MailError if a list cannot be read as a table.
    """
    merged = MergedList()
    for file in files:
        merged.add(read_table(file))
    return merged


@dataclass(frozen=True, slots=True)
class ListDifference:
    """How a new list differs from an old one: addresses as the lists write them."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[str, ...]
    returned: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield one line for each person."""
        for sign, people in (("+", self.added), ("-", self.removed)):
            yield from (f"{sign} {address}" for address in people)
        yield from (f"- {address} (has left)" for address in self.left)
        yield from (f"+ {address} (had left)" for address in self.returned)


def diff_lists(old: Path, new: Path) -> ListDifference:
    """Compare who gets mail by two lists.

    Raises: MailError if a list cannot be read.
    """
    from generator.newsletter.subscribers.csv_file import read_subscribers

    before, after = read_subscribers(old), read_subscribers(new)
    one, other = ({person.folded: person.address for person in each.people} for each in (before, after))
    return ListDifference(
        added=tuple(other[each] for each in other if each not in one and each not in before.left),
        removed=tuple(one[each] for each in one if each not in other and each not in after.left),
        left=tuple(one[each] for each in one if each in after.left),
        returned=tuple(other[each] for each in other if each in before.left),
    )
