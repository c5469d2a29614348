"""Keep which mails of which issue failed in `lists/bounced.csv`, without addresses, so that three failures count."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct

from generator.errors import MailError, error
from generator.newsletter.bounces.report_mail import ReportKind
from generator.newsletter.subscribers.kept_rows import write_kept_rows

BOUNCE_FILE = "lists/bounced.csv"
SOFT_ISSUES = 3
"""After failures of so many issues, an address counts as gone, although its mailbox was only full or it was refused."""
SOFT_SPAN = timedelta(days=365)
_HEADING = ["address_hmac", "issue", "kind", "date"]
_HASH = re.compile(r"[0-9a-f]{64}")
_HINT = "Restore the file from Git or your backup."
_SOFT = (ReportKind.FULL, ReportKind.REFUSED, ReportKind.EXPIRED)


class Bounce(Struct, frozen=True, order=True):
    """One line: the HMAC of an address as in `lists/suppressed.csv`, the issue's id, the kind, the date."""

    address_hmac: str
    issue: str
    kind: str
    date: str


def read_bounces(root: Path) -> tuple[Bounce, ...]:
    """Read the file; () without one.

    Raises: MailError if it is damaged.
    """
    try:
        text = (root / BOUNCE_FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as failure:
        raise _unreadable(f"It cannot be read: {failure}.") from failure
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    if not rows or rows[0] != _HEADING:
        raise _unreadable(f"Its first line is not {','.join(_HEADING)}.")
    return tuple(_parse(number, row) for number, row in enumerate(rows[1:], 2))


def _parse(number: int, row: list[str]) -> Bounce:
    try:
        date.fromisoformat(row[3])
        if len(row) == len(_HEADING) and _HASH.fullmatch(row[0]) and row[2] in set(ReportKind):
            return Bounce(*row)
    except (ValueError, IndexError):
        pass
    raise _unreadable("This line is damaged.", number)


def add_bounces(root: Path, known: Iterable[Bounce], new: Iterable[Bounce]) -> tuple[Bounce, ...]:
    """Add lines and write the file if one is new; return all. One person has one line of a kind for one issue.

    Raises: MailError if the file cannot be written.
    """
    before = {(each.address_hmac, each.issue, each.kind): each for each in known}
    after = dict(before)
    for each in new:
        after.setdefault((each.address_hmac, each.issue, each.kind), each)
    lines = tuple(sorted(after.values()))
    if len(after) > len(before):
        rows = ((each.address_hmac, each.issue, each.kind, each.date) for each in lines)
        write_kept_rows(root, BOUNCE_FILE, _HEADING, rows, "mail-bounces")
    return lines


def find_exhausted(bounces: Iterable[Bounce], today: date) -> frozenset[str]:
    """Find the addresses whose mails of three issues within a year were refused, or found a full mailbox."""
    issues: dict[str, set[str]] = {}
    for each in bounces:
        if each.kind in _SOFT and today - date.fromisoformat(each.date) <= SOFT_SPAN:
            issues.setdefault(each.address_hmac, set()).add(each.issue)
    return frozenset(address for address, found in issues.items() if len(found) >= SOFT_ISSUES)


def count_bounces(bounces: Iterable[Bounce]) -> Mapping[str, Counter[str]]:
    """Count the people by issue and kind: issue id → kind → number."""
    counts: dict[str, Counter[str]] = {}
    for each in bounces:
        counts.setdefault(each.issue, Counter())[each.kind] += 1
    return counts


def _unreadable(message: str, line: int = 0) -> MailError:
    return MailError(error(BOUNCE_FILE, "mail-bounces", message, _HINT, line=line))
