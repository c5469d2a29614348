"""Which issues this computer has begun to send, written down apart from the ledgers, so that a missing one is noticed.

The list is kept beside the state of the builds. It is a second look, not the promise: that rests on the ledger.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from generator.errors import MailError, error
from generator.newsletter.delivery.ledger_file import STATE_FOLDER
from generator.store.atomic import replace_file

FILE = "begun.json"


class BegunIssue(msgspec.Struct, frozen=True):
    """The ledger of an issue that was begun, as an absolute path, and the day of the last sending."""

    ledger: str
    day: str


_decode = msgspec.json.Decoder(dict[str, BegunIssue]).decode


def record_begun(root: Path, issue_id: str, ledger: Path, now: datetime) -> None:
    """Write down that an issue is about to be sent.

    Raises: MailError if that is not possible, because nothing was sent yet.
    """
    _save(root, {**_load(root), issue_id: BegunIssue(str(ledger.resolve()), f"{now:%Y-%m-%d}")})


def forget_begun(root: Path, issue_id: str) -> None:
    """Take an issue off the list: it turned out that no recipient has received it."""
    begun = _load(root)
    if begun.pop(issue_id, None):
        _save(root, begun)


def refuse_missing_ledger(root: Path, issue_id: str, found: Path) -> None:
    """Refuse to make a new ledger for an issue that has been sent under another.

    `found` is the issue's ledger, or the place for a new one. Raises: MailError.
    """
    begun = None if found.exists() else _load(root).get(issue_id)
    if begun is None:
        return
    message = f"Openletter sent this issue on {begun.day} with the ledger {begun.ledger}"
    if Path(begun.ledger).exists():
        message += ", which is in another folder."
        hint = f"Add --ledger {begun.ledger}, or move the file back."
    else:
        message += ". That file is gone, so nobody can know who has received the issue."
        hint = (
            "Put the ledger back from your backup. If you are sure that no one received the issue, "
            f"delete {_place(root).as_posix()} and send again."
        )
    raise MailError(error(found.as_posix(), "mail-ledger-gone", message, hint))


def _place(root: Path) -> Path:
    return root / STATE_FOLDER / FILE


def _load(root: Path) -> dict[str, BegunIssue]:
    try:
        return _decode(_place(root).read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def _save(root: Path, begun: dict[str, BegunIssue]) -> None:
    place = _place(root)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, msgspec.json.format(msgspec.json.encode(begun, order="sorted"), indent=1))
    except OSError as reason:
        message = f"{place.as_posix()} cannot be written: {reason.strerror or reason}."
        hint = "Free some disk space, or give this account permission to write there."
        raise MailError(error(place.as_posix(), "mail-ledger", message, hint)) from reason
