"""Describe a sending: the plan before it, and at its end the problems and the summary line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import Problem, error, note, warning
from generator.newsletter.delivery.ledger_comparison import LedgerComparison
from generator.newsletter.delivery.ledger_values import LedgerCounts
from generator.newsletter.delivery.limits import SendWindow
from generator.newsletter.delivery.plan import SendPlan
from generator.newsletter.delivery.smtp import DeliveryAnswer, DeliveryStatus
from generator.newsletter.message.recipients import Recipient
from generator.text.counts import format_count


@dataclass(frozen=True, slots=True)
class SendReport:
    """How a sending ended: the ledger's counts and the problems."""

    counts: LedgerCounts
    problems: tuple[Problem, ...] = ()
    interrupted: bool = False

    @property
    def failed(self) -> int:
        """Count the recipients whose mail the server refused or put off."""
        return self.counts.failed + self.counts.postponed

    @property
    def complete(self) -> bool:
        """Return True if every recipient certainly has the issue."""
        return self.counts.sent == self.counts.total

    @property
    def facts(self) -> dict[str, int]:
        """Return the counts for `--json`. Total = sent + failed + uncertain + waiting."""
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
        """Return the last line, which programs read: the counts of the whole issue over all runs."""
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
    server = (
        f"{settings.host}:{settings.port}, {_SECURITY[settings.security]}"
        if settings.host
        else "none (set host in [newsletter.smtp])"
    )
    lines = [
        f"Issue:   {letter.title} ({letter.url})",
        f"Subject: {letter.subject or letter.title}",
        f"From:    {who}",
        f"To:      {people}",
        f"Server:  {server}",
        f"Ledger:  {plan.ledger}",
    ]
    if plan.options.pace:
        lines.append(
            f"Pace:    {plan.options.pace:g} mails per minute, {_duration(count / plan.options.pace)} in total"
        )
    if plan.options.connections > 1:
        lines.append(f"Speed:   {plan.options.connections} connections")
    if plan.options.window:
        lines.append(f"Window:  {plan.options.window} ({plan.config.timezone})")
    if plan.options.max_per_day:
        days = -(-count // plan.options.max_per_day)
        lines.append(f"Limit:   {format_count(plan.options.max_per_day, 'mail')} per day, {format_count(days, 'day')}")
    return lines


_SECURITY = {"none": "not encrypted", "starttls": "encrypted (STARTTLS)", "tls": "encrypted (TLS)"}


def summarize_plan(plan: SendPlan, compared: LedgerComparison) -> dict[str, Any]:
    """Return what a sending would do, for `--json`."""
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
    """Describe how much of an issue has been sent; "" before the first send."""
    if not counts.total:
        return ""
    retry = " (try again: --retry-failed)" if counts.failed else ""
    settled = f"{counts.sent:,} sent, {counts.failed:,} failed{retry}, {counts.uncertain + counts.claimed:,} uncertain"
    return f"Status:  {format_count(counts.total, 'recipient')}: {settled}, {counts.pending:,} to do"


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
            message = f"{person.address}: not sent yet: {answer}."
            hint = "Run the same command again later."
            found.append(warning(person.path, "mail-later", message, hint, line=person.line))
    for id_ in uncertain:
        at = people.get(id_)
        if at is not None:
            message = (
                f"{at.address} may have received it: the connection or the process ended before the server replied."
            )
            hint = "Ask the recipient, or read the server's log. To send it again, add --resend-uncertain."
            found.append(warning(at.path, "mail-uncertain", message, hint, line=at.line))
    return found


def advise_retry(counts: LedgerCounts) -> list[Problem]:
    """Explain how to try refused recipients again, from this run and earlier ones."""
    if not counts.failed:
        return []
    message = f"The server has refused the mail for {format_count(counts.failed, 'recipient')}."
    hint = "The next run skips them. To try them again, add --retry-failed."
    return [warning("", "mail-failed", message, hint)]


def report_daily_limit(limit: int, counts: LedgerCounts) -> Problem:
    """Explain that today's mails are used up."""
    message = f"Today's {format_count(limit, 'mail')} are sent; {format_count(counts.pending, 'recipient')} must wait."
    return note("", "mail-limit", message, "Run the same command again tomorrow.")


def report_restored_copy(file: Path, owner: str, doubtful: int) -> Problem:
    """Explain that the ledger is a copy from before a sending whose end is not known."""
    message = (
        f"This is a copy of the ledger from before the last sending ({owner}), which did not save it afterwards: "
        f"{format_count(doubtful, 'recipient')} may have received the issue."
    )
    hint = "Ask your mail server's log who has received it. To send it to all of them again, add --resend-uncertain."
    return error(file.as_posix(), "mail-ledger-copy", message, hint)


def report_closed_window(window: SendWindow) -> Problem:
    """Explain that the hours in which mails may be sent are over, or have not begun."""
    message = f"Mails are sent only from {window.start:%H:%M} to {window.end:%H:%M}."
    return note("", "mail-window", message, "Run the same command again in these hours.")


def _duration(minutes: float) -> str:
    return f"{minutes / 60:.1f} hours" if minutes > 90 else format_count(max(1, round(minutes)), "minute")
