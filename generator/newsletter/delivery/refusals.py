"""Judge refusals (5xx): about one recipient, about us whoever the recipient is, or unclear.

Source: RFC 3463 and RFC 5248 (enhanced codes), RFC 4954 (login), RFC 7372 (DKIM and SPF), RFC 7505 (null MX);
Exchange Online's and Gmail's lists of codes for daily limits and senders that are not allowed.
"""

from __future__ import annotations

import re
from enum import StrEnum

from generator.errors import MailError, error
from generator.newsletter.delivery.smtp import DeliveryAnswer, DeliveryStatus
from generator.newsletter.message.sender import SETTINGS_FILE


class RefusalScope(StrEnum):
    """Whom a refusal is about."""

    RECIPIENT = "recipient"
    """This recipient alone."""
    SENDER = "sender"
    """The sender, the login or the mail itself: every other recipient would be refused too."""
    UNCLEAR = "unclear"
    """Everybody, unless the server has accepted this very mail for somebody else."""


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

    At MAIL the server knows the sender alone. After it, an enhanced code tells best; a server that gives none says at
    the mail's end what it thinks of the mail. RCPT is about the recipient unless the words say otherwise.
    """
    if not answer.code:
        return RefusalScope.RECIPIENT
    if answer.code in _LOGIN or _SENDER_CODES.match(answer.text):
        return RefusalScope.SENDER
    if answer.step == "MAIL":
        return RefusalScope.SENDER if recipient.isascii() else RefusalScope.RECIPIENT  # else it is SMTPUTF8
    if answer.step == "RCPT":
        if _SENDER_WORDS.search(answer.text):
            return RefusalScope.SENDER
        return RefusalScope.UNCLEAR if _RELAY_WORDS.search(answer.text) else RefusalScope.RECIPIENT
    return RefusalScope.RECIPIENT if _RECIPIENT_CODES.match(answer.text) else RefusalScope.UNCLEAR


def refused_for_all(answer: DeliveryAnswer) -> MailError:
    """Make the error that ends a sending whose next mails would be refused too."""
    assert answer.status is DeliveryStatus.REFUSED
    if answer.step != "RCPT" and (answer.code == 552 or _SIZE.search(answer.text)):
        hint = "Shorten the issue, or ask your mail service how large a mail may be. Then run the same command again."
    elif answer.step in ("MAIL", "RCPT"):
        hint = "Check from and bounces in [newsletter], and user in [newsletter.smtp]. Then run the same command again."
    else:
        hint = "Ask your mail service why. Then run the same command again."
    message = f"The mail server refuses this mail for all recipients: {answer}. No recipient is marked as failed."
    return MailError(error(SETTINGS_FILE, "mail-rejected", message, hint))
