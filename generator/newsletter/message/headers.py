"""Encode and fold header fields, so that a title or a name cannot add a header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any, ClassVar, cast

MAX_NAME = 80
"""Most characters of a display name; a longer one is cut."""
MAX_SUBJECT = 400
"""Most characters of a subject; a longer one is cut."""
LINE_BYTES = 76
"""Recommended length of a line: 78, less the line ending. Source: RFC 5322, section 2.1.1."""
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WORD_BYTES = 64  # short enough to follow a header's name on its line
_SPECIAL = re.compile(r'[()<>\[\]:;@\\,."]')  # Source: RFC 5322, section 3.2.3


def clean_header_text(text: str, limit: int) -> str:
    """Convert text to one line with single spaces, no control or reordering characters, at most `limit` characters."""
    seen = "".join(_printable(char) for char in unicodedata.normalize("NFC", text))
    line = " ".join(seen.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def _printable(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Zs", "Zl", "Zp") or char in "\t\n\v\f\r\x85":
        return " "
    return "" if category in ("Cc", "Cs") or char in _BIDI else char


def encode_header_text(text: str) -> str:
    """Encode text as ASCII words with single spaces: unchanged, or as encoded words (of at most 75 characters).

    Text that looks like an encoded word is encoded again, so that readers see it as written. Source: RFC 2047.
    """
    plain = text.isascii() and "=?" not in text and all(len(word) <= _WORD_BYTES for word in text.split())
    return text if plain else " ".join(Header(text, "utf-8", maxlinelen=_WORD_BYTES).encode(linesep="").split())


def format_mailbox(name: str, address: str) -> str:
    """Format a name and an address for a header, quoting or encoding the name if necessary."""
    name = clean_header_text(name, MAX_NAME)
    if not name:
        return address
    phrase = encode_header_text(name)
    if phrase == name and _SPECIAL.search(name):
        phrase = '"{}"'.format(re.sub(r'(["\\])', r"\\\1", name))
    return f"{phrase} <{address}>"


class VerbatimHeader:
    """A header field with an encoded value, folded only at spaces.

    The standard library's folding would encode a long address in List-Unsubscribe as text.
    """

    max_count: ClassVar[int | None] = None
    name: str

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Store the value unchanged."""
        kwds["decoded"] = value
        kwds["parse_tree"] = None

    def fold(self, *, policy: EmailPolicy[EmailMessage]) -> str:
        """Fold the line before words that would make it too long."""
        lines = [f"{self.name}:"]
        for word in str(self).split(" "):
            too_long = len(lines[-1]) + 1 + len(word) > LINE_BYTES
            if too_long and (len(lines) > 1 or lines[-1] != f"{self.name}:" or len(word) < LINE_BYTES):
                lines.append("")
            lines[-1] += f" {word}"
        return "".join(f"{line}{policy.linesep}" for line in lines)


def make_header_policy(fields: Mapping[str, str], *, utf8: bool) -> EmailPolicy[EmailMessage]:
    """Return the policy that writes these fields unchanged; `utf8` for an address that needs SMTPUTF8 (RFC 6532)."""
    registry = HeaderRegistry()
    for name in fields:
        registry.map_to_type(name.lower(), cast(type[BaseHeader], VerbatimHeader))
    return SMTP.clone(header_factory=registry, utf8=utf8, cte_type="8bit" if utf8 else "7bit")
