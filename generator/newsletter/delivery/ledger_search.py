"""Find an issue's ledger by the issue's id, even if its file, its slug or the ledger was renamed."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from generator.errors import MailError, Problem, error
from generator.model import Letter
from generator.newsletter.delivery.ledger_file import LEDGER_FOLDER, locate_ledger
from generator.newsletter.delivery.ledger_reader import LedgerReader
from generator.newsletter.delivery.ledger_values import FrozenIssue, LedgerCounts, RecipientState
from generator.text.counts import format_count

_MAGIC = b"SQLite format 3\0"
_MAYBE_DELIVERED = (RecipientState.SENT, RecipientState.CLAIMED, RecipientState.UNCERTAIN)
_WORDS = 5
_ALIKE = 0.5
"""Two letters without a written `id` count as one issue if they share this part of their runs of five words."""


@dataclass(frozen=True, slots=True)
class KnownLedger:
    """A ledger and the issue it belongs to; `frozen` is None before the first send."""

    file: Path
    frozen: FrozenIssue | None


def find_ledger(
    root: Path, letter: Letter, folded: Iterable[str], chosen: Path | None, translations: Sequence[str] = ()
) -> Path:
    """Return the file of an issue's ledger: the existing one with its id, else the one to create.

    Searches all ledgers in `ledger/`, and in `chosen` if that is a folder. `folded` are the list's addresses;
    `translations` the ids of the issue's translations, which may have been sent as issues of their own.

    Raises: MailError if two ledgers have the id, the ledger is not the chosen one, a ledger cannot be read, the file
    belongs to another issue, or another ledger shows that someone on the list already has this letter.
    """
    usual = locate_ledger(root, letter.slug, chosen)
    folders = [root / LEDGER_FOLDER, *([usual.parent] if chosen is not None and usual != chosen else [])]
    known = [_read_ledger(file) for file in list_ledgers(folders, usual)]
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
        if each.frozen and _is_same_issue(letter, translations, each.frozen):
            _refuse_overlap(each, letter, each.frozen.letter, folded)
    return usual


@dataclass(frozen=True, slots=True)
class LedgerProgress:
    """How much of an issue was sent: `waiting` recipients still get it, the last mail was sent on `last_day`.

    `tried_at` is when it was first to be sent, an aware time.
    """

    counts: LedgerCounts
    waiting: int
    last_day: str
    tried_at: datetime


def read_progress(root: Path, chosen: Path | None) -> tuple[dict[str, LedgerProgress], tuple[Problem, ...]]:
    """Read how much of each issue was sent, from all ledgers that a send would search: issue id → progress.

    Ledgers that cannot be used are problems: a damaged one, and two of one issue.
    """
    found: dict[str, tuple[Path, LedgerProgress]] = {}
    problems: list[Problem] = []
    folders = [root / LEDGER_FOLDER, *([chosen] if chosen else [])]
    for file in list_ledgers(folders, chosen):
        try:
            with LedgerReader(file, full=False) as ledger:
                frozen, counts = ledger.read_frozen(), ledger.count_recipients()
                waiting, last_day = ledger.count_waiting(), ledger.read_last_day()
        except MailError as fault:
            problems += fault.problems
            continue
        if frozen and frozen.letter.id in found:
            problems += _two_ledgers([found[frozen.letter.id][0], file]).problems
        elif frozen:
            found[frozen.letter.id] = (file, LedgerProgress(counts, waiting, last_day, frozen.date))
    return {issue_id: progress for issue_id, (_, progress) in found.items()}, tuple(problems)


def count_issues(root: Path) -> tuple[dict[str, LedgerCounts], frozenset[str]]:
    """Count the recipients of all issues by state, from the ledgers in the site's `ledger/`.

    Returns issue id → counts, and the names (without suffix) or issue ids of ledgers that cannot be used because they
    are damaged or there are two.
    """
    counts: dict[str, LedgerCounts] = {}
    unusable: set[str] = set()
    for file in list_ledgers([root / LEDGER_FOLDER]):
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


def count_sent_on(day: str, files: Iterable[Path]) -> int:
    """Count the mails of all ledgers on a day; a ledger that cannot be read counts as none."""
    total = 0
    for file in files:
        with suppress(MailError), LedgerReader(file, full=False) as ledger:
            total += ledger.count_day(day)
    return total


def list_ledgers(folders: Iterable[Path], file: Path | None = None) -> list[Path]:
    """List all files in `folders` that may be a ledger, by name or by content, and `file` if it exists."""
    files = {file.resolve()} if file and os.path.lexists(file) and not file.is_dir() else set()
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
    """Read which issue a ledger belongs to.

    Raises: MailError if it cannot be read, because it may be this issue's ledger under another name.
    """
    with LedgerReader(file, full=False) as ledger:
        return KnownLedger(file, ledger.read_frozen())


def _is_chosen(file: Path, usual: Path, chosen: Path) -> bool:
    return file == usual.resolve() or (chosen != usual and file.is_relative_to(chosen.resolve()))


def _is_same_letter(letter: Letter, other: Letter) -> bool:
    """Return True if two letters are the same issue, judged by their words.

    An id derived from the file's path changes when the file is renamed, so similar letters count as the same. With a
    written id they must agree in every word.
    """
    mine, theirs = _words(letter), _words(other)
    if mine == theirs:
        return True
    if not _is_derived(letter.id):
        return False
    runs, others = _runs(mine), _runs(theirs)
    return len(runs & others) >= _ALIKE * len(runs | others)


def _is_same_issue(letter: Letter, translations: Sequence[str], other: FrozenIssue) -> bool:
    """Return True if two letters are the same, or one issue is a translation of the other, sent for itself."""
    own_ids = {each.own_id for each in other.translations}
    return other.letter.id in translations or letter.id in own_ids or _is_same_letter(letter, other.letter)


def _words(letter: Letter) -> list[str]:
    """List a letter's words without its web addresses, because the address of its page changes with the slug."""
    text = re.sub(r"\S*://\S+", " ", f"{letter.subject} {letter.text}")
    return unicodedata.normalize("NFKC", text).casefold().split()


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _WORDS]) for at in range(max(1, len(words) - _WORDS + 1))}


def _is_derived(issue_id: str) -> bool:
    """Return True if the front matter has no `id`: a version 5 UUID is derived from a name (RFC 9562)."""
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
            f'{format_count(count, "recipient")} of this list may already have this letter, sent as "{other.title}" '
            f"(ledger {known.file.name})."
        )
        hint = (
            f"If yours is the same issue, add this id to its front matter: id: {other.id}. "
            f"If yours is a different issue, give it a new id, such as id: {uuid4()}"
            f"{'' if _is_derived(mine.id) else ', and change its text or subject'}."
        )
        raise MailError(error(known.file.as_posix(), "mail-ledger-other", message, hint))


def _two_ledgers(files: list[Path]) -> MailError:
    message = f"This issue has more than one ledger: {', '.join(file.as_posix() for file in files)}."
    hint = "Move all but the newest out of the folder. If you are not sure which one is the newest, do not send."
    return MailError(error(files[0].as_posix(), "mail-ledger-other", message, hint))


def _elsewhere(file: Path, usual: Path) -> MailError:
    message = f"This issue already has the ledger {file.as_posix()}, but --ledger names {usual.as_posix()}."
    hint = "Remove --ledger, or set it to the existing one. To send to people who joined the list later, add --add-new."
    return MailError(error(file.as_posix(), "mail-ledger-other", message, hint))


def _other_issue(file: Path, other: Letter) -> MailError:
    message = f'This ledger belongs to another issue: "{other.title}" of {other.date:%Y-%m-%d}.'
    hint = (
        f"If yours is the same issue, add this id to its front matter: id: {other.id}. "
        "If yours is a new issue, give it another slug."
    )
    return MailError(error(file.as_posix(), "mail-ledger-other", message, hint))
