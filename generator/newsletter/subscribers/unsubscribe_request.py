"""Read unsubscribe requests from mails: whose token a mail holds, and who sent it."""

from __future__ import annotations

import email
import re
from collections.abc import Iterable, Mapping
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from enum import StrEnum
from itertools import islice

from msgspec import Struct

from generator.newsletter.message.email_address import EmailAddressError, parse_email_address
from generator.newsletter.subscribers.list_key import TOKEN_CHARS, is_token_of

MAX_MESSAGE_BYTES = 1_000_000
_TOKEN = re.compile(rf"(?<![a-z0-9])[a-z2-7]{{{TOKEN_CHARS}}}(?![a-z0-9])", re.I)
_BETWEEN_WORDS = re.compile(r"[\s<>\"'(),;:=?&]+")
_ASKS = re.compile(r"unsubscribe|opt.?out|abmeld|austrag|d[ée]sabonn|d[ée]sinscri|uitschrij|darse de baja", re.I)
_ASKS_LINE = re.compile(rf"^(?:please )?unsubscribe\W+(?P<token>[a-z2-7]{{{TOKEN_CHARS}}})\W*$", re.I | re.M)
_TO = ("to", "delivered-to", "x-original-to", "envelope-to", "cc")


class RequestKind(StrEnum):
    """What a mail asks for, and whether its token is valid."""

    VALID = "valid"
    BAD_TOKEN = "bad-token"  # noqa: S105 - a word for a mail, not a secret
    NO_TOKEN = "no-token"  # noqa: S105
    OTHER = "other"


class UnsubscribeRequest(Struct, frozen=True):
    """A mail as read. If valid, `address` is the one that leaves, else the apparent sender ("" if unknown)."""

    kind: RequestKind
    address: str = ""


def read_request(data: bytes, key: bytes, known: Mapping[str, str]) -> UnsubscribeRequest:
    """Read an unsubscribe request from one mail.

    A token counts only where an unsubscribe link puts it: in the subject, in the recipient's address, or in a line
    `unsubscribe TOKEN`. Tokens in quoted lines do not count, because a reply to an issue, or a holiday notice, quotes
    the reader's own link.

    `known` maps the tokens of a list to addresses, for people who write from another address.
    """
    message = email.message_from_bytes(data[:MAX_MESSAGE_BYTES])
    subject = _header(message, "subject")
    body = _own_words(message)
    tokens = [*_TOKEN.findall(subject), *(match["token"] for match in _ASKS_LINE.finditer(body))]
    for name in _TO:
        tokens += _TOKEN.findall(_header(message, name))
    senders = _addresses(message, ("from", "reply-to", "sender", "return-path"))
    for token in dict.fromkeys(token.lower() for token in tokens):
        if token in known:
            return UnsubscribeRequest(RequestKind.VALID, known[token])
        for address in (*senders, *_written_addresses(f"{subject} {body}")):
            if is_token_of(key, token, address):
                return UnsubscribeRequest(RequestKind.VALID, address)
    sender = senders[0] if senders else ""
    if tokens:
        return UnsubscribeRequest(RequestKind.BAD_TOKEN, sender)
    asks = _ASKS.search(subject) and not _header(message, "auto-submitted").casefold().startswith("auto-")
    return UnsubscribeRequest(RequestKind.NO_TOKEN if asks else RequestKind.OTHER, sender)


def _header(message: Message, name: str) -> str:
    """Return a header's values, decoded if possible."""
    return " ".join(_decode(str(value)) for value in message.get_all(name, ()))


def _decode(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return value


def _addresses(message: Message, names: Iterable[str]) -> list[str]:
    values = [str(value) for name in names for value in message.get_all(name, ())]
    return _parsed(address for _, address in getaddresses(values))


def _written_addresses(text: str) -> list[str]:
    words = (word for word in _BETWEEN_WORDS.split(text[:20_000]) if "@" in word)
    return _parsed(islice(words, 20))


def _parsed(texts: Iterable[str]) -> list[str]:
    found = []
    for text in texts:
        try:
            found.append(parse_email_address(text.strip(" .<>")))
        except EmailAddressError:
            continue
    return list(dict.fromkeys(found))


def _own_words(message: Message) -> str:
    """Return the text that the sender wrote, without quoted lines."""
    part = next((each for each in message.walk() if each.get_content_type() == "text/plain"), None)
    if part is None:
        return ""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        text = data.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = data.decode("latin-1")
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
