"""The values in a ledger: the issue as first sent, and the state of each recipient."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from generator.digest import digest
from generator.model import Letter
from generator.newsletter.message.sender import Sender

NOT_LISTED = "not in the list"
"""The reason of a pending recipient who has left the list since the first send."""


class RecipientState(StrEnum):
    """The state of one recipient."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class LetterVersion(Struct, frozen=True):
    """A translation of a letter, with the sender in that language.

    `letter` has the id of the main letter, because both are one issue; `own_id` is the translation's own.
    """

    letter: Letter
    sender: Sender
    own_id: str


class FrozenIssue(Struct, frozen=True):
    """An issue as first sent, for every later recipient: the letter, the headers, the Date, and the translations."""

    letter: Letter
    sender: Sender
    date: datetime
    translations: tuple[LetterVersion, ...] = ()

    def choose_version(self, language: str) -> tuple[Letter, Sender]:
        """Return the letter and the sender for a reader's language; the main ones if there is no such translation."""
        found = find_version(language, self.letter, self.translations)
        return (found.letter, found.sender) if found else (self.letter, self.sender)

    @property
    def digest(self) -> str:
        """Hash the parts that an edit of the issue or of `[newsletter]` can change (not the Date)."""
        return digest(self.letter, self.sender, *((self.translations,) if self.translations else ()))


def find_version(language: str, main: Letter, translations: Sequence[LetterVersion]) -> LetterVersion | None:
    """Find the translation for a reader's language, None for the main letter: `cy-GB` is served by `cy` too."""
    wanted = language.casefold().replace("_", "-")
    for tags in (lambda tag: tag.casefold(), _primary):
        if not wanted or tags(main.language) == tags(wanted):
            return None
        found = next((each for each in translations if tags(each.letter.language) == tags(wanted)), None)
        if found:
            return found
    return None


def _primary(tag: str) -> str:
    return tag.casefold().partition("-")[0]


def counts_for(known: str, day: str) -> bool:
    """Return True if mails counted on the day `known` count for `day` (`YYYY-MM-DD`, or "").

    That is the same day, or the one after it: a clock that is set back by some hours begins no new day.
    """
    if not known or not day:
        return False
    return timedelta(0) <= date.fromisoformat(known) - date.fromisoformat(day) <= timedelta(days=1)


class LedgerCounts(Struct, frozen=True):
    """How many recipients are in each state; `postponed` are pending ones that the server put off."""

    pending: int = 0
    postponed: int = 0
    claimed: int = 0
    sent: int = 0
    failed: int = 0
    uncertain: int = 0

    @property
    def total(self) -> int:
        """Count all recipients, in every state."""
        return self.pending + self.claimed + self.sent + self.failed + self.uncertain

    @property
    def nothing_delivered(self) -> bool:
        """Return True if no recipient has, or may have, received the issue."""
        return self.claimed + self.sent + self.uncertain == 0

    @property
    def nothing_tried(self) -> bool:
        """Return True if no recipient has received the issue and no server has refused one."""
        return self.nothing_delivered and self.failed == 0
