"""The values in a ledger: the issue as first sent, and the state of each recipient."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from generator.digest import digest
from generator.model import Letter
from generator.newsletter.message.sender import Sender


class RecipientState(StrEnum):
    """The state of one recipient."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class FrozenIssue(Struct, frozen=True):
    """An issue as first sent, for every later recipient: the letter, the headers, the Date."""

    letter: Letter
    sender: Sender
    date: datetime

    @property
    def digest(self) -> str:
        """Hash the parts that an edit of the issue or of `[newsletter]` can change (not the Date)."""
        return digest(self.letter, self.sender)


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
