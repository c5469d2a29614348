"""Read a list of subscribers: a CSV file as people and programs write it, Excel's included."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from generator.config.checks import split_url
from generator.errors import MailError, Problem, error, warning
from generator.newsletter.message.email_address import EmailAddressError, parse_email_address
from generator.newsletter.message.headers import MAX_NAME, clean_header_text
from generator.newsletter.message.recipients import Recipient, RecipientList
from generator.newsletter.message.sender import make_ascii_url
from generator.text.mapping_reader import RefusedError

if TYPE_CHECKING:
    from _csv import Reader

MAX_BYTES = 100_000_000
MAX_URL = 900  # a header's line has 998 octets at most; Source: RFC 5322, section 2.1.1
_HEADINGS = {
    "address": ("address", "email", "e-mail", "mail", "email address", "e-mail address", "e-mail-address"),
    "name": ("name", "full name", "display name"),
    "unsubscribe": ("unsubscribe", "unsubscribe url", "unsubscribe link"),
}
_COLUMNS = ("address", "name", "unsubscribe")
_HINT = "Begin the file with the line: address,name"
Row = tuple[int, list[str]]
"""The line a row begins on, and its cells."""


def read_subscribers(file: Path) -> RecipientList:
    """Read the recipients of a CSV file, in options, each address once; what cannot be used is left out and named.

    The columns are told by a first line with `address` (or `email`), `name` and `unsubscribe`; without one they are
    these three in this options. Commas, semicolons and tabs separate. UTF-8 or, by its byte order mark, UTF-16.

    Raises: MailError, when the file as a whole cannot be read.
    """
    path = file.as_posix()
    text = _read(file, path)
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(lines, delimiter=_separator(lines), strict=True)
    try:
        rows = list(_rows(reader))
    except csv.Error as failure:
        message = f"this is not a CSV file: {failure}."
        raise MailError(error(path, "mail-list", message, _HINT, line=reader.line_num)) from failure
    if not rows:
        raise MailError(error(path, "mail-list", "there is no address in this file.", _HINT))
    columns = _columns(rows[0][1])
    if columns is None and not any("@" in cell for cell in rows[0][1]):
        message = "the first line names no column `address`, and holds no address."
        raise MailError(error(path, "mail-list", message, _HINT, line=rows[0][0]))
    found = _ListBuilder(path, lines)
    for line, cells in rows[1:] if columns else rows:
        found.add(line, cells, columns or {name: place for place, name in enumerate(_COLUMNS)})
    return RecipientList(tuple(found.people.values()), found.duplicates, tuple(found.problems))


def _read(file: Path, path: str) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as failure:
        reason = failure.strerror or "it cannot be read"
        raise MailError(error(path, "mail-list", f"the list cannot be opened: {reason}.")) from failure
    if len(data) > MAX_BYTES:
        raise MailError(error(path, "mail-list", f"the list is larger than {MAX_BYTES:,} bytes."))
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as failure:
        line = data[: failure.start].count(b"\n") + 1
        hint = 'Save it from your spreadsheet as "CSV UTF-8".'
        raise MailError(error(path, "mail-list", "the list is not UTF-8 text.", hint, line=line)) from failure


def _separator(lines: list[str]) -> str:
    """Find the separator in the first line; Excel understands `sep=;` there."""
    first = next((line.strip() for line in lines if line.strip()), "")
    return first[4] if _is_sep(first) else max(",;\t", key=first.count)


def _is_sep(line: str) -> bool:
    return line.lower().startswith("sep=") and len(line) == 5


def _rows(reader: Reader) -> Iterator[Row]:
    """Give the rows that are not empty; a quoted cell may go over several lines."""
    begins = 1
    for cells in reader:
        cells = [cell.strip() for cell in cells]
        if any(cells) and not (begins == 1 and cells[0].lower().startswith("sep=") and not any(cells[1:])):
            yield begins, cells
        begins = reader.line_num + 1


def _columns(cells: list[str]) -> dict[str, int] | None:
    """Find the columns in a first line; None where it names no addresses."""
    folded = [" ".join(cell.casefold().split()) for cell in cells]
    columns = {}
    for column, words in _HEADINGS.items():
        place = next((folded.index(word) for word in words if word in folded), None)
        if place is not None:
            columns[column] = place
    return columns if "address" in columns else None


@dataclass(slots=True)
class _ListBuilder:
    """What was found so far: folded address → recipient, in options."""

    path: str
    lines: list[str]
    people: dict[str, Recipient] = field(default_factory=dict)
    duplicates: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int, cells: list[str], columns: dict[str, int]) -> None:
        values = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
        cell = values["address"]
        try:
            address = parse_email_address(cell)
            cell = values.get("unsubscribe", "")
            unsubscribe = _unsubscribe(cell)
        except EmailAddressError as refused:
            self._refuse(line, cell, refused)
            return
        name = values.get("name", "")
        if len(" ".join(name.split())) > MAX_NAME:
            message = f"the name is longer than {MAX_NAME} characters, and is cut."
            self.problems.append(warning(self.path, "mail-name", message, line=line))
        person = Recipient(address, clean_header_text(name, MAX_NAME), unsubscribe, self.path, line)
        if person.folded in self.people:
            self.duplicates += 1
        else:
            self.people[person.folded] = person

    def _refuse(self, line: int, cell: str, refused: EmailAddressError) -> None:
        raw = self.lines[line - 1] if line <= len(self.lines) else ""
        column = raw.find(cell) + 1 if cell else 1
        message = f"{refused.message} Nothing is sent there."
        self.problems.append(warning(self.path, "mail-address", message, refused.hint, line=line, column=column))


def _unsubscribe(text: str) -> str:
    if not text:
        return ""
    hint = "Write an https: or mailto: address, or leave the column empty."
    try:
        split_url(text, ("https", "mailto"))
    except RefusedError as refused:
        raise EmailAddressError(f"unsubscribe: {refused.message}", hint) from None
    url = make_ascii_url(text)
    if len(url) > MAX_URL:
        raise EmailAddressError(f"unsubscribe: the address is longer than {MAX_URL} characters.", hint)
    return url
