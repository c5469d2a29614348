"""The settings of `[security]`."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class SecurityConfig(Struct, frozen=True):
    """Whom to tell of a security hole, `[security]`: `/.well-known/security.txt`. Source: RFC 9116."""

    contact: tuple[str, ...] = ()
    """Addresses, the preferred one first: mailto, https or tel. Without one there is no file."""
    expires: date | None = None
    """The last day on which the file may be relied on."""
    policy: str = ""
    """The https address of the rules for those who look for holes."""
    acknowledgments: str = ""
    """The https address of the page that thanks them."""
    encryption: str = ""
    """The https address of a key to encrypt the report with."""
    languages: tuple[str, ...] = ()
    """The languages in which reports are welcome, BCP 47 tags."""
