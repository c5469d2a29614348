"""Carry out a plan: send a test, or send the issue and record it in the ledger."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from generator.config.example_url import refuse_example_url
from generator.errors import MailError, Problem, error
from generator.model import Letter
from generator.newsletter.checks.web_page import check_web_page
from generator.newsletter.delivery.approval import ApprovalStatus, check_approval, refuse_unapproved
from generator.newsletter.delivery.approval_file import read_approvals
from generator.newsletter.delivery.begun_issues import forget_begun, record_begun
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_comparison import LedgerComparison, compare_with_ledger, list_absent
from generator.newsletter.delivery.ledger_file import describe_process, lock_ledger, refuse_temporary_ledger
from generator.newsletter.delivery.ledger_reader import LedgerReader
from generator.newsletter.delivery.ledger_saving import run_save_command, save_before_sending
from generator.newsletter.delivery.ledger_search import count_sent_on, list_ledgers
from generator.newsletter.delivery.ledger_values import NOT_LISTED, FrozenIssue, LedgerCounts, RecipientState
from generator.newsletter.delivery.limits import DailyLimit, read_system_time
from generator.newsletter.delivery.pace import RateLimit, RetryPolicy, StopRequest
from generator.newsletter.delivery.plan import SendPlan
from generator.newsletter.delivery.report import (
    SendReport,
    advise_retry,
    report_closed_window,
    report_daily_limit,
    report_restored_copy,
    report_undelivered,
)
from generator.newsletter.delivery.run import DeliveryRun
from generator.newsletter.delivery.smtp import DeliveryStatus, ServerUnreachableError, SmtpServer, SmtpTimeouts
from generator.newsletter.delivery.smtp_password import find_smtp_password
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import SETTINGS_FILE, Sender
from generator.progress import Progress

ConfirmSend = Callable[[int, LedgerCounts, tuple[Problem, ...]], None]
"""Called with the number of recipients, the ledger's counts and the last problems; raises MailError to cancel."""
OpenProgress = Callable[[], AbstractContextManager[Progress | None]]
"""Opens the progress display of a sending."""


@dataclass(frozen=True, slots=True)
class SendConditions:
    """How a sending retries, how long it waits for the server, how it shows progress, and its clock."""

    retries: RetryPolicy = field(default_factory=RetryPolicy)
    timeouts: SmtpTimeouts = field(default_factory=SmtpTimeouts)
    open_progress: OpenProgress = nullcontext
    read_time: Callable[[], datetime] = read_system_time


def make_server(plan: SendPlan, timeouts: SmtpTimeouts) -> SmtpServer:
    """Make the client for a plan's mail server, without connecting.

    Raises: MailError if site.toml has no mail server or its password is missing.
    """
    settings = plan.config.newsletter.smtp
    if not settings.host:
        hint = 'Write, for example: host = "smtp.example.org" below [newsletter.smtp].'
        raise MailError(error(SETTINGS_FILE, "mail-server", "No mail server is set.", hint))
    return SmtpServer(settings, find_smtp_password(settings), timeouts)


def send_test(
    plan: SendPlan,
    person: Recipient,
    now: datetime,
    timeouts: SmtpTimeouts | None = None,
    *,
    letter: Letter | None = None,
) -> None:
    """Send one message of each version of the issue, or of `letter` instead, without touching the ledger.

    Each test has a new Message-ID, because mail programs hide a second message with the same one.

    Raises: MailError if the plan has errors or the server does not accept the message; ConfigError if the site's
    address is still an example.
    """
    refuse_example_url(plan.options.root, plan.config.url)
    plan.refuse_errors()
    server = make_server(plan, timeouts or SmtpTimeouts())
    versions = [(letter, plan.sender)] if letter else _test_versions(plan)
    try:
        _connect_once(server)
        for version, sender in versions:
            message = compose_message(version, sender, plan.personalize(sender, person), now, os.urandom(32))
            message = plan.signer.sign(message) if plan.signer else message
            answer = server.deliver(sender.envelope_address("test"), person.address, message, lambda: None)
            if answer.status is not DeliveryStatus.SENT:
                refused = f"The test to {person.address} was not sent: {answer}."
                raise MailError(error("", "mail-refused", refused, "Check the address, or try again later."))
        server.quit()
    finally:
        server.disconnect()


def _test_versions(plan: SendPlan) -> list[tuple[Letter, Sender]]:
    """Return the letter and its translations, marked as tests in the subject."""
    versions = [(plan.letter, plan.sender), *((each.letter, each.sender) for each in plan.translations)]
    return [
        (replace(letter, subject=f"[Test] {letter.subject or letter.title}"), sender) for letter, sender in versions
    ]


def _connect_once(server: SmtpServer) -> None:
    try:
        server.connect()
    except ServerUnreachableError as failure:
        where = f"{server.settings.host}:{server.settings.port}"
        message = f"The mail server {where} does not respond: {failure}."
        raise MailError(
            error(SETTINGS_FILE, "mail-server", message, "Check host and port in [newsletter.smtp].")
        ) from failure


def send_issue(plan: SendPlan, now: datetime, confirm: ConfirmSend, conditions: SendConditions) -> SendReport:
    """Send the issue once to everyone on its list who has not received it.

    Raises: MailError before the first mail: if the plan has errors, the issue's page is not published, CI would lose
    the ledger, another process is sending, the issue has changed since its first send, the letter is not approved, or
    `confirm` refuses. The report holds the problems after that. ConfigError if the site's address is still an example.
    """
    refuse_example_url(plan.options.root, plan.config.url)
    plan.refuse_errors()
    refuse_temporary_ledger(plan.options.root, plan.options.ledger)
    server = make_server(plan, conditions.timeouts)
    page = check_web_page(plan.letter.url)
    replace(plan, problems=page).refuse_errors()
    with lock_ledger(plan.ledger, plan.letter.id):
        plan.search_ledger_again()
        compared = _compare(plan)
        refuse_unapproved(plan, read_approval_status(plan, compared))
        confirm(compared.expected, compared.counts, page)
        stop = StopRequest()
        with stop.catch_signals():  # up to the end, or a signal between the last mail and the saving would prevent that
            with Ledger(plan.ledger) as ledger:
                report = _send(plan, now, ledger, server, conditions, stop)
            return _save(plan, report)


def compare_plan(plan: SendPlan) -> LedgerComparison:
    """Compare a plan with its ledger for a dry run, without creating a ledger.

    Raises: MailError if another process is sending, or as `compare_with_ledger`.
    """
    if not plan.ledger.exists():
        return compare_with_ledger(plan, None)
    with lock_ledger(plan.ledger, plan.letter.id):
        return _compare(plan)


def read_approval_status(plan: SendPlan, compared: LedgerComparison) -> ApprovalStatus:
    """Return whether the letter may be sent, by the approvals in `approvals/`.

    Raises: MailError if that file is damaged.
    """
    if not plan.config.newsletter.approvals:
        return ApprovalStatus(0)
    return check_approval(plan, compared, read_approvals(plan.options.root, plan.letter.slug))


def _compare(plan: SendPlan) -> LedgerComparison:
    if not plan.ledger.exists():
        return compare_with_ledger(plan, None)
    with LedgerReader(plan.ledger) as ledger:
        return compare_with_ledger(plan, ledger)


def _send(
    plan: SendPlan, now: datetime, ledger: Ledger, server: SmtpServer, conditions: SendConditions, stop: StopRequest
) -> SendReport:
    ledger.record_owner(describe_process(now))
    ledger.mark_claims_uncertain()
    if owner := ledger.read_copy_owner():
        doubtful = ledger.settle_copy()
        return SendReport(ledger.count_recipients(), (report_restored_copy(ledger.file, owner, doubtful),))
    compared = compare_with_ledger(plan, ledger)
    found = list(compared.problems)
    frozen = compared.frozen or FrozenIssue(plan.letter, plan.sender, now, plan.translations)
    people = _prepare_ledger(plan, ledger, compared, frozen)
    with conditions.open_progress() as progress:
        if plan.options.save:
            save_before_sending(plan.options.save, ledger, describe_process(now))
        record_begun(plan.options.root, plan.letter.id, plan.ledger, now)
        run = DeliveryRun(
            ledger,
            [server, *(server.copy() for _ in range(plan.options.connections - 1))],
            frozen,
            people,
            RateLimit(plan.options.pace),
            conditions.retries,
            stop,
            progress,
            plan.signer,
            plan.options.window,
            not plan.options.unattended,
            _daily_limit(plan, ledger, conditions),
        )
        try:
            run.send_all()
        except MailError as fault:
            found += fault.problems
        except KeyboardInterrupt:
            stop.requested = True
    found += report_undelivered(run.answers, people, ledger.list_ids(RecipientState.UNCERTAIN))
    counts = ledger.count_recipients()
    if counts.nothing_delivered:
        forget_begun(plan.options.root, plan.letter.id)
    found += advise_retry(counts)
    found += _report_limits(run, plan, counts)
    return SendReport(counts, tuple(found), interrupted=stop.requested)


def _prepare_ledger(
    plan: SendPlan, ledger: Ledger, compared: LedgerComparison, frozen: FrozenIssue
) -> dict[bytes, Recipient]:
    """Freeze the issue at its first send, and make pending whom the user asks for; return the people to send to."""
    if compared.frozen is None:
        ledger.freeze_issue(frozen, (person.folded for person in plan.recipients.people))
    elif plan.options.add_new:
        ledger.add_recipients(person.folded for person in compared.new)
    people = _match_people(plan, ledger)
    if plan.options.resend_uncertain:
        ledger.make_pending(RecipientState.UNCERTAIN)
    if plan.options.retry_failed:
        ledger.make_pending(RecipientState.FAILED)
    for id_ in list_absent(ledger, people):
        ledger.record_result(id_, RecipientState.PENDING, NOT_LISTED)
    return people


def _save(plan: SendPlan, report: SendReport) -> SendReport:
    """Save the ledger at the end, if the user has given a command for it."""
    if not plan.options.save:
        return report
    try:
        with StopRequest().catch_signals():  # a job that is cancelled gets several
            run_save_command(plan.options.save, plan.ledger, "Save it yourself before the next run.")
    except MailError as fault:
        return dataclasses.replace(report, problems=(*report.problems, *fault.problems))
    return report


def _report_limits(run: DeliveryRun, plan: SendPlan, counts: LedgerCounts) -> list[Problem]:
    """Explain why a run ended although recipients wait."""
    if run.limit_reached:
        return [report_daily_limit(plan.options.max_per_day or 0, counts)]
    return [report_closed_window(plan.options.window)] if run.window_closed and plan.options.window else []


def _daily_limit(plan: SendPlan, ledger: Ledger, conditions: SendConditions) -> DailyLimit:
    """Make the day's limit, with the mails of other issues that were sent today."""
    daily = DailyLimit(plan.options.max_per_day, 0, plan.config.zone, conditions.read_time)
    if daily.limit is not None:
        others = [file for file in list_ledgers([plan.ledger.parent]) if file != plan.ledger.resolve()]
        daily.used = ledger.count_day(daily.today) + count_sent_on(daily.today, others)
    return daily


def _match_people(plan: SendPlan, ledger: Ledger) -> dict[bytes, Recipient]:
    """Return the recipients on the list that are in the ledger: id → recipient."""
    known = {id_ for state in RecipientState for id_ in ledger.list_ids(state)}
    people = {ledger.hash_address(person.folded): person for person in plan.recipients.people}
    return {id_: person for id_, person in people.items() if id_ in known}
