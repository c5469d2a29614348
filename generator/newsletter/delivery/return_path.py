"""Find the recipient that a failed delivery is about, by the hash in its return path (VERP)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from generator.errors import MailError, Problem, error
from generator.newsletter.delivery.ledger_file import LEDGER_FOLDER
from generator.newsletter.delivery.ledger_reader import LedgerReader
from generator.newsletter.delivery.ledger_search import list_ledgers
from generator.newsletter.subscribers.csv_file import read_subscribers

_HASH = re.compile(r"(?=([0-9a-f]{32}))")  # at every position: the letters around a hash may be hexadecimal too


def find_bounced_recipient(root: Path, text: str, lists: Sequence[Path], chosen: Path | None = None) -> str:
    """Return the address on `lists` whose hash, in any issue's ledger, is `text` or is part of it.

    People who have left are found too. Searches `ledger/` and `chosen`; costs one hash for each ledger and address.

    Raises: MailError if the text has no hash, a list cannot be read, or no address fits.
    """
    wanted = {bytes.fromhex(each) for each in _HASH.findall(text.lower())}
    if not wanted:
        message = f'"{text}" contains no recipient hash.'
        hint = "Copy the whole address that the report was sent to, such as bounces+(32 letters and digits)@example.org"
        raise MailError(error("", "mail-return-path", message, hint))
    people = _read_addresses(lists)
    unreadable: list[Problem] = []
    for file in list_ledgers([root / LEDGER_FOLDER, *([chosen] if chosen else [])], chosen):
        try:
            with LedgerReader(file, full=False) as ledger:
                found = next((each for folded, each in people.items() if ledger.hash_address(folded) in wanted), "")
        except MailError as fault:
            unreadable += fault.problems
            continue
        if found:
            return found
    message = f'No address on the list belongs to "{text}" in a ledger of this site.'
    hint = "Use the list that the issue was sent to. If its ledger is in another place, add --ledger."
    raise MailError([error("", "mail-return-path", message, hint), *unreadable])


def _read_addresses(lists: Iterable[Path]) -> dict[str, str]:
    """Read the addresses of all lists: folded → as written; people who have left have only the folded form."""
    found: dict[str, str] = {}
    for file in lists:
        people = read_subscribers(file)
        found |= {folded: folded for folded in people.left} | {each.folded: each.address for each in people.people}
    return found
