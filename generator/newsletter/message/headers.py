"""Header fields: text made fit for one line, encoded and folded, so that nobody's title or name adds a header."""

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
"""Characters of a display name; a longer one is cut."""
MAX_SUBJECT = 400
"""Characters of a subject; a longer one is cut."""
LINE_BYTES = 76
"""How long a line should be: 78 less the line's end as some count it. Source: RFC 5322, section 2.1.1."""
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WORD_BYTES = 64  # short enough to stand beside the name of a header
_SPECIAL = re.compile(r'[()<>\[\]:;@\\,."]')  # Source: RFC 5322, section 3.2.3


def clean_header_text(text: str, limit: int) -> str:
    """Convert text to one line: no control or reordering characters, single spaces, at most `limit` characters."""
    seen = "".join(_printable(char) for char in unicodedata.normalize("NFC", text))
    line = " ".join(seen.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def _printable(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Zs", "Zl", "Zp") or char in "\t\n\v\f\r\x85":
        return " "
    return "" if category in ("Cc", "Cs") or char in _BIDI else char


def encode_header_text(text: str) -> str:
    """Write text as ASCII words with single spaces: as it is, or as encoded words (which may have 75 characters).

    What looks like an encoded word already is encoded too: it is shown as it was written. Source: RFC 2047.
    """
    plain = text.isascii() and "=?" not in text and all(len(word) <= _WORD_BYTES for word in text.split())
    return text if plain else " ".join(Header(text, "utf-8", maxlinelen=_WORD_BYTES).encode(linesep="").split())


def format_mailbox(name: str, address: str) -> str:
    """Write a name and an address as a header shows them: the name quoted or encoded where it must be."""
    name = clean_header_text(name, MAX_NAME)
    if not name:
        return address
    phrase = encode_header_text(name)
    if phrase == name and _SPECIAL.search(name):
        phrase = '"{}"'.format(re.sub(r'(["\\])', r"\\\1", name))
    return f"{phrase} <{address}>"


class VerbatimHeader:
    """A header field whose value is ready, and is broken at its spaces alone.

    The library's own folding would take a long address in List-Unsubscribe for text, and encode it.
    """

    max_count: ClassVar[int | None] = None
    name: str

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Take the value as it is."""
        kwds["decoded"] = value
        kwds["parse_tree"] = None

    def fold(self, *, policy: EmailPolicy[EmailMessage]) -> str:
        """Break the line before the words that would make it longer than it should be."""
        lines = [f"{self.name}:"]
        for word in str(self).split(" "):
            too_long = len(lines[-1]) + 1 + len(word) > LINE_BYTES
            if too_long and (len(lines) > 1 or lines[-1] != f"{self.name}:" or len(word) < LINE_BYTES):
                lines.append("")
            lines[-1] += f" {word}"
        return "".join(f"{line}{policy.linesep}" for line in lines)


def make_header_policy(fields: Mapping[str, str], *, utf8: bool) -> EmailPolicy[EmailMessage]:
    """Give the policy that writes these fields as they are; `utf8` for an address that needs SMTPUTF8 (RFC 6532)."""
    registry = HeaderRegistry()
    for name in fields:
        registry.map_to_type(name.lower(), cast(type[BaseHeader], VerbatimHeader))
    return SMTP.clone(header_factory=registry, utf8=utf8, cte_type="8bit" if utf8 else "7bit")
