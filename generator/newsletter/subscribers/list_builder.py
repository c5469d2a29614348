"""Gather recipients from the rows of a list: each address once, without people who have left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from generator.config.checks import split_url
from generator.errors import Problem, warning
from generator.newsletter.message.email_address import EmailAddressError, fold_email_address, parse_email_address
from generator.newsletter.message.headers import MAX_NAME, clean_header_text
from generator.newsletter.message.recipients import Recipient, RecipientList
from generator.newsletter.message.sender import make_ascii_url
from generator.newsletter.subscribers.columns import Columns
from generator.newsletter.subscribers.statuses import RowState, read_row_state
from generator.text.mapping_reader import RefusedError

MAX_URL = 900  # a header line has at most 998 octets; Source: RFC 5322, section 2.1.1
_NAMED = re.compile(r"^(?P<name>[^<>]*)<(?P<address>[^<>]+)>$")
_EXCHANGE = "This is an internal Exchange address. Export the list from the address book with SMTP addresses."


@dataclass(slots=True)
class ListBuilder:
    """The rows read so far. `path` and `lines` locate problems in the list."""

    path: str
    lines: Sequence[str]
    people: dict[str, Recipient] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    statuses: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
    excluded: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int, cells: Sequence[str], columns: Columns, *, wanted: bool = True) -> None:
        """Add a row: its line number, its cells, and the columns; if it is not `wanted`, only note who has left."""
        values = {name: cells[places[0]] if places[0] < len(cells) else "" for name, places in columns.items()}
        state, status = read_row_state(cells, columns)
        shown, cell = _split_mailbox(values["address"])
        try:
            address = parse_email_address(cell)
            if state is RowState.LEFT:
                self.left.add(fold_email_address(address))
                return
            cell = values.get("unsubscribe", "")
            unsubscribe = _parse_unsubscribe(cell)
        except EmailAddressError as refused:
            if state is not RowState.LEFT and wanted:
                self._refuse(line, cell, refused)
            return
        if not wanted:
            self.excluded += 1
            return
        if state is RowState.UNKNOWN:
            self.statuses.setdefault(status, line)
        name, language = self._name(line, values, shown), clean_header_text(values.get("lang", ""), 35)
        self._add(line, Recipient(address, name, unsubscribe, self.path, line, language=language))

    def build(self) -> RecipientList:
        """Return the list. A person who has left in one row has left in all rows."""
        for status, line in list(self.statuses.items())[:5]:
            message = f'Unknown status "{clean_header_text(status, 40)}". People with this status will get the issue.'
            hint = "If they have left, write unsubscribed instead, or delete the rows."
            self.problems.append(warning(self.path, "mail-status", message, hint, line=line))
        people = tuple(person for folded, person in self.people.items() if folded not in self.left)
        return RecipientList(
            people, self.duplicates, tuple(self.problems), frozenset(self.left), excluded=self.excluded
        )

    def _add(self, line: int, person: Recipient) -> None:
        if person.folded in self.people:
            self.duplicates += 1
        else:
            self.people[person.folded] = person

    def _name(self, line: int, values: dict[str, str], shown: str) -> str:
        both = f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
        name = values.get("name") or both or shown
        if len(" ".join(name.split())) > MAX_NAME:
            message = f"The name is longer than {MAX_NAME} characters and will be cut."
            self.problems.append(warning(self.path, "mail-name", message, line=line))
        return clean_header_text(name, MAX_NAME)

    def _refuse(self, line: int, cell: str, refused: EmailAddressError) -> None:
        raw = self.lines[line - 1] if line <= len(self.lines) else ""
        column = raw.find(cell) + 1 if cell else 1
        message = f"{refused.message} This row is skipped."
        hint = _EXCHANGE if cell.casefold().startswith(("/o=", "ex:")) else refused.hint
        self.problems.append(warning(self.path, "mail-address", message, hint, line=line, column=column))


def _split_mailbox(cell: str) -> tuple[str, str]:
    """Split `Name <address>` or `mailto:address` in one cell."""
    match = _NAMED.match(cell)
    name, address = (match["name"].strip(' \t"'), match["address"].strip()) if match else ("", cell)
    return name, address[7:] if address.casefold().startswith("mailto:") else address


def _parse_unsubscribe(text: str) -> str:
    if not text:
        return ""
    hint = "Write an https: or mailto: address, or leave the column empty."
    try:
        split_url(text, ("https", "mailto"))
    except RefusedError as refused:
        raise EmailAddressError(f"unsubscribe: {refused.message}", hint) from None
    url = make_ascii_url(text)
    if len(url) > MAX_URL:
        raise EmailAddressError(f"The unsubscribe address is longer than {MAX_URL} characters.", hint)
    return url
