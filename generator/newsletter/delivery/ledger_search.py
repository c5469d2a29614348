"""Find the ledger of an issue: by the issue's id, whatever its file, its slug or the ledger is called today."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from generator.errors import MailError, error
from generator.model import Letter
from generator.newsletter.delivery.ledger_file import LEDGER_FOLDER, locate_ledger
from generator.newsletter.delivery.ledger_reader import LedgerReader
from generator.newsletter.delivery.ledger_values import FrozenIssue, LedgerCounts, RecipientState

_MAGIC = b"SQLite format 3\0"
_MAYBE_DELIVERED = (RecipientState.SENT, RecipientState.CLAIMED, RecipientState.UNCERTAIN)
_WORDS = 5
_ALIKE = 0.5
"""The share of equal runs of five words from which two letters without an `id` of their own count as one."""


@dataclass(frozen=True, slots=True)
class KnownLedger:
    """A ledger that was found, with the issue it belongs to; None if nothing was frozen in it yet."""

    file: Path
    frozen: FrozenIssue | None


def find_ledger(root: Path, letter: Letter, folded: Iterable[str], chosen: Path | None) -> Path:
    """Return the file of an issue's ledger: the one that has its id, else the one to be made.

    Looks through all ledgers in `ledger/`, and in `chosen` if that is a folder. `folded` are the list's addresses.

    Raises: MailError if two ledgers have the id, it is not the chosen one, a ledger cannot be read, the place belongs
    to another issue, or another ledger shows that somebody on the list has this letter already.
    """
    usual = locate_ledger(root, letter.slug, chosen)
    known = [_read_ledger(file) for file in _list_files(root, usual, chosen)]
    own = [each.file for each in known if each.frozen and each.frozen.letter.id == letter.id]
    if len(own) > 1:
        raise _two_ledgers(own)
    if own:
        if chosen is not None and not _is_chosen(own[0], usual, chosen):
            raise _elsewhere(own[0], usual)
        return own[0]
    for each in known:
        if each.frozen and each.file == usual.resolve() and _has_served(each.file):
            raise _other_issue(each.file, each.frozen.letter)
        if each.frozen and _is_same_letter(letter, each.frozen.letter):
            _refuse_overlap(each, letter, each.frozen.letter, folded)
    return usual


def count_issues(root: Path) -> tuple[dict[str, LedgerCounts], frozenset[str]]:
    """Count the recipients of all issues by state, from the ledgers in the site's `ledger/`.

    Returns issue's id → counts, and the names (without suffix) and issues' ids of ledgers that cannot be used: damaged
    ones, and those of which there are two.
    """
    counts: dict[str, LedgerCounts] = {}
    unusable: set[str] = set()
    for file in _list_files(root, root / LEDGER_FOLDER, None):
        try:
            with LedgerReader(file, full=False) as ledger:
                frozen, counted = ledger.read_frozen(), ledger.count_recipients()
        except MailError:
            unusable.add(file.stem)
            continue
        if frozen and frozen.letter.id in counts:
            unusable.add(frozen.letter.id)
        elif frozen:
            counts[frozen.letter.id] = counted
    return counts, frozenset(unusable)


def _list_files(root: Path, usual: Path, chosen: Path | None) -> list[Path]:
    """List all files that are, or were, a ledger: whatever holds a database, or is called one."""
    folders = {root / LEDGER_FOLDER, usual.parent if chosen is not None and usual != chosen else root / LEDGER_FOLDER}
    files = {usual.resolve()} if os.path.lexists(usual) and not usual.is_dir() else set()
    for folder in folders:
        for place, _, names in os.walk(folder):
            files |= {(Path(place) / name).resolve() for name in names if _may_be_ledger(Path(place) / name)}
    return sorted(files)


def _may_be_ledger(file: Path) -> bool:
    if file.name.casefold().endswith(".sqlite"):
        return True
    try:
        with file.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC and not file.name.endswith(".sqlite.new")
    except OSError:
        return False


def _read_ledger(file: Path) -> KnownLedger:
    """Read whose ledger a file is.

    Raises: MailError, because a ledger that cannot be read may be this issue's under another name.
    """
    with LedgerReader(file, full=False) as ledger:
        return KnownLedger(file, ledger.read_frozen())


def _is_chosen(file: Path, usual: Path, chosen: Path) -> bool:
    return file == usual.resolve() or (chosen != usual and file.is_relative_to(chosen.resolve()))


def _is_same_letter(letter: Letter, other: Letter) -> bool:
    """Compare what two letters say.

    An id that was made from the file's path changes with the file's name: then being alike is enough. An id that was
    written says that it is another issue, unless every word is the same.
    """
    mine, theirs = _words(letter), _words(other)
    if mine == theirs:
        return True
    if not _is_derived(letter.id):
        return False
    runs, others = _runs(mine), _runs(theirs)
    return len(runs & others) >= _ALIKE * len(runs | others)


def _words(letter: Letter) -> list[str]:
    """List a letter's words, without the addresses in it: that of its page changes with its slug."""
    text = re.sub(r"\S*://\S+", " ", f"{letter.subject} {letter.text}")
    return unicodedata.normalize("NFKC", text).casefold().split()


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _WORDS]) for at in range(max(1, len(words) - _WORDS + 1))}


def _is_derived(issue_id: str) -> bool:
    """Return True if no `id` was written in the front matter: version 5 is made from a name (RFC 9562)."""
    try:
        return UUID(issue_id).version == 5
    except ValueError:
        return False


def _has_served(file: Path) -> bool:
    with LedgerReader(file) as ledger:
        return not ledger.count_recipients().nothing_delivered


def _refuse_overlap(known: KnownLedger, mine: Letter, other: Letter, folded: Iterable[str]) -> None:
    with LedgerReader(known.file) as ledger:
        served = {id_ for state in _MAYBE_DELIVERED for id_ in ledger.list_ids(state)}
        count = sum(ledger.hash_address(each) in served for each in folded)
    if count:
        message = (
            f'{count:,} of these recipients have this letter already, or may have it: as "{other.title}", '
            f"by the ledger {known.file.name}."
        )
        hint = (
            f"If it is that issue, write its id into the front matter: id: {other.id}. "
            f"If it is another one, give it an id of its own, such as id: {uuid4()}"
            f"{'' if _is_derived(mine.id) else ', and another text or subject'}."
        )
        raise MailError(error(known.file.as_posix(), "mail-ledger-other", message, hint))


def _two_ledgers(files: list[Path]) -> MailError:
    message = f"This issue has more than one ledger: {', '.join(file.as_posix() for file in files)}."
    hint = "Move all but the newest out of the folder; if you do not know which one is the newest, send nothing."
    return MailError(error(files[0].as_posix(), "mail-ledger-other", message, hint))


def _elsewhere(file: Path, usual: Path) -> MailError:
    message = f"This issue has a ledger already, {file.as_posix()}, and --ledger names another: {usual.as_posix()}."
    hint = "Leave --ledger out, or name that one. To send to latecomers, use --add-new."
    return MailError(error(file.as_posix(), "mail-ledger-other", message, hint))


def _other_issue(file: Path, other: Letter) -> MailError:
    message = f'This ledger belongs to another issue: "{other.title}" of {other.date:%Y-%m-%d}.'
    hint = (
        f"If it is the same issue, write its id into the front matter: id: {other.id}. "
        "If it is a new one, give it a slug of its own."
    )
    return MailError(error(file.as_posix(), "mail-ledger-other", message, hint))
