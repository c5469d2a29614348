"""Compare a plan with its ledger, in the same way for a dry run and a real one."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import fields

from generator.errors import MailError, Problem, error, warning
from generator.newsletter.delivery.ledger_reader import LedgerReader
from generator.newsletter.delivery.ledger_values import FrozenIssue, LedgerCounts, RecipientState
from generator.newsletter.delivery.plan import SendPlan
from generator.newsletter.message.recipients import Recipient
from generator.text.counts import format_count


class LedgerComparison(Struct, frozen=True):
    """What a ledger means for a plan.

    `frozen` is None before the first send, which freezes the plan's letter. `new` are the recipients --add-new adds.
    `expected` is the number of recipients that the user confirms.
    """

    expected: int
    counts: LedgerCounts = LedgerCounts()
    frozen: FrozenIssue | None = None
    new: tuple[Recipient, ...] = ()
    problems: tuple[Problem, ...] = ()


def compare_with_ledger(plan: SendPlan, ledger: LedgerReader | None) -> LedgerComparison:
    """Compare the letter and the list with those of the first send; `ledger` is None before it.

    Raises: MailError if the issue has changed since, or if the list shares no recipient with the first one.
    """
    frozen = ledger.read_frozen() if ledger else None
    if ledger is None or frozen is None or _is_first_send(plan, ledger, frozen):
        if plan.options.add_new:
            hint = "Remove --add-new: it is for people who joined the list after the first send."
            raise MailError(error("", "mail-list", "This issue has not been sent yet.", hint))
        return LedgerComparison(len(plan.recipients.people))
    _refuse_changes(plan, frozen)
    return _compare_people(plan, ledger, frozen)


def _is_first_send(plan: SendPlan, ledger: LedgerReader, frozen: FrozenIssue) -> bool:
    """Return True if the plan's letter may replace the frozen one, because no recipient can have received that."""
    counts = ledger.count_recipients()
    if counts.nothing_tried:
        return True
    asked = FrozenIssue(plan.letter, plan.sender, frozen.date, plan.translations)
    return counts.nothing_delivered and frozen.digest != asked.digest and not plan.options.as_first_sent


def _refuse_changes(plan: SendPlan, frozen: FrozenIssue) -> None:
    asked = FrozenIssue(plan.letter, plan.sender, frozen.date, plan.translations)
    if frozen.digest == asked.digest or plan.options.as_first_sent:
        return
    message = (
        f'The issue has changed since its first mails were sent as "{frozen.letter.title}" '
        f"(ledger {plan.ledger.name}). Changed: {_list_changes(frozen, asked)}."
    )
    hint = (
        "Undo the change, or add --as-first-sent to send the first version to the others. "
        "If this is a new issue copied from an older one, give it a new id."
    )
    raise MailError(error(plan.letter.slug, "mail-changed", message, hint))


def _list_changes(before: FrozenIssue, after: FrozenIssue) -> str:
    """List the parts that differ."""
    names = [
        each.name.rstrip("_")
        for one, other in ((before.letter, after.letter), (before.sender, after.sender))
        for each in fields(one)
        if getattr(one, each.name) != getattr(other, each.name)
    ]
    names += ["translations"] * (before.translations != after.translations)
    return ", ".join(dict.fromkeys(names)) or "the format"


def _compare_people(plan: SendPlan, ledger: LedgerReader, frozen: FrozenIssue) -> LedgerComparison:
    known = {id_ for state in RecipientState for id_ in ledger.list_ids(state)}
    people = {ledger.hash_address(person.folded): person for person in plan.recipients.people}
    new = tuple(person for id_, person in people.items() if id_ not in known)
    counts = ledger.count_recipients()
    if plan.options.add_new:
        if not new:
            message = "No one on this list is new: everyone on it was on the list at the first send."
            raise MailError(error("", "mail-list", message, "Remove --add-new."))
        return LedgerComparison(len(new), counts, frozen, new, _absent(ledger, people))
    if len(new) == len(people):
        message = "No one on this list was on the list at the first send."
        hint = "Use the same list again. To send to these people too, add --add-new."
        raise MailError(error(", ".join(plan.options.to), "mail-list", message, hint))
    text, hint = "{} was not on the list at the first send, so it gets nothing.", "To send it there too, add --add-new."
    named = [warning(each.path, "mail-new", text.format(each.address), hint, line=each.line) for each in new]
    return LedgerComparison(counts.total, counts, frozen, new, (*named, *_absent(ledger, people)))


def _absent(ledger: LedgerReader, people: dict[bytes, Recipient]) -> tuple[Problem, ...]:
    count = len(list_absent(ledger, people))
    if not count:
        return ()
    message = f"Missing from this list: {format_count(count, 'recipient')} of the first send. Nothing is sent to them."
    hint = "To send it to them after all, add them to the list again and run the same command."
    return (warning("", "mail-absent", message, hint),)


def list_absent(ledger: LedgerReader, people: dict[bytes, Recipient]) -> list[bytes]:
    """List the ids of pending recipients who are no longer on the list."""
    return [id_ for id_ in ledger.list_ids(RecipientState.PENDING) if id_ not in people]
