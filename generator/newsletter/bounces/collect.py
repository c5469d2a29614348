"""Collect the reports about one issue from a mailbox, and stop mailing the people who are gone or have complained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from msgspec import Struct

from generator.clock import Clock
from generator.config import Config, load_config
from generator.errors import ConfigError, MailError, Problem, error, warning
from generator.newsletter.bounces.addressees import find_addressees
from generator.newsletter.bounces.bounce_log import Bounce, add_bounces, count_bounces, find_exhausted, read_bounces
from generator.newsletter.bounces.report_mail import FAILURES, MailReport, ReportKind, read_report
from generator.newsletter.delivery.ledger_file import LEDGER_FOLDER
from generator.newsletter.delivery.ledger_reader import LedgerReader
from generator.newsletter.delivery.ledger_search import list_ledgers
from generator.newsletter.delivery.ledger_values import FrozenIssue, LedgerCounts
from generator.newsletter.issue import with_rendered_issue
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.subscribers.list_key import hash_suppressed, require_list_key
from generator.newsletter.subscribers.mailboxes import read_mailbox
from generator.newsletter.subscribers.suppression import SUPPRESSION_FILE, add_suppressed, read_suppression

_FINAL = (*FAILURES, ReportKind.COMPLAINED)


class ReportedRecipient(Struct, frozen=True):
    """One recipient that a mail reports on; `proven`: the report holds something that only that mail had."""

    person: Recipient
    report: MailReport
    proven: bool


class BounceReport(Struct, frozen=True):
    """The result: what the mails report, the issue's counts over all runs, and who is suppressed from now on."""

    title: str
    mails: int
    kinds: dict[str, int]
    reported: tuple[ReportedRecipient, ...]
    sent: int
    totals: dict[str, int]
    suppressed: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def accepted(self) -> int:
        """Count the mails that servers accepted and did not return."""
        return max(0, self.sent - sum(self.totals.get(kind, 0) for kind in FAILURES))


def collect_bounces(
    root: Path,
    issue: str,
    source: str,
    lists: Sequence[Path],
    clock: Clock,
    *,
    chosen: Path | None = None,
    trust_reports: bool = False,
) -> BounceReport:
    """Read a mailbox, record the failed mails of an issue, and suppress people who are gone or have complained.

    Reading a mailbox twice changes nothing. With `trust_reports`, reports that only name an address count too; anyone
    can forge those.

    Raises: MailError if the issue was not sent, or a list, the mailbox or a file of `lists/` cannot be used.
    """
    _require_library()
    config, _ = load_config(root)
    key = require_list_key(config, f"It is required to write {SUPPRESSION_FILE}.")
    read_suppression(root, config)  # refuses another key
    known = read_bounces(root)
    issue_id = with_rendered_issue(root, issue, clock, lambda rendered: rendered.letter.id)
    with _open_ledger(root, issue_id, issue, chosen) as (ledger, frozen, counts):
        people = find_addressees(ledger, frozen, lists)
    reports = [read_report(data) for data in read_mailbox(source)]
    found = [(report, *people.find(report)) for report in reports]
    reported = [
        ReportedRecipient(person, report, proven)
        for report, person, proven in found
        if person and report.kind in _FINAL
    ]
    taken = [each for each in reported if each.proven or trust_reports]
    today = clock.now.date()
    lines = (_line(key, each, issue_id, today) for each in taken)
    bounces = add_bounces(root, known, lines)
    suppressed = _suppress(root, config, key, taken, bounces, today)
    return BounceReport(
        title=frozen.letter.title,
        mails=len(reports),
        kinds=dict(Counter(_kind(report, person).value for report, person, _ in found)),
        reported=tuple(taken),
        sent=counts.sent + counts.uncertain + counts.claimed,
        totals=dict(count_bounces(bounces).get(issue_id, {})),
        suppressed=tuple(suppressed),
        problems=tuple(_list_unproven(reported, trust_reports=trust_reports)),
    )


def _kind(report: MailReport, person: Recipient | None) -> ReportKind:
    """Return the kind; a report that is not about this issue is something else."""
    about = person is not None or report.kind is ReportKind.HOLIDAY
    return report.kind if about else ReportKind.OTHER


def _line(key: bytes, each: ReportedRecipient, issue_id: str, today: date) -> Bounce:
    hashed = hash_suppressed(key, each.person.address)
    return Bounce(hashed, issue_id, each.report.kind.value, today.isoformat())


def _suppress(
    root: Path,
    config: Config,
    key: bytes,
    taken: Sequence[ReportedRecipient],
    bounces: Sequence[Bounce],
    today: date,
) -> list[str]:
    """Suppress people; return the addresses that are new among the suppressed."""
    exhausted = find_exhausted(bounces, today)
    complained = [each.person.address for each in taken if each.report.kind is ReportKind.COMPLAINED]
    gone = [
        each.person.address
        for each in taken
        if each.report.kind is ReportKind.UNKNOWN or hash_suppressed(key, each.person.address) in exhausted
    ]
    new, _ = add_suppressed(root, config, dict.fromkeys(complained), "complained", today)
    return [*new, *add_suppressed(root, config, dict.fromkeys(gone), "bounced", today)[0]]


def _list_unproven(reported: Sequence[ReportedRecipient], *, trust_reports: bool) -> Iterator[Problem]:
    for each in {one.person.address: one for one in reported if not one.proven and not trust_reports}.values():
        message = f"A mail reports {each.person.address} as {each.report.kind}, but only names the address."
        hint = (
            "Anyone can write such a mail. If you believe it, give the row the status bounced, or add --trust-reports."
        )
        yield warning(each.person.path, "mail-bounce-unproven", message, hint, line=each.person.line)


@contextmanager
def _open_ledger(
    root: Path, issue_id: str, issue: str, chosen: Path | None
) -> Iterator[tuple[LedgerReader, FrozenIssue, LedgerCounts]]:
    """Open the ledger of an issue.

    Raises: MailError if there is none.
    """
    folders = [root / LEDGER_FOLDER, *([chosen] if chosen else [])]
    for file in list_ledgers(folders, chosen):
        with LedgerReader(file, full=False) as ledger:
            frozen = ledger.read_frozen()
            if frozen and frozen.letter.id == issue_id:
                yield ledger, frozen, ledger.count_recipients()
                return
    message = "This issue has not been sent: there is no ledger of it."
    hint = "If the ledger is in another place, add --ledger."
    raise MailError(error(issue, "mail-ledger-gone", message, hint))


def _require_library() -> None:
    try:
        import flufl.bounce  # noqa: F401 - only to see whether it is installed
    except ImportError as failure:
        message = "Reading reports of failed deliveries needs the library flufl.bounce, which is not installed."
        hint = "Run: pip install 'openletter[bounces]'"
        raise ConfigError(error("", "mail-bounces", message, hint)) from failure
