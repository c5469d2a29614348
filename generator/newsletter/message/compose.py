"""Compose one message as the bytes for the server: equal for the same issue, recipient and date."""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import encodebytes
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache

from generator.digest import digest, encode_canonical
from generator.model import Letter
from generator.newsletter.message.email_address import fold_email_address
from generator.newsletter.message.headers import (
    MAX_NAME,
    MAX_SUBJECT,
    clean_header_text,
    encode_header_text,
    format_mailbox,
    make_header_policy,
)
from generator.newsletter.message.reader_name import fill_html, fill_text, name_for
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import Sender
from generator.newsletter.message.unsubscribe_link import unsubscribe_links

_NO_ANSWERS = "OOF, AutoReply"
"""Suppresses holiday notices from Exchange. Not "All", which would suppress reports of failed deliveries too.

Source: MS-OXCMAIL, section 2.1.3.2.20.
"""
_PLAIN_SLUG = re.compile(r"[a-z0-9-]{1,60}")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]")


def compose_message(letter: Letter, sender: Sender, recipient: Recipient, date: datetime, key: bytes) -> bytes:
    """Compose the whole message for one recipient, in ASCII lines that end in CRLF and have at most 998 octets.

    Only the headers of an address that needs SMTPUTF8 are not ASCII. The bytes depend only on the arguments. Without
    `key` (0 to 64 bytes), no one can tell from the Message-ID who the recipient was.

    Source: RFC 5322, RFC 2045 to 2047, RFC 2369, RFC 2919, RFC 3834, RFC 8058.
    """
    unsubscribe, *_ = unsubscribe_links(sender, recipient)
    boundary = f"=_{digest(letter.id, letter.html, letter.text)}"  # `=_` never occurs in an encoded part
    fields = _header_fields(letter, sender, recipient, date, key)
    head = EmailMessage(policy=make_header_policy(fields, utf8=not recipient.address.isascii()))
    for name, value in fields.items():
        head[name] = value
    head["MIME-Version"] = "1.0"
    head["Content-Type"] = f'multipart/alternative; boundary="{boundary}"'
    lines = [head.policy.fold_binary(name, value) for name, value in head.raw_items()]
    return b"".join([*lines, b"\r\n", _compose_body(letter, unsubscribe, name_for(letter, recipient), boundary)])


def make_message_id(letter: Letter, sender: Sender, recipient: Recipient, key: bytes) -> str:
    """Make the Message-ID of one recipient's message: always the same, and not traceable to the recipient."""
    named = encode_canonical([letter.id, fold_email_address(recipient.address)])
    return f"<{hashlib.blake2b(named, key=key, digest_size=20).hexdigest()}@{sender.address.rpartition('@')[2]}>"


def _header_fields(letter: Letter, sender: Sender, recipient: Recipient, date: datetime, key: bytes) -> dict[str, str]:
    """Return the header fields in order, without those of MIME."""
    links = unsubscribe_links(sender, recipient)
    fields = {
        "Date": format_datetime(date),
        "From": format_mailbox(sender.name, sender.address),
        **({"Reply-To": sender.reply_to} if sender.reply_to else {}),
        "To": format_mailbox(recipient.name, recipient.address),
        "Subject": encode_header_text(clean_header_text(letter.subject or letter.title, MAX_SUBJECT)),
        "Message-ID": make_message_id(letter, sender, recipient, key),
        "List-Id": _list_id(sender),
        "List-Unsubscribe": ", ".join(f"<{link}>" for link in links),
    }
    if sender.one_click and recipient.unsubscribe.startswith("https:"):  # not for a list server's address
        fields["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if sender.subscribe:
        fields["List-Subscribe"] = f"<{sender.subscribe}>"
    fields["List-Archive"] = f"<{sender.archive}>"
    fields["List-Help"] = f"<{sender.help}>"
    fields["Feedback-ID"] = _feedback_id(letter, sender)
    fields["Precedence"] = "bulk"
    fields["Auto-Submitted"] = "auto-generated"
    fields["X-Auto-Response-Suppress"] = _NO_ANSWERS
    return fields


def _feedback_id(letter: Letter, sender: Sender) -> str:
    """Make the Feedback-ID for Gmail's complaint reports: issue, kind of mail, sender; equal for all recipients.

    The sender part has 5 to 15 characters. Source: Gmail's help for senders, "Feedback Loop".
    """
    slug = letter.slug if _PLAIN_SLUG.fullmatch(letter.slug) else digest(letter.id)[:12]
    name = _NOT_ALPHANUMERIC.sub("", sender.address.rpartition("@")[2])[:15]
    return f"{slug}:newsletter:{name if len(name) >= 5 else digest(sender.address)[:12]}"


def _list_id(sender: Sender) -> str:
    return format_mailbox(clean_header_text(sender.list_name, MAX_NAME), sender.list_id)


@lru_cache(maxsize=4)
def _compose_body(letter: Letter, unsubscribe: str, name: str, boundary: str) -> bytes:
    """Encode both parts, the text first. Cached, because on many lists all share one unsubscribe link."""
    text = fill_text(letter.text, unsubscribe, name, letter.language)
    page = fill_html(letter.html, unsubscribe, name)
    parts = (_encode_part("plain", text), _encode_part("html", page))
    opened = b"".join(f"--{boundary}\n".encode() + part + b"\n" for part in parts)
    return (opened + f"--{boundary}--\n".encode()).replace(b"\n", b"\r\n")


def _encode_part(subtype: str, text: str) -> bytes:
    """Encode a body as quoted-printable, or as base64 if that is much shorter (scripts other than Latin).

    Not the standard library's generator: it works line by line and takes two milliseconds per message.
    """
    data = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    encoding, payload = "quoted-printable", binascii.b2a_qp(data, istext=True)
    if len(payload) > len(data) * 1.5:
        encoding, payload = "base64", encodebytes(data)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: {encoding}\n\n'
    return head.encode() + payload
