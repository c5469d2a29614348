"""Approve a letter: bind the approval to the letter's bytes and to its list, so that nothing else is sent."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from generator.digest import digest, digest_bytes
from generator.errors import MailError, error
from generator.model import UNSUBSCRIBE, Letter
from generator.newsletter.delivery.approval_values import ApprovalFile, Approver, LetterToApprove
from generator.newsletter.delivery.ledger_comparison import LedgerComparison
from generator.newsletter.delivery.plan import SendPlan
from generator.newsletter.message.email_address import fold_email_address
from generator.newsletter.message.headers import format_mailbox
from generator.newsletter.message.reader_name import replace_names
from generator.text.counts import format_count

SHOWN_DIGITS = 12
"""How much of a digest people see and type."""
_MAX_DIFFERENCE = 60
_LINK = "(each reader's own unsubscribe link)"


class ApprovalStatus(Struct, frozen=True):
    """Whether a letter may be sent: how many approvals are required, who has approved it, and what has changed since.

    `difference` shows the changes as text, line by line; it is empty if the letter is approved or never was.
    """

    required: int
    approvers: tuple[Approver, ...] = ()
    difference: tuple[str, ...] = ()
    ever: bool = False

    @property
    def complete(self) -> bool:
        """Return True if enough people have approved."""
        return len(self.approvers) >= self.required

    @property
    def summary(self) -> str:
        """Describe the approvals in one line."""
        if self.difference:
            return "the letter has changed since it was approved"
        names = ", ".join(each.by for each in self.approvers)
        return f"{len(self.approvers)} of {self.required}{f' ({names})' if names else ''}"


def describe_letter_to_approve(plan: SendPlan, letter: Letter | None = None) -> LetterToApprove:
    """Collect what an approval covers: what readers see, and who they are; not the Date or the Message-ID."""
    letter = letter or plan.letter
    return LetterToApprove(
        sender=format_mailbox(plan.sender.name, plan.sender.address),
        subject=letter.subject or letter.title,
        preheader=letter.preheader,
        recipients=len(plan.recipients.people) + plan.recipients.suppressed,
        list_digest=plan.recipients.approved_as,
        html_digest=digest_bytes(letter.html.encode("utf-8", "surrogatepass")),
        text=letter.text,
        pictures=plan.pictures,
        translations=tuple((each.letter.language, digest(each.letter, each.sender)) for each in plan.translations),
    )


def digest_of(letter: LetterToApprove) -> str:
    """Return the digest that an approval is bound to."""
    return digest(letter)


def approve_letter(known: ApprovalFile | None, plan: SendPlan, typed: str, by: str, now: datetime) -> ApprovalFile:
    """Add an approval to those of the same letter; approvals of an earlier version are dropped.

    `typed` is the digest of the mail that the approver has read, or at least its first eight digits.

    Raises: MailError if the letter is another one now.
    """
    letter = describe_letter_to_approve(plan)
    if len(typed) < 8 or not digest_of(letter).startswith(typed.casefold()):
        message = f'"{typed}" is not the digest of the letter as it is now ({digest_of(letter)[:SHOWN_DIGITS]}).'
        hint = "The letter or the list has changed since that mail, or the digest is misspelt. Ask for approval again."
        raise MailError(error(plan.letter.slug, "mail-approval", message, hint))
    others = known.approvers if known and digest_of(known.letter) == digest_of(letter) else ()
    others = tuple(each for each in others if fold_email_address(each.by) != fold_email_address(by))
    return ApprovalFile(plan.letter.id, letter, (*others, Approver(by, now)))


def check_approval(plan: SendPlan, compared: LedgerComparison, known: ApprovalFile | None) -> ApprovalStatus:
    """Compare the letter with the approved one.

    Once the first mail is sent, the ledger makes sure that no one gets another letter, so only new people need a new
    approval.
    """
    required = plan.config.newsletter.approvals
    if not required or (compared.frozen and not plan.options.add_new):
        return ApprovalStatus(0)
    if known is None or known.issue != plan.letter.id:
        return ApprovalStatus(required)
    letter = describe_letter_to_approve(plan, compared.frozen.letter if compared.frozen else None)
    if digest_of(known.letter) != digest_of(letter):
        return ApprovalStatus(required, (), tuple(_show_difference(known.letter, letter)), ever=True)
    return ApprovalStatus(required, known.approvers, ever=True)


def refuse_unapproved(plan: SendPlan, status: ApprovalStatus) -> None:
    """Refuse to send a letter without enough approvals.

    Raises: MailError.
    """
    if status.complete:
        return
    hint = f"Ask for approval: openletter newsletter ask-approval {plan.letter.slug} --of ADDRESS"
    if status.difference:
        message = f"The letter has changed since it was approved. Changed: {', '.join(_parts(status.difference))}."
        hint = f"Undo the change, or ask again: openletter newsletter ask-approval {plan.letter.slug} --of ADDRESS"
    else:
        needed = format_count(status.required, "person", "people")
        message = f"{needed} must approve this letter before it is sent; {len(status.approvers)} did."
    raise MailError(error(plan.letter.slug, "mail-approval", message, hint))


def _parts(difference: tuple[str, ...]) -> list[str]:
    return [line[:-1] for line in difference if line.endswith(":") and not line.startswith(("+", "-", " ", "@"))]


def _show_difference(before: LetterToApprove, after: LetterToApprove) -> Iterator[str]:
    """Show what differs: short parts in full, the text as changed lines, HTML and pictures by name."""
    for name in ("sender", "subject", "preheader"):
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield from (f"{name}:", f"- {one}", f"+ {other}")
    if before.text != after.text:
        yield "text:"
        yield from _changed_lines(before.text, after.text)
    elif before.html_digest != after.html_digest:
        yield from (
            "HTML:",
            "- the approved HTML, with the same text",
            "+ another HTML (see: openletter newsletter preview)",
        )
    if before.pictures != after.pictures:
        yield "pictures:"
        yield from _changed_pictures(dict(before.pictures), dict(after.pictures))
    if before.translations != after.translations:
        yield "translations:"
        yield from _changed_pictures(dict(before.translations), dict(after.translations), "changed")
    if (before.list_digest, before.recipients) != (after.list_digest, after.recipients):
        same = " (other people)" if before.recipients == after.recipients else ""
        one, other = (format_count(each.recipients, "recipient") for each in (before, after))
        yield from ("list:", f"- {one}", f"+ {other}{same}")


def _changed_lines(before: str, after: str) -> Iterator[str]:
    one, other = (_show_marks(text).splitlines() for text in (before, after))
    lines = list(difflib.unified_diff(one, other, lineterm="", n=1))[2:]
    yield from lines[:_MAX_DIFFERENCE]
    if len(lines) > _MAX_DIFFERENCE:
        yield f"… and {format_count(len(lines) - _MAX_DIFFERENCE, 'more line')}"


def _show_marks(text: str) -> str:
    return replace_names(text.replace(UNSUBSCRIBE, _LINK), lambda fallback: f"{{name|{fallback}}}")


def _changed_pictures(before: dict[str, str], after: dict[str, str], how: str = "another picture") -> Iterator[str]:
    for url in dict.fromkeys((*before, *after)):
        if url in before and before[url] != after.get(url):
            yield f"- {url}"
        if url in after and after[url] != before.get(url):
            yield f"+ {url}{f' ({how})' if url in before else ''}"
