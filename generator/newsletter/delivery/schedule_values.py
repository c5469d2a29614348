"""The values of a schedule: which issues carry a time to be sent, and what is to be done about each now."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from generator.errors import Problem

MAX_LATE = timedelta(hours=24)
"""How late an issue may begin to be sent, unless the user gives another bound."""
MAX_PAUSE_DAYS = 7
"""How many days after its last mail a half-sent issue still continues."""


class IssueState(StrEnum):
    """What a schedule says of an issue."""

    COMING = "coming"
    DUE = "due"
    SENT = "sent"
    MISSED = "missed"
    UNFINISHED = "unfinished"
    HELD = "held"


class ScheduledIssue(Struct, frozen=True, kw_only=True):
    """An issue with `send_at`, an aware time in the site's zone.

    `sent` and `recipients` are 0 before the first send. A `held` issue is due, but a problem forbids to send it.
    """

    path: str
    slug: str
    id: str
    title: str
    send_at: datetime
    state: IssueState
    sent: int = 0
    recipients: int = 0


class SendSchedule(Struct, frozen=True):
    """The issues with `send_at` in order of that time, as of `now` (UTC), and the problems that need a person."""

    now: datetime
    issues: tuple[ScheduledIssue, ...]
    problems: tuple[Problem, ...] = ()

    def in_state(self, state: IssueState) -> tuple[ScheduledIssue, ...]:
        """Return the issues in one state."""
        return tuple(issue for issue in self.issues if issue.state is state)
