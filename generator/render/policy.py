"""The Content Security Policy of a page: the site's own files, and the other hosts that this page contacts.

A page's contacts are values (`model.Contact`): its head collects them, and both the policy and the list of hosts on the
privacy page follow from them. So what a page may load and what the site says of it cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.model import Contact, Purpose
from generator.text.host_names import plain_host

_DIRECTIVES: tuple[tuple[str, str, Purpose | None], ...] = (
    ("default-src", "'none'", None),
    ("img-src", "'self'", "image"),
    ("media-src", "'self'", "media"),
    ("style-src", "'self'", "style"),
    ("font-src", "'self'", None),
    ("script-src", "'self'", "script"),
    ("connect-src", "'self'", "connection"),
    ("frame-src", "", "frame"),
    ("manifest-src", "'self'", None),
    ("base-uri", "'none'", None),
    ("form-action", "'none'", "form"),
)
"""Each directive with what it always allows, and the purpose of the contacts that it allows too."""

_SCHEMES = ("http", "https")


def write_policy(contacts: Iterable[Contact], *, forms: bool = False) -> str:
    """Write a policy that allows the site itself and these contacts, each for its purpose only.

    With `forms`, the page has a form that leads to the site itself. A contact whose host is no host name is left out:
    a semicolon, a space or a wildcard in it would change what the policy allows.
    Source: W3C Content Security Policy Level 3. Frames of the site itself are not allowed.
    """
    known = sorted(set(contacts))
    directives = []
    for name, always, purpose in _DIRECTIVES:
        usual = "'self'" if forms and purpose == "form" else always
        hosts = dict.fromkeys(_source(contact) for contact in known if contact.purpose == purpose)
        hosts.pop("", None)
        sources = " ".join([*([usual] if usual != "'none'" or not hosts else []), *hosts]).strip()
        if sources:
            directives.append(f"{name} {sources}")
    return "; ".join(directives)


def _source(contact: Contact) -> str:
    host = plain_host(contact.host)
    return f"{contact.scheme}://{host}" if host and contact.scheme in _SCHEMES else ""
