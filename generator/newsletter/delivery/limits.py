"""Limit when and how much is sent: hours of the day, and mails per day."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from generator.clock import Clock
from generator.errors import ConfigError, error
from generator.newsletter.delivery.ledger_values import counts_for

_WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class SendWindow:
    """The hours of the day in which mails are sent; `end` before `start` means that they pass midnight."""

    start: time
    end: time

    def wait_s(self, now: datetime) -> float:
        """Return the seconds until the window opens; 0 while it is open. `now` is in the site's time zone."""
        clock = now.time()
        inside = self.start <= clock < self.end if self.start < self.end else not self.end <= clock < self.start
        if inside:
            return 0.0
        opens = now.replace(hour=self.start.hour, minute=self.start.minute, second=0, microsecond=0, fold=0)
        if opens <= now:
            opens += timedelta(days=1)
        return (opens.astimezone(UTC) - now.astimezone(UTC)).total_seconds()  # clocks may change in between

    def __str__(self) -> str:
        """Write it as it is given."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def parse_window(text: str) -> SendWindow:
    """Parse hours such as `08:00-18:00`.

    Raises: ConfigError for anything else, or if they are empty.
    """
    match = _WINDOW.fullmatch(text.strip())
    try:
        start, end = (time(int(match[at]), int(match[at + 1])) for at in (1, 3)) if match else (time(), time())
    except ValueError:
        start = end = time()
    if start == end:
        hint = "Write two times of the day, such as --window 08:00-18:00."
        raise ConfigError(error("", "option", f'"{text}" is not a window of hours.', hint))
    return SendWindow(start, end)


def read_system_time() -> datetime:
    """Return the time now."""
    return Clock.system().now


@dataclass(slots=True)
class DailyLimit:
    """Count the mails of today against a limit; None means no limit.

    `used` is how many were sent today before this run, also of other issues. The count begins again at midnight in the
    site's time zone. Not safe for threads: the caller holds a lock.
    """

    limit: int | None = None
    used: int = 0
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    read_time: Callable[[], datetime] = read_system_time
    _day: str = ""

    @property
    def today(self) -> str:
        """Return today as `YYYY-MM-DD`."""
        return f"{self.read_time().astimezone(self.zone):%Y-%m-%d}"

    def take(self) -> bool:
        """Reserve one mail; return False if today's are used up."""
        today = self.today
        if not counts_for(self._day, today):
            self.used = 0 if self._day else self.used
            self._day = today
        if self.limit is not None and self.used >= self.limit:
            return False
        self.used += 1
        return True

    def give_back(self) -> None:
        """Return a mail that was not delivered to the server."""
        self.used = max(0, self.used - 1)
