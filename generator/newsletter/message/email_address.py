"""Check e-mail addresses and normalise them for comparison."""

from __future__ import annotations

import re
import unicodedata

MAX_ADDRESS_BYTES = 254  # a path has 256 octets with its angle brackets; Source: RFC 5321, section 4.5.3.1.3
MAX_LOCAL_BYTES = 64  # Source: RFC 5321, section 4.5.3.1.1
_ATOM = r'[^\x00-\x20"(),.:;<>@\[\\\]\x7f]+'
"""All but these are allowed in the part before @. Source: RFC 5322, section 3.2.3; RFC 6532, section 3.2. As a list of
what is allowed, with all of Unicode, the pattern would take 8 ms to compile."""
_LOCAL = re.compile(rf"^{_ATOM}(?:\.{_ATOM})*$")
_LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")


class EmailAddressError(Exception):
    """The text is not an e-mail address; `message` and `hint` are those of a problem."""

    def __init__(self, message: str, hint: str = "Write it as name@example.org") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def parse_email_address(text: str) -> str:
    """Check an address and return its normal form: the domain in lower-case ASCII, the part before @ as written.

    Refuses quoted local parts, comments and address literals, which do not occur on real lists. Only a server with
    SMTPUTF8 accepts a local part with non-ASCII letters.

    Raises: EmailAddressError.
    Source: RFC 5321, section 4.1.2; RFC 6531; RFC 5891 for the domain.
    """
    shown = f'"{text[:80]}…"' if len(text) > 80 else f'"{text}"'
    if not text:
        raise EmailAddressError("There is no address.")
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        raise EmailAddressError(f"{shown} is not an e-mail address.")
    if "@" in local or any(char in text for char in " ,;<>"):
        raise EmailAddressError(f"{shown} is more than one e-mail address.", "Write only one address: name@example.org")
    return f"{_local(local, shown)}@{_domain(domain, shown)}"


def fold_email_address(address: str) -> str:
    """Fold an address for comparison, also before the @: mail systems ignore case there in practice."""
    local, _, domain = address.rpartition("@")
    return f"{unicodedata.normalize('NFKC', local).casefold()}@{domain.lower()}"


def _local(local: str, shown: str) -> str:
    local = unicodedata.normalize("NFC", local)
    if not _LOCAL.match(local) or any(unicodedata.category(char)[0] in "CZ" for char in local):
        raise EmailAddressError(f"{shown} has a character before the @ that is not allowed.")
    if len(local.encode()) > MAX_LOCAL_BYTES:
        raise EmailAddressError(f"{shown} has more than {MAX_LOCAL_BYTES} characters before the @.")
    return local


def _domain(domain: str, shown: str) -> str:
    name = domain.lower() if domain.isascii() else _ascii_domain(domain, shown)
    labels = name.split(".")
    if not all(_LABEL.match(label) for label in labels) or labels[-1].isdigit():
        raise EmailAddressError(f"{shown} has no valid domain after the @.")
    if len(name) > MAX_ADDRESS_BYTES - 2:
        raise EmailAddressError(f"{shown} is too long.")
    return name


def _ascii_domain(domain: str, shown: str) -> str:
    """Convert an international domain to ASCII by IDNA 2008: with the rules of 2003, ß would mean another domain."""
    import idna

    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise EmailAddressError(f"{shown} has no valid domain after the @.") from None
