"""The Content Security Policy of a page: the site's own files, and the other hosts that this page contacts.

A page's contacts are values (`model.Contact`): its head collects them, and both the policy and the list of hosts on the
privacy page follow from them. So what a page may load and what the site says of it cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.model import Contact, Purpose

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


def write_policy(contacts: Iterable[Contact], *, forms: bool = False) -> str:
    """Write a policy that allows the site itself and these contacts, each for its purpose only.

    With `forms`, the page has a form that leads to the site itself.
    Source: W3C Content Security Policy Level 3. Frames of the site itself are not allowed.
    """
    known = sorted(set(contacts))
    directives = []
    for name, always, purpose in _DIRECTIVES:
        usual = "'self'" if forms and purpose == "form" else always
        hosts = dict.fromkeys(f"{contact.scheme}://{contact.host}" for contact in known if contact.purpose == purpose)
        sources = " ".join([*([usual] if usual != "'none'" or not hosts else []), *hosts]).strip()
        if sources:
            directives.append(f"{name} {sources}")
    return "; ".join(directives)
