"""Carry out a plan: send a test, or the issue itself under its ledger."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import fields, replace

from generator.errors import MailError, Problem, error, warning
from generator.newsletter.checks.web_page import check_web_page
from generator.newsletter.delivery.ledger import FrozenIssue, Ledger, LedgerCounts, RecipientState
from generator.newsletter.delivery.ledger_file import describe_process, lock_ledger, refuse_temporary_ledger
from generator.newsletter.delivery.pace import RateLimit, RetryPolicy, StopRequest
from generator.newsletter.delivery.plan import SendPlan
from generator.newsletter.delivery.report import SendReport, advise_retry, report_undelivered
from generator.newsletter.delivery.run import DeliveryRun
from generator.newsletter.delivery.smtp import DeliveryStatus, ServerUnreachableError, SmtpServer, SmtpTimeouts
from generator.newsletter.delivery.smtp_password import find_smtp_password
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import SETTINGS_FILE
from generator.progress import Progress

ConfirmSend = Callable[[int, LedgerCounts, tuple[Problem, ...]], None]
"""Receives the number of recipients, the ledger's counts and the last problems; raises MailError to refuse."""
OpenProgress = Callable[[], AbstractContextManager[Progress | None]]
"""Opens what shows the progress of the sending."""
_NOT_LISTED = "not in the list"


@dataclass(frozen=True, slots=True)
class SendConditions:
    """How a sending retries, how long it waits for the server, and what shows its progress."""

    retries: RetryPolicy = field(default_factory=RetryPolicy)
    timeouts: SmtpTimeouts = field(default_factory=SmtpTimeouts)
    open_progress: OpenProgress = nullcontext


def make_server(plan: SendPlan, timeouts: SmtpTimeouts) -> SmtpServer:
    """Make the client for the mail server of a plan; it does not connect yet.

    Raises: MailError, when none is named or its password is missing.
    """
    settings = plan.config.newsletter.smtp
    if not settings.host:
        hint = 'Write, for example: host = "smtp.example.org" below [newsletter.smtp].'
        raise MailError(error(SETTINGS_FILE, "mail-server", "no mail server is named.", hint))
    return SmtpServer(settings, find_smtp_password(settings), timeouts)


def send_test(plan: SendPlan, person: Recipient, now: datetime, timeouts: SmtpTimeouts | None = None) -> None:
    """Send one message of the issue to `person`, outside every ledger.

    Its Message-ID is a new one each time: mail programs hide a second message of the same.

    Raises: MailError, when the plan has errors or the server does not take the message.
    """
    plan.refuse_errors()
    server = make_server(plan, timeouts or SmtpTimeouts())
    letter = replace(plan.letter, subject=f"[Test] {plan.letter.subject or plan.letter.title}")
    message = compose_message(letter, plan.sender, person, now, os.urandom(32))
    if plan.signer:
        message = plan.signer.sign(message)
    try:
        _connect_once(server)
        answer = server.deliver(plan.sender.envelope_address("test"), person.address, message, lambda: None)
        server.quit()
    finally:
        server.disconnect()
    if answer.status is not DeliveryStatus.SENT:
        raise MailError(error("", "mail-refused", f"the test to {person.address} was not sent: {answer}."))


def _connect_once(server: SmtpServer) -> None:
    try:
        server.connect()
    except ServerUnreachableError as failure:
        where = f"{server.settings.host}:{server.settings.port}"
        message = f"the mail server {where} does not serve: {failure}."
        raise MailError(error(SETTINGS_FILE, "mail-server", message, "Look at [newsletter.smtp].")) from failure


def send_issue(plan: SendPlan, now: datetime, confirm: ConfirmSend, conditions: SendConditions) -> SendReport:
    """Send the issue once to everyone on its list who has not received it.

    Raises: MailError, when nothing may be sent: the plan has errors, its page is not there, CI would lose the ledger,
    another process is sending, the issue has changed since its first send, or the person says no. What goes wrong
    from then on is in the report.
    """
    plan.refuse_errors()
    refuse_temporary_ledger(plan.options.ledger)
    server = make_server(plan, conditions.timeouts)
    page = check_web_page(plan.letter.url)
    replace(plan, problems=page).refuse_errors()
    with lock_ledger(plan.ledger):
        known = _read_known_counts(plan)
        confirm(known.total or len(plan.recipients.people), known, page)
        with Ledger(plan.ledger) as ledger:
            return _send(plan, now, ledger, server, conditions)


def _read_known_counts(plan: SendPlan) -> LedgerCounts:
    """Count what the ledger knows; nothing, where the sending begins anew."""
    if not plan.ledger.exists():
        return LedgerCounts()
    with Ledger(plan.ledger) as ledger:
        return LedgerCounts() if _is_first_send(plan, ledger) else ledger.count_recipients()


def _is_first_send(plan: SendPlan, ledger: Ledger) -> bool:
    """Return True if this is the first send: nothing is frozen, or what is was not delivered and may be replaced."""
    frozen, counts = ledger.read_frozen(), ledger.count_recipients()
    if frozen is None or counts.nothing_tried:
        return True
    asked = FrozenIssue(plan.letter, plan.sender, frozen.date)
    return counts.nothing_delivered and frozen.digest != asked.digest and not plan.options.as_first_sent


def read_known_counts(plan: SendPlan) -> LedgerCounts:
    """Count what the ledger of a plan knows, for a dry run; a ledger that is not there is not made.

    Raises: MailError, when another process is sending.
    """
    if not plan.ledger.exists():
        return LedgerCounts()
    with lock_ledger(plan.ledger):
        return _read_known_counts(plan)


def _send(plan: SendPlan, now: datetime, ledger: Ledger, server: SmtpServer, conditions: SendConditions) -> SendReport:
    ledger.record_owner(describe_process(now))
    ledger.mark_claims_uncertain()
    frozen = _freeze_or_compare(plan, now, ledger)
    people, found = _match_people(plan, ledger)
    if plan.options.resend_uncertain:
        ledger.make_pending(RecipientState.UNCERTAIN)
    if plan.options.retry_failed:
        ledger.make_pending(RecipientState.FAILED)
    found += _postpone_absent(ledger, people)
    stop = StopRequest()
    with conditions.open_progress() as progress, stop.catch_signals():
        run = DeliveryRun(
            ledger,
            server,
            frozen,
            people,
            RateLimit(plan.options.pace),
            conditions.retries,
            stop,
            progress,
            plan.signer,
        )
        try:
            run.send_all()
        except MailError as fault:
            found += fault.problems
        except KeyboardInterrupt:
            stop.requested = True
    found += report_undelivered(run.answers, people, ledger.list_ids(RecipientState.UNCERTAIN))
    found += advise_retry(ledger.count_recipients())
    return SendReport(ledger.count_recipients(), tuple(found), interrupted=stop.requested)


def _freeze_or_compare(plan: SendPlan, now: datetime, ledger: Ledger) -> FrozenIssue:
    """Give what was frozen at the first send; freeze it now, where this is the first.

    Raises: MailError, when the issue has changed since.
    """
    asked, frozen = FrozenIssue(plan.letter, plan.sender, now), ledger.read_frozen()
    if frozen is None or _is_first_send(plan, ledger):
        ledger.freeze_issue(asked, (person.folded for person in plan.recipients.people))
        return asked
    if frozen.digest != asked.digest and not plan.options.as_first_sent:
        message = f"the issue is not as it was when its first mails went out: {_list_changes(frozen, asked)} changed."
        hint = "Undo that, or send the rest as it was then with --as-first-sent; news belongs into another issue."
        raise MailError(error(plan.letter.slug, "mail-changed", message, hint))
    return frozen


def _list_changes(before: FrozenIssue, after: FrozenIssue) -> str:
    """List the fields that differ."""
    names = [
        each.name.rstrip("_")
        for one, other in ((before.letter, after.letter), (before.sender, after.sender))
        for each in fields(one)
        if getattr(one, each.name) != getattr(other, each.name)
    ]
    return ", ".join(dict.fromkeys(names)) or "its form"


def _match_people(plan: SendPlan, ledger: Ledger) -> tuple[dict[bytes, Recipient], list[Problem]]:
    """Sort the list by what the ledger knows: id → recipient, and those who were not on it at the first send.

    Raises: MailError, when the list has nobody of the first one.
    """
    frozen = {id_ for state in RecipientState for id_ in ledger.list_ids(state)}
    people = {ledger.hash_address(person.folded): person for person in plan.recipients.people}
    strangers = [person for id_, person in people.items() if id_ not in frozen]
    if len(strangers) == len(people):
        message = "nobody on this list was on the one the issue was first sent to."
        hint = "Give the same list again. Another list needs a ledger of its own: --ledger."
        raise MailError(error(plan.options.to, "mail-list", message, hint))
    text = "{} was not on the list at the first send; nothing is sent there."
    named = [warning(each.path, "mail-new", text.format(each.address), line=each.line) for each in strangers]
    return {id_: person for id_, person in people.items() if id_ in frozen}, named


def _postpone_absent(ledger: Ledger, people: dict[bytes, Recipient]) -> list[Problem]:
    """Put off whoever is not on the list any more."""
    absent = [id_ for id_ in ledger.list_ids(RecipientState.PENDING) if id_ not in people]
    for id_ in absent:
        ledger.record_result(id_, RecipientState.PENDING, _NOT_LISTED)
    if not absent:
        return []
    message = f"{len(absent):,} of those on the list at the first send are not on it now; nothing is sent to them."
    return [warning("", "mail-absent", message, "Whoever comes back on the list gets it with the next run.")]
