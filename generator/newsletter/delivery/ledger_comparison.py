"""Compare a plan with what its ledger holds: the same for a dry run and for a real one, so that neither surprises."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import fields

from generator.errors import MailError, Problem, error, warning
from generator.newsletter.delivery.ledger_reader import LedgerReader
from generator.newsletter.delivery.ledger_values import FrozenIssue, LedgerCounts, RecipientState
from generator.newsletter.delivery.plan import SendPlan
from generator.newsletter.message.recipients import Recipient


class LedgerComparison(Struct, frozen=True):
    """What a ledger means for a plan.

    `frozen` is None at the first send: the plan's letter is frozen then. `new` are those whom --add-new adds.
    `expected` is the number of recipients that a person confirms.
    """

    expected: int
    counts: LedgerCounts = LedgerCounts()
    frozen: FrozenIssue | None = None
    new: tuple[Recipient, ...] = ()
    problems: tuple[Problem, ...] = ()


def compare_with_ledger(plan: SendPlan, ledger: LedgerReader | None) -> LedgerComparison:
    """Compare the letter and the list with those of the first send; `ledger` is None if nothing was sent yet.

    Raises: MailError if the issue has changed since, or the list has nobody of the first one.
    """
    frozen = ledger.read_frozen() if ledger else None
    if ledger is None or frozen is None or _is_first_send(plan, ledger, frozen):
        if plan.options.add_new:
            hint = "Leave --add-new out: it is for latecomers."
            raise MailError(error("", "mail-list", "This issue was not sent to anybody yet.", hint))
        return LedgerComparison(len(plan.recipients.people))
    _refuse_changes(plan, frozen)
    return _compare_people(plan, ledger, frozen)


def _is_first_send(plan: SendPlan, ledger: LedgerReader, frozen: FrozenIssue) -> bool:
    """Return True if nobody can have got what is frozen, and it is not what is to be sent."""
    counts = ledger.count_recipients()
    if counts.nothing_tried:
        return True
    asked = FrozenIssue(plan.letter, plan.sender, frozen.date)
    return counts.nothing_delivered and frozen.digest != asked.digest and not plan.options.as_first_sent


def _refuse_changes(plan: SendPlan, frozen: FrozenIssue) -> None:
    asked = FrozenIssue(plan.letter, plan.sender, frozen.date)
    if frozen.digest == asked.digest or plan.options.as_first_sent:
        return
    message = (
        f'The issue is not as it was when its first mails went out, as "{frozen.letter.title}" '
        f"(ledger {plan.ledger.name}): {_list_changes(frozen, asked)} changed."
    )
    hint = (
        "Undo that, or send the rest as it was then with --as-first-sent. "
        "If this is a new issue made from a copy, give it an id of its own."
    )
    raise MailError(error(plan.letter.slug, "mail-changed", message, hint))


def _list_changes(before: FrozenIssue, after: FrozenIssue) -> str:
    """Name what differs."""
    names = [
        each.name.rstrip("_")
        for one, other in ((before.letter, after.letter), (before.sender, after.sender))
        for each in fields(one)
        if getattr(one, each.name) != getattr(other, each.name)
    ]
    return ", ".join(dict.fromkeys(names)) or "its form"


def _compare_people(plan: SendPlan, ledger: LedgerReader, frozen: FrozenIssue) -> LedgerComparison:
    known = {id_ for state in RecipientState for id_ in ledger.list_ids(state)}
    people = {ledger.hash_address(person.folded): person for person in plan.recipients.people}
    new = tuple(person for id_, person in people.items() if id_ not in known)
    counts = ledger.count_recipients()
    if plan.options.add_new:
        if not new:
            message = "Nobody on this list is new: everybody on it was there at the first send."
            raise MailError(error("", "mail-list", message, "Leave --add-new out."))
        return LedgerComparison(len(new), counts, frozen, new, _absent(ledger, people))
    if len(new) == len(people):
        message = "nobody on this list was on the one the issue was first sent to."
        hint = "Give the same list again. To send to these people as well, add --add-new."
        raise MailError(error(", ".join(plan.options.to), "mail-list", message, hint))
    text, hint = "{} was not on the list at the first send; nothing is sent there.", "Add --add-new to send it there."
    named = [warning(each.path, "mail-new", text.format(each.address), hint, line=each.line) for each in new]
    return LedgerComparison(counts.total, counts, frozen, new, (*named, *_absent(ledger, people)))


def _absent(ledger: LedgerReader, people: dict[bytes, Recipient]) -> tuple[Problem, ...]:
    count = len(list_absent(ledger, people))
    if not count:
        return ()
    message = f"{count:,} of those on the list at the first send are not on it now; nothing is sent to them."
    return (warning("", "mail-absent", message, "Whoever comes back on the list gets it with the next run."),)


def list_absent(ledger: LedgerReader, people: dict[bytes, Recipient]) -> list[bytes]:
    """List the ids of those who wait in the ledger and are not on the list any more."""
    return [id_ for id_ in ledger.list_ids(RecipientState.PENDING) if id_ not in people]
