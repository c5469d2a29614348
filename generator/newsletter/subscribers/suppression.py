"""Keep the people who must never be mailed again in `lists/suppressed.csv`, without their addresses."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct

from generator.config import Config
from generator.errors import MailError, error
from generator.newsletter.subscribers.kept_rows import write_kept_rows
from generator.newsletter.subscribers.list_key import hash_suppressed, require_list_key

SUPPRESSION_FILE = "lists/suppressed.csv"
_HEADING = ["address_hmac", "reason", "date"]
_KEY_CHECK = "key"
_HASH = re.compile(r"[0-9a-f]{64}")
_HINT = "Restore the file from Git or your backup. Openletter sends nothing until it can read it."


class SuppressedAddress(Struct, frozen=True, order=True):
    """One line: the HMAC of an address, the reason, and the date (`YYYY-MM-DD`)."""

    address_hmac: str
    reason: str
    date: str


class SuppressionList(Struct, frozen=True):
    """The file's content; `lines` by HMAC. Empty if there is no file."""

    key: bytes = b""
    lines: dict[str, SuppressedAddress] = {}

    def holds(self, address: str) -> bool:
        """Return True if an address must not be mailed."""
        return bool(self.lines) and hash_suppressed(self.key, address) in self.lines


def read_suppression(root: Path, config: Config) -> SuppressionList:
    """Read the file; without a file, the list is empty.

    Raises: MailError if the file exists but the list key is missing or another one, or a line is damaged.
    """
    file = root / SUPPRESSION_FILE
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return SuppressionList()
    except (OSError, UnicodeDecodeError) as failure:
        raise _unreadable(f"It cannot be read: {failure}.") from failure
    why = f"It is required to read {SUPPRESSION_FILE}, which lists the people who must not be mailed."
    key = require_list_key(config, why)
    lines = _parse(text)
    check = hash_suppressed(key, "")
    if not any(line.reason == _KEY_CHECK and line.address_hmac == check for line in lines):
        message = f"{SUPPRESSION_FILE} was written with another list key."
        hint = "Set the earlier key. With this one, people who have left would be mailed."
        raise MailError(error(SUPPRESSION_FILE, "mail-list-key", message, hint))
    return SuppressionList(key, {line.address_hmac: line for line in lines if line.reason != _KEY_CHECK})


def add_suppressed(
    root: Path, config: Config, addresses: Iterable[str], reason: str, today: date
) -> tuple[list[str], list[str]]:
    """Add addresses to the file; return the new ones and those already in it.

    Writes the file only if an address is new. Lines are sorted, so that two Git branches merge.

    Raises: MailError as `read_suppression`, or if the file cannot be written.
    """
    known = read_suppression(root, config)
    key = known.key or require_list_key(config, f"It is required to write {SUPPRESSION_FILE}.")
    new: list[str] = []
    there: list[str] = []
    lines = dict(known.lines)
    for hashed, address in {hash_suppressed(key, address): address for address in addresses}.items():
        (there if hashed in lines else new).append(address)
        lines.setdefault(hashed, SuppressedAddress(hashed, reason, today.isoformat()))
    if new:
        check = SuppressedAddress(hash_suppressed(key, ""), _KEY_CHECK, "")
        rows = ((each.address_hmac, each.reason, each.date) for each in (check, *sorted(lines.values())))
        write_kept_rows(root, SUPPRESSION_FILE, _HEADING, rows, "mail-suppressed")
    return new, there


def _parse(text: str) -> list[SuppressedAddress]:
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    if not rows or rows[0] != _HEADING:
        raise _unreadable(f"Its first line is not {','.join(_HEADING)}.")
    lines = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(_HEADING) or not _HASH.fullmatch(row[0]) or not row[1]:
            raise _unreadable("This line is damaged.", number)
        lines.append(SuppressedAddress(*row))
    return lines


def _unreadable(message: str, line: int = 0) -> MailError:
    return MailError(error(SUPPRESSION_FILE, "mail-suppressed", message, _HINT, line=line))
