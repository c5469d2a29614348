"""Recognise the columns of a list by the names that mail services, address books and spreadsheets use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Columns: TypeAlias = Mapping[str, tuple[int, ...]]
"""Purpose of a column → its positions; several for columns that show who has left."""

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "address": (
        "address",
        "email",
        "e mail",
        "mail",
        "email address",
        "e mail address",
        "e mail adresse",
        "email adresse",
        "mailadresse",
        "emailadresse",
        "adresse e mail",
        "adresse email",
        "e mail 1 value",
        "email 1 value",
        "primary email",
        "work email",
        "subscriber",
        "subscriber email",
    ),
    "name": ("name", "full name", "display name", "e mail display name", "anzeigename", "nom complet"),
    "first_name": ("first name", "firstname", "fname", "given name", "vorname", "prenom", "prénom"),
    "last_name": ("last name", "lastname", "lname", "surname", "family name", "nachname", "familienname", "nom"),
    "unsubscribe": ("unsubscribe", "unsubscribe url", "unsubscribe link"),
    "lang": ("lang", "language", "preferred language", "locale", "sprache", "langue", "iaith"),
}
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "state": ("state",),  # Campaign Monitor's status, or a state as in an address
    "status": (
        "status",
        "subscription status",
        "subscriber status",
        "member status",
        "contact status",
        "list status",
        "email status",
        "email marketing status",
        "abo status",
    ),
    "left_if_true": (
        "unsubscribed",
        "opted out",
        "opt out",
        "optout",
        "blacklisted",
        "blocklisted",
        "blocked",
        "email blacklisted",
        "email blocklisted",
        "emailblacklisted",
        "email disabled",
        "bounced",
        "cleaned",
        "complained",
        "suppressed",
        "do not email",
        "abgemeldet",
    ),
    "left_if_false": (
        "subscribed",
        "subscribed to emails",
        "email opt in",
        "opted in",
        "opt in",
        "optin",
        "active",
        "enabled",
    ),
    "left_if_filled": (
        "unsub time",
        "unsubscribed at",
        "unsubscribe date",
        "unsubscribed date",
        "date unsubscribed",
        "unsub reason",
        "unsub campaign title",
        "clean time",
        "clean campaign title",
        "cleaned at",
        "bounced at",
        "complained at",
        "deleted at",
    ),
}


def find_columns(cells: Sequence[str]) -> Columns | None:
    """Find the columns in a first line; None if it has no address column."""
    folded = [fold_heading(cell) for cell in cells]
    columns: dict[str, tuple[int, ...]] = {}
    for column, words in _HEADINGS.items():
        place = next((folded.index(word) for word in words if word in folded), None)
        if place is not None:
            columns[column] = (place,)
    for column, words in _SIGNS.items():
        if places := tuple(at for at, heading in enumerate(folded) if heading in words):
            columns[column] = places
    return columns if "address" in columns else None


def fold_heading(cell: str) -> str:
    """Fold a heading for comparison: `E-Mail_Address *` becomes `e mail address`."""
    return " ".join(re.sub(r"[\s_\-.*:()\u200b\ufeff]+", " ", cell.casefold()).split())
