"""The values of an approval: the letter as approved, and who approved it when."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Approver(Struct, frozen=True):
    """Someone who has approved a letter: their address, and when."""

    by: str
    at: datetime


class LetterToApprove(Struct, frozen=True):
    """Everything that an approval covers.

    `pictures` are URLs with the digests of their bytes, `translations` languages with the digests of their letters.
    `recipients` counts everyone chosen from the lists, also those who have unsubscribed since by mail.
    """

    sender: str
    subject: str
    preheader: str
    recipients: int
    list_digest: str
    html_digest: str
    text: str
    pictures: tuple[tuple[str, str], ...] = ()
    translations: tuple[tuple[str, str], ...] = ()


class ApprovalFile(Struct, frozen=True):
    """The content of `approvals/ISSUE.toml`: the issue's id, the letter, and its approvers in order."""

    issue: str
    letter: LetterToApprove
    approvers: tuple[Approver, ...] = ()
