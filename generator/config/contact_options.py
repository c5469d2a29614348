"""How readers reach the service, in site.toml."""

from __future__ import annotations

from msgspec import Struct


class ContactConfig(Struct, frozen=True):
    """How readers reach the service, `[contact]`: at the foot of every issue."""

    phone: str = ""
    """The telephone number, as people read it."""
    email: str = ""
    """The e-mail address of the service."""
    place: str = ""
    """Where the counter is."""
    hours: str = ""
    """When it is open."""
    url: str = ""
    """Where readers get help online."""
    status: str = ""
    """The page that shows which services work."""
