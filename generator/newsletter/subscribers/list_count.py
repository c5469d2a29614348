"""Count the people on lists: by list, by the values of a column, and how many of them a send would reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from generator.config import load_config
from generator.newsletter.subscribers.audience import Selection, gather_recipients
from generator.newsletter.subscribers.csv_file import read_subscribers, read_table
from generator.newsletter.subscribers.list_names import find_list
from generator.newsletter.subscribers.row_conditions import RowCondition, parse_condition


class ListCount(Struct, frozen=True):
    """The counts: the recipients of each list, then of all of them together, and by value of a column."""

    lists: tuple[tuple[str, int], ...]
    recipients: int
    duplicates: int
    left: int
    by: tuple[tuple[str, int], ...] = ()


def count_recipients(root: Path, wanted: Selection, by: str = "") -> ListCount:
    """Count the recipients of a selection; with `by`, also by the values of that column, the most frequent first.

    Raises: as `gather_recipients`.
    """
    only = [parse_condition(each) for each in wanted.only]
    files = [find_list(root, each) for each in wanted.to]
    lists = tuple((file.as_posix(), len(read_subscribers(file, only).people)) for file in files)
    found, _ = gather_recipients(root, load_config(root)[0], wanted)
    values = _count_values(files, by, {person.address for person in found.people}) if by else ()
    return ListCount(lists, len(found.people), found.duplicates, len(found.left) + found.suppressed, values)


def _count_values(files: Sequence[Path], by: str, wanted: set[str]) -> tuple[tuple[str, int], ...]:
    """Count each recipient once, with the value of their first row."""
    values: dict[str, str] = {}
    for file in files:
        table = read_table(file)
        at = RowCondition(by, frozenset()).find_column(table.path, table.headings)
        rows = dict(table.rows)
        for person in read_subscribers(file).people:
            cells = rows[person.line]
            if person.address in wanted:
                values.setdefault(person.folded, cells[at] if at < len(cells) else "")
    counts = Counter(" ".join(value.split()) for value in values.values())
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
