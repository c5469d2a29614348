"""What a sending says: before it, at its end, and the one line that programs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.errors import Problem, error, warning
from generator.newsletter.delivery.ledger_comparison import LedgerComparison
from generator.newsletter.delivery.ledger_values import LedgerCounts
from generator.newsletter.delivery.plan import SendPlan
from generator.newsletter.delivery.smtp import DeliveryAnswer, DeliveryStatus
from generator.newsletter.message.recipients import Recipient


@dataclass(frozen=True, slots=True)
class SendReport:
    """How a sending ended: the ledger's counts, and what is wrong."""

    counts: LedgerCounts
    problems: tuple[Problem, ...] = ()
    interrupted: bool = False

    @property
    def failed(self) -> int:
        """Count those who have not got the issue though it was tried: refused for good, or put off for now."""
        return self.counts.failed + self.counts.postponed

    @property
    def complete(self) -> bool:
        """Return True if every recipient has the issue for certain."""
        return self.counts.sent == self.counts.total

    @property
    def facts(self) -> dict[str, int]:
        """Give the counts for programs; the three of the last line make up the total with `waiting`."""
        counts = self.counts
        waiting = counts.total - counts.sent - self.failed - counts.uncertain
        return {
            "sent": counts.sent,
            "failed": self.failed,
            "uncertain": counts.uncertain,
            "waiting": waiting,
            "total": counts.total,
        }

    @property
    def summary(self) -> str:
        """Give the last line, which programs read: counts of the whole issue, all runs together."""
        return f"{self.counts.sent} sent, {self.failed} failed, {self.counts.uncertain} uncertain"


def describe_plan(plan: SendPlan) -> list[str]:
    """Describe what a sending would do, line by line."""
    settings, letter, sender = plan.config.newsletter.smtp, plan.letter, plan.sender
    folded = plan.recipients.duplicates
    count = len(plan.recipients.people)
    left_out = sum(problem.code == "mail-address" for problem in plan.recipients.problems)
    people = format_count(count, "recipient")
    more = [f"{format_count(folded, 'duplicate')} removed"] * bool(folded)
    more += [f"{format_count(left_out, 'invalid row')} skipped"] * bool(left_out)
    gone = len(plan.recipients.left) + plan.recipients.suppressed
    more += [f"{gone:,} unsubscribed or bounced"] * bool(gone)
    people += f" ({', '.join(more)})" if more else ""
    who = f"{sender.name} <{sender.address}>"
    server = f"{settings.host}:{settings.port}, {_SECURITY[settings.security]}" if settings.host else "none is named"
    lines = [
        f"Issue:   {letter.title} ({letter.url})",
        f"Subject: {letter.subject or letter.title}",
        f"From:    {who}",
        f"To:      {people}",
        f"Server:  {server}",
        f"Ledger:  {plan.ledger}",
    ]
    if plan.options.pace:
        lines.append(f"Pace:    {plan.options.pace:g} mails a minute, {_duration(count / plan.options.pace)} in all")
    return lines


_SECURITY = {"none": "not encrypted", "starttls": "encrypted (STARTTLS)", "tls": "encrypted (TLS)"}


def summarize_plan(plan: SendPlan, compared: LedgerComparison) -> dict[str, Any]:
    """Give what a sending would do, for programs."""
    counts = compared.counts
    return {
        "issue": plan.letter.slug,
        "subject": plan.letter.subject or plan.letter.title,
        "recipients": compared.expected,
        "duplicates": plan.recipients.duplicates,
        "left": len(plan.recipients.left) + plan.recipients.suppressed,
        "new": len(compared.new),
        "ledger": str(plan.ledger),
        "sent": counts.sent,
        "failed": counts.failed,
        "uncertain": counts.uncertain + counts.claimed,
    }


def describe_counts(counts: LedgerCounts) -> str:
    """Describe how far the sending of an issue is; "" if it was never started."""
    if not counts.total:
        return ""
    retry = " (to try them again: --retry-failed)" if counts.failed else ""
    settled = f"{counts.sent:,} sent, {counts.failed:,} failed{retry}, {counts.uncertain + counts.claimed:,} uncertain"
    return f"Begun:   {format_count(counts.total, 'recipient')}, {settled}, {counts.pending:,} to do"


def format_count(count: int, noun: str) -> str:
    """Write a count with its noun: `1 recipient`, `1,200 recipients`."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def report_undelivered(
    answers: Mapping[bytes, DeliveryAnswer], people: Mapping[bytes, Recipient], uncertain: list[bytes]
) -> list[Problem]:
    """List the recipients who have not received the issue, or may not have, each with its line in the list."""
    found = []
    for id_, answer in answers.items():
        person = people[id_]
        if answer.status is DeliveryStatus.REFUSED:
            found.append(error(person.path, "mail-refused", f"{person.address}: {answer}.", line=person.line))
        elif answer.status is not DeliveryStatus.UNCERTAIN:
            message = f"{person.address}: not sent for now: {answer}."
            hint = "Run the same command again later."
            found.append(warning(person.path, "mail-later", message, hint, line=person.line))
    for id_ in uncertain:
        at = people.get(id_)
        if at is not None:
            message = f"{at.address} may have got it: the connection or the process ended before the server's answer."
            hint = "Ask, or look at the server's log; --resend-uncertain sends it again."
            found.append(warning(at.path, "mail-uncertain", message, hint, line=at.line))
    return found


def advise_retry(counts: LedgerCounts) -> list[Problem]:
    """Say how those whom the server refused, in this run or an earlier one, are tried again."""
    if not counts.failed:
        return []
    message = f"The server refused the mails for {format_count(counts.failed, 'recipient')}."
    hint = "The next run leaves them out. To try them again, run the same command with --retry-failed."
    return [warning("", "mail-failed", message, hint)]


def _duration(minutes: float) -> str:
    return f"{minutes / 60:.1f} hours" if minutes > 90 else format_count(max(1, round(minutes)), "minute")
