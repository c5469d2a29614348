"""Judge whether a refusal (5xx) concerns one recipient or all of them.

Source: RFC 3463 and RFC 5248 (enhanced codes), RFC 4954 (login), RFC 7372 (DKIM and SPF), RFC 7505 (null MX);
the codes of Exchange Online and Gmail for daily limits and forbidden senders.
"""

from __future__ import annotations

import re
from enum import StrEnum

from generator.errors import MailError, error
from generator.newsletter.delivery.smtp import DeliveryAnswer, DeliveryStatus
from generator.newsletter.message.sender import SETTINGS_FILE


class RefusalScope(StrEnum):
    """Whom a refusal concerns."""

    RECIPIENT = "recipient"
    """Only this recipient."""
    SENDER = "sender"
    """The sender, the login or the mail: the server would refuse every other recipient too."""
    UNCLEAR = "unclear"
    """Unclear: every recipient, unless the server has accepted the same mail for another."""


_LOGIN = (530, 534, 535, 538)
_SENDER_CODES = re.compile(
    r"5\.(?:1\.(?:7|8|90)|2\.252|3\.4|4\.5|7\.(?:3|[89]|1[0-4]|2[0-7]|57|6[04]|50\d|7[0-5]\d))(?!\d)"
)
_RECIPIENT_CODES = re.compile(r"5\.[12]\.\d")
_SENDER_WORDS = re.compile(r"sender (?:address )?(?:is )?(?:not |rejected|denied|verify failed)", re.IGNORECASE)
_RELAY_WORDS = re.compile(r"relay|client host|log ?in first|authenticat", re.IGNORECASE)
_SIZE = re.compile(r"5\.3\.4|too (?:big|large)|size", re.IGNORECASE)


def judge_refusal(answer: DeliveryAnswer, recipient: str) -> RefusalScope:
    """Judge a refusal by its step and its codes.

    At MAIL the server knows only the sender. After it, an enhanced code is the best evidence. Without one, a refusal
    at the end of the mail concerns the mail; one at RCPT concerns the recipient unless its words say otherwise.
    """
    if not answer.code:
        return RefusalScope.RECIPIENT
    if answer.code in _LOGIN or _SENDER_CODES.match(answer.text):
        return RefusalScope.SENDER
    if answer.step == "MAIL":
        # the client sends SMTPUTF8 at MAIL for a non-ASCII recipient, so a refusal may be about that
        return RefusalScope.SENDER if recipient.isascii() else RefusalScope.RECIPIENT
    if answer.step == "RCPT":
        if _SENDER_WORDS.search(answer.text):
            return RefusalScope.SENDER
        return RefusalScope.UNCLEAR if _RELAY_WORDS.search(answer.text) else RefusalScope.RECIPIENT
    return RefusalScope.RECIPIENT if _RECIPIENT_CODES.match(answer.text) else RefusalScope.UNCLEAR


def refused_for_all(answer: DeliveryAnswer) -> MailError:
    """Make the error that stops a sending because the server would refuse every other mail too."""
    assert answer.status is DeliveryStatus.REFUSED
    if answer.step != "RCPT" and (answer.code == 552 or _SIZE.search(answer.text)):
        hint = "Shorten the issue, or ask your mail service how large a mail may be. Then run the same command again."
    elif answer.step in ("MAIL", "RCPT"):
        hint = "Check from and bounces in [newsletter], and user in [newsletter.smtp]. Then run the same command again."
    else:
        hint = "Ask your mail service why. Then run the same command again."
    message = f"The mail server refuses this mail for every recipient: {answer}. No recipient is marked as failed."
    return MailError(error(SETTINGS_FILE, "mail-rejected", message, hint))
