"""Carry out a plan: send a test, or the issue itself under its ledger."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import fields, replace

from generator.errors import MailError, Problem, error, warning
from generator.mailing.compose import compose
from generator.mailing.ledger import Counts, Frozen, Ledger, State
from generator.mailing.liveness import page_problems
from generator.mailing.pace import Pace, Patience
from generator.mailing.password import password_of
from generator.mailing.place import hold, owner, refuse_in_ci
from generator.mailing.plan import Plan
from generator.mailing.recipients import Recipient
from generator.mailing.report import Report, outcome_problems
from generator.mailing.sender import FILE
from generator.mailing.sending import Sending
from generator.mailing.smtp import Kind, Server, Timeouts, UnreachableError
from generator.progress import Progress

Confirm = Callable[[int, Counts, tuple[Problem, ...]], None]
"""Asked with the number of recipients, what the ledger knows and what was found last; raises MailError for no."""
Watch = Callable[[], AbstractContextManager[Progress | None]]
"""Gives what shows the progress while mails go out."""
_NOT_LISTED = "not in the list"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a sending behaves towards the server and the person who watches."""

    patience: Patience = field(default_factory=Patience)
    timeouts: Timeouts = field(default_factory=Timeouts)
    watch: Watch = nullcontext


def server_of(plan: Plan, timeouts: Timeouts) -> Server:
    """Make ready to talk to the mail server of a plan.

    Raises: MailError, when none is named or its password is missing.
    """
    settings = plan.config.newsletter.smtp
    if not settings.host:
        hint = 'Write, for example: host = "smtp.example.org" below [newsletter.smtp].'
        raise MailError(error(FILE, "mail-server", "no mail server is named.", hint))
    return Server(settings, password_of(settings), timeouts)


def send_test(plan: Plan, person: Recipient, now: datetime, timeouts: Timeouts | None = None) -> None:
    """Send one mail of the issue to `person`, outside every ledger.

    Its Message-ID is a new one each time: mail programs hide a second mail of the same.

    Raises: MailError, when the plan has errors or the server does not take the mail.
    """
    plan.refuse_errors()
    server = server_of(plan, timeouts or Timeouts())
    message = compose(plan.letter, plan.sender, person, now, os.urandom(32))
    try:
        _connect_once(server)
        answer = server.deliver(plan.sender.address, person.address, message, lambda: None)
        server.leave()
    finally:
        server.drop()
    if answer.kind is not Kind.SENT:
        raise MailError(error("", "mail-refused", f"the test to {person.address} was not sent: {answer}."))


def _connect_once(server: Server) -> None:
    try:
        server.connect()
    except UnreachableError as failure:
        where = f"{server.settings.host}:{server.settings.port}"
        message = f"the mail server {where} does not serve: {failure}."
        raise MailError(error(FILE, "mail-server", message, "Look at [newsletter.smtp].")) from failure


def send_issue(plan: Plan, now: datetime, confirm: Confirm, manner: Manner) -> Report:
    """Send the issue to everybody on its list who has not got it, once.

    Raises: MailError, when nothing may be sent: the plan has errors, its page is not there, CI would lose the ledger,
    another process is sending, the issue has changed since its first send, or the person says no. What goes wrong
    from then on is in the report.
    """
    plan.refuse_errors()
    refuse_in_ci(plan.order.ledger)
    server = server_of(plan, manner.timeouts)
    page = page_problems(plan.letter.url)
    replace(plan, problems=page).refuse_errors()
    with hold(plan.ledger):
        known = _known(plan)
        confirm(known.total or len(plan.recipients.people), known, page)
        with Ledger(plan.ledger) as ledger:
            return _send(plan, now, ledger, server, manner)


def _known(plan: Plan) -> Counts:
    """Count what the ledger knows; nothing, where the sending begins anew."""
    if not plan.ledger.exists():
        return Counts()
    with Ledger(plan.ledger) as ledger:
        return Counts() if _begins(plan, ledger) else ledger.counts()


def _begins(plan: Plan, ledger: Ledger) -> bool:
    """Tell whether this is the first send: nothing is frozen, or nobody can have got what is, and it is not wanted."""
    frozen, counts = ledger.frozen(), ledger.counts()
    if frozen is None or counts.untried:
        return True
    asked = Frozen(plan.letter, plan.sender, frozen.date)
    return counts.harmless and frozen.digest != asked.digest and not plan.order.as_first_sent


def known_counts(plan: Plan) -> Counts:
    """Count what the ledger of a plan knows, for a dry run; a ledger that is not there is not made.

    Raises: MailError, when another process is sending.
    """
    if not plan.ledger.exists():
        return Counts()
    with hold(plan.ledger):
        return _known(plan)


def _send(plan: Plan, now: datetime, ledger: Ledger, server: Server, manner: Manner) -> Report:
    ledger.note_owner(owner(now))
    ledger.doubt_claims()
    frozen = _frozen(plan, now, ledger)
    people, found = _people(plan, ledger)
    if plan.order.resend_uncertain:
        ledger.release(State.UNCERTAIN)
    if plan.order.retry_failed:
        ledger.release(State.FAILED)
    found += _postpone_absent(ledger, people)
    sending = Sending(ledger, server, frozen, people, Pace(plan.order.pace), manner.patience)
    with manner.watch() as progress, sending.stop.listening():
        sending.progress = progress
        try:
            sending.run()
        except MailError as fault:
            found += fault.problems
        except KeyboardInterrupt:
            sending.stop.asked = True
    found += outcome_problems(sending.answers, people, ledger.of(State.UNCERTAIN))
    return Report(ledger.counts(), tuple(found), interrupted=sending.stop.asked)


def _frozen(plan: Plan, now: datetime, ledger: Ledger) -> Frozen:
    """Give what was frozen at the first send; freeze it now, where this is the first.

    Raises: MailError, when the issue has changed since.
    """
    asked, frozen = Frozen(plan.letter, plan.sender, now), ledger.frozen()
    if frozen is None or _begins(plan, ledger):
        ledger.freeze(asked, (person.folded for person in plan.recipients.people))
        return asked
    if frozen.digest != asked.digest and not plan.order.as_first_sent:
        message = f"the issue is not as it was when its first mails went out: {_changed(frozen, asked)} changed."
        hint = "Undo that, or send the rest as it was then with --as-first-sent; news belongs into another issue."
        raise MailError(error(plan.letter.slug, "mail-changed", message, hint))
    return frozen


def _changed(before: Frozen, after: Frozen) -> str:
    """Name what differs."""
    names = [
        each.name.rstrip("_")
        for one, other in ((before.letter, after.letter), (before.sender, after.sender))
        for each in fields(one)
        if getattr(one, each.name) != getattr(other, each.name)
    ]
    return ", ".join(dict.fromkeys(names)) or "its form"


def _people(plan: Plan, ledger: Ledger) -> tuple[dict[bytes, Recipient], list[Problem]]:
    """Sort the list by what the ledger knows: id → recipient, and those who were not on it at the first send.

    Raises: MailError, when the list has nobody of the first one.
    """
    frozen = {id_ for state in State for id_ in ledger.of(state)}
    people = {ledger.identify(person.folded): person for person in plan.recipients.people}
    strangers = [person for id_, person in people.items() if id_ not in frozen]
    if len(strangers) == len(people):
        message = "nobody on this list was on the one the issue was first sent to."
        hint = "Give the same list again. Another list needs a ledger of its own: --ledger."
        raise MailError(error(plan.order.to, "mail-list", message, hint))
    text = "{} was not on the list at the first send; nothing is sent there."
    named = [warning(each.path, "mail-new", text.format(each.address), line=each.line) for each in strangers]
    return {id_: person for id_, person in people.items() if id_ in frozen}, named


def _postpone_absent(ledger: Ledger, people: dict[bytes, Recipient]) -> list[Problem]:
    """Put off whoever is not on the list any more."""
    absent = [id_ for id_ in ledger.of(State.PENDING) if id_ not in people]
    for id_ in absent:
        ledger.settle(id_, State.PENDING, _NOT_LISTED)
    if not absent:
        return []
    message = f"{len(absent):,} of those on the list at the first send are not on it now; nothing is sent to them."
    return [warning("", "mail-absent", message, "Whoever comes back on the list gets it with the next run.")]
