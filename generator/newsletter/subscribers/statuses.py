"""Decide from a row's status columns whether a subscriber may be mailed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from generator.newsletter.subscribers.columns import Columns, fold_heading


def _split_words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.replace("\n", ",").split(",") if word.strip())


_LEFT = _split_words(
    """
    unsubscribed, unsub, unsubscribe, opted out, opt out, non subscribed, nonsubscribed, not subscribed, transactional
    unconfirmed, pending, awaiting confirmation, disabled, email disabled, inactive, deleted, removed, archived
    cleaned, bounced, bounce, bouncing, hard bounce, hard bounced, soft bounced, invalid, undeliverable
    complained, complaint, complainer, spam, spam complaint, marked as spam, abuse
    suppressed, blocklisted, blacklisted, blocked, banned, left, no, false
    abgemeldet, ausgetragen, gesperrt, gelöscht, deaktiviert, inaktiv, unzustellbar, unbestätigt, nein
    désabonné, désabonnée, désinscrit, désinscrite, bloqué, supprimé, inactif, non
    """
)
_STAYS = _split_words(
    """
    subscribed, subscriber, active, enabled, confirmed, yes, true, 1, ok, valid, verified, member, new, free, paid
    comped,     aktiv, angemeldet, abonniert, bestätigt, ja, abonné, abonnée, inscrit, inscrite, actif, oui
    """
)
_TRUE = frozenset(("true", "yes", "y", "1", "x", "t", "on", "ja", "oui", "wahr", "vrai"))
_FALSE = frozenset(("false", "no", "n", "0", "f", "off", "nein", "non", "falsch", "faux"))
_NOTHING = frozenset(("", "null", "none", "nil", "n/a", "na", "—", "0000 00 00 00 00 00"))


class RowState(StrEnum):
    """Whether a row's subscriber is active or has left."""

    STAYS = "stays"
    LEFT = "left"
    UNKNOWN = "unknown"


def read_row_state(cells: Sequence[str], columns: Columns) -> tuple[RowState, str]:
    """Return whether a row may be mailed, and the status that decided it or is unknown."""
    for kind, words in (("left_if_true", _TRUE), ("left_if_false", _FALSE)):
        for cell in _cells(cells, columns, kind):
            if fold_heading(cell) in words:
                return RowState.LEFT, cell
    for cell in _cells(cells, columns, "left_if_filled"):
        if fold_heading(cell) not in _NOTHING | _FALSE:
            return RowState.LEFT, cell
    statuses = _cells(cells, columns, "status")
    for cell in (*statuses, *_cells(cells, columns, "state")):
        if not _LEFT.isdisjoint((fold_heading(cell), *_parts(cell))):
            return RowState.LEFT, cell
    unknown = next((cell for cell in statuses if fold_heading(cell) not in _STAYS | _NOTHING), "")
    return (RowState.UNKNOWN, unknown) if unknown else (RowState.STAYS, "")


def _parts(cell: str) -> list[str]:
    """Split a status such as `Unsubscribed (by admin)` or `bounced - hard`."""
    return [fold_heading(part) for part in cell.replace("(", ",").replace("-", ",").replace("/", ",").split(",")]


def _cells(cells: Sequence[str], columns: Columns, kind: str) -> list[str]:
    return [cells[place] for place in columns.get(kind, ()) if place < len(cells)]
