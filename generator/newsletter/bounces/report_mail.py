"""Read what one mail reports: a failed delivery, a complaint, a holiday notice, or something else.

Source: RFC 3464 (delivery status), RFC 3463 (status codes), RFC 5965 (complaints), RFC 3834 (automatic replies).
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.message import Message
from enum import StrEnum

from msgspec import Struct

MAX_MESSAGE_BYTES = 1_000_000
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[0-9a-f]{40}@[^>\s]+>)")
_UNKNOWN_WORDS = re.compile(
    r"user unknown|unknown user|no such (user|person|address|mailbox|recipient)|does ?n[o']t exist|not found"
    r"|(recipient|address|mailbox|user) (\S+ ){0,3}(is )?(invalid|unknown|rejected|unavailable|disabled|inactive)"
    r"|invalid (recipient|address|mailbox)|account (\S+ ){0,9}(is )?(disabled|closed|inactive)|no mailbox here"
    r"|unrouteable address",
    re.I,
)
_FULL_WORDS = re.compile(r"quota|mailbox (\S+ ){0,2}(is )?full|over ?limit|insufficient (system )?storage", re.I)
_REFUSED_WORDS = re.compile(r"spam|blocked|block ?list|black ?list|policy|reputation|content|dmarc|spf|virus", re.I)
_UNKNOWN_DETAILS = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1), (4, 4)}
"""Subject and detail of a permanent status that means: there is no such mailbox. Source: RFC 3463, RFC 7505."""
_HOLIDAY = re.compile(r"out of (the )?office|holiday|vacation|abwesen|absen[ct]e|automatic reply|autoreply", re.I)
_TO = ("delivered-to", "x-original-to", "envelope-to", "to", "x-envelope-to", "x-failed-recipients")


class ReportKind(StrEnum):
    """What a mail reports about a recipient."""

    UNKNOWN = "unknown"
    """There is no such mailbox: the address is never mailed again."""
    FULL = "full"
    REFUSED = "refused"
    """The server refused the mail, not the recipient: as spam, by a policy, or without a reason."""
    EXPIRED = "expired"
    """The server has tried for days."""
    COMPLAINED = "complained"
    """The reader reported it as spam: never mailed again."""
    DELAYED = "delayed"
    """The server still tries: no failure yet."""
    HOLIDAY = "holiday"
    OTHER = "other"


FAILURES = (ReportKind.UNKNOWN, ReportKind.FULL, ReportKind.REFUSED, ReportKind.EXPIRED)
"""The kinds that mean the mail was not delivered."""


class MailReport(Struct, frozen=True):
    """What a mail reports. `reason` is the server's words, without line breaks.

    To find the recipient: `addresses` in the report, `message_ids` of the mails it returns, and `sent_to`, the
    addresses that the report itself was sent to.
    """

    kind: ReportKind
    reason: str = ""
    addresses: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    sent_to: str = ""


def read_report(data: bytes) -> MailReport:
    """Read one mail. Needs the library flufl.bounce for failed deliveries in other forms than RFC 3464."""
    data = data[:MAX_MESSAGE_BYTES]
    message = email.message_from_bytes(data)
    sent_to = " ".join(str(value) for name in _TO for value in message.get_all(name, ()))
    ids = tuple(dict.fromkeys(each.decode("ascii") for each in _MESSAGE_ID.findall(data)))
    kind, reason, addresses = _read(message)
    return MailReport(kind, reason, addresses, ids, sent_to)


def _read(message: Message) -> tuple[ReportKind, str, tuple[str, ...]]:
    complaint = next(_parts(message, "message/feedback-report"), None)
    if complaint is not None:
        return _read_complaint(complaint)
    if _is_holiday_notice(message):
        return ReportKind.HOLIDAY, "", ()
    temporary, permanent = _find_failures(message)
    status = next(_parts(message, "message/delivery-status"), None)
    blocks = _status_blocks(status) if status is not None else []
    action, code, reason = _read_status(blocks)
    if action.startswith(("delivered", "relayed", "expanded")):
        return ReportKind.OTHER, "", ()
    if action.startswith("delayed") or (temporary and not permanent):
        return ReportKind.DELAYED, reason, temporary
    if not permanent and not action.startswith(("fail", "error")):
        return ReportKind.OTHER, "", ()
    said = reason or _find_words(_first_text(message), permanent)
    return judge_failure(code, said), _shorten(said), permanent


def judge_failure(code: str, said: str) -> ReportKind:
    """Decide what a failed delivery means from its status code, such as 5.1.1, and the server's words.

    A code in the words is more exact than a general status such as 5.0.0. Without a sign, the failure counts as
    refused, because an address that works must not be lost.
    """
    exact = next((each for each in _STATUS.finditer(said) if each[2] != "0"), None)
    match = exact or _STATUS.search(code)
    kind, subject, detail = (match[1], int(match[2]), int(match[3])) if match else ("5", 0, 0)
    if (subject, detail) == (2, 2) or _FULL_WORDS.search(said):
        return ReportKind.FULL
    if kind == "4":
        return ReportKind.EXPIRED
    if subject == 7 or (subject != 1 and _REFUSED_WORDS.search(said)):
        return ReportKind.REFUSED
    if (subject, detail) in _UNKNOWN_DETAILS or _UNKNOWN_WORDS.search(said):
        return ReportKind.UNKNOWN
    return ReportKind.REFUSED


def _read_complaint(part: Message) -> tuple[ReportKind, str, tuple[str, ...]]:
    """Read a complaint; a report that a mail is *not* spam is none."""
    fields = next(iter(_status_blocks(part)), None)
    if fields is None:
        return ReportKind.OTHER, "", ()
    kind = str(fields.get("feedback-type", "")).strip().casefold()
    if kind == "not-spam":
        return ReportKind.OTHER, "", ()
    addresses = tuple(str(value).strip(" <>") for value in fields.get_all("original-rcpt-to", ()))
    return ReportKind.COMPLAINED, kind, addresses


def _is_holiday_notice(message: Message) -> bool:
    """Recognise an automatic reply of a person's mailbox; a report of a server is a multipart/report."""
    if message.get_content_type() == "multipart/report":
        return False
    automatic = str(message.get("auto-submitted", "")).casefold()
    marked = any(message.get(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponse", "x-vacation"))
    if automatic.startswith("auto-replied") and message.get("x-failed-recipients") is None:
        return True
    precedence = str(message.get("precedence", "")).casefold()
    return marked or precedence == "auto_reply" or bool(_HOLIDAY.search(str(message.get("subject", ""))))


def _find_failures(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses with temporary and with permanent failures."""
    from flufl.bounce import all_failures

    try:
        found = all_failures(message)
    except Exception:  # noqa: BLE001, RUF100 - its detectors read hostile text with regular expressions
        return (), ()
    temporary, permanent = (tuple(sorted(each.decode("ascii", "ignore") for each in part)) for part in found)
    return temporary, permanent


def _read_status(blocks: list[Message]) -> tuple[str, str, str]:
    """Return the action, the status and the diagnostic of the first recipient block."""
    for block in blocks:
        action = str(block.get("action", "")).strip().casefold()
        if action:
            said = str(block.get("diagnostic-code", "")).partition(";")
            return action, str(block.get("status", "")), _shorten(said[2] or said[0])
    return "", "", ""


def _status_blocks(part: Message) -> list[Message]:
    """Return the blocks of fields: the parser makes each a message; a part with another encoding is one text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [each for each in payload if isinstance(each, Message)]
    decoded = part.get_payload(decode=True)
    text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else str(payload)
    return [email.message_from_string(block) for block in re.split(r"\r?\n\r?\n", text) if block.strip()]


def _parts(message: Message, kind: str) -> Iterator[Message]:
    return (part for part in message.walk() if part.get_content_type() == kind)


def _first_text(message: Message) -> str:
    part = next(_parts(message, "text/plain"), None)
    data = part.get_payload(decode=True) if part is not None else b""
    return data[:4000].decode("utf-8", "replace") if isinstance(data, bytes) else ""


def _find_words(text: str, addresses: tuple[str, ...]) -> str:
    """Return what a report for people says after the first of the addresses, up to an empty line; else all of it."""
    at = min((place + len(each) for each in addresses if (place := text.find(each)) >= 0), default=-1)
    said = re.split(r"\r?\n[ \t]*\r?\n", text[at:].lstrip(">:) \t\r\n"), maxsplit=1)[0] if at >= 0 else ""
    return said.strip() or text


def _shorten(said: str) -> str:
    return " ".join(said.split())[:200]
