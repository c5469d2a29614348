"""Set how fast messages are sent, how long to wait for a busy server, and how Ctrl-C stops a sending."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import current_thread, main_thread
from time import monotonic, sleep
from types import FrameType

_SLICE_S = 0.1


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to try, in seconds.

    `rounds_s`: the waits before each new round for recipients that the server put off.
    `first_s`: the wait after a first server fault, doubled for each further one in a row up to `longest_s`.
    `faults`: the sending stops after this many faults in a row; `starts` if the server has never replied.
    `losses`: how many tries one message has in one round if it loses its connection.
    `refusals`: the sending stops after this many refused recipients in a row.
    `same_refusals`: the same for refusals of a mail that the server has accepted for others.
    """

    rounds_s: tuple[float, ...] = (2.0, 8.0, 30.0)
    first_s: float = 0.2
    longest_s: float = 10.0
    faults: int = 15
    starts: int = 3
    losses: int = 2
    refusals: int = 100
    same_refusals: int = 5

    def wait_s(self, faults: int) -> float:
        """Return how long to wait after `faults` (1 or more) in a row."""
        return min(self.first_s * 2.0 ** (faults - 1), self.longest_s)


class StopRequest:
    """The user's request to stop: the first one finishes the current message, a second one does not."""

    def __init__(self) -> None:
        self.requested = False

    def sleep(self, seconds: float) -> None:
        """Sleep, but return early on a request to stop."""
        end = monotonic() + seconds
        while not self.requested and (left := end - monotonic()) > 0:
            sleep(min(left, _SLICE_S))

    @contextmanager
    def catch_signals(self) -> Iterator[None]:
        """Treat Ctrl-C, and the end of a CI job, as a request to stop."""
        if current_thread() is not main_thread():  # only the main thread can set signal handlers
            yield
            return
        usual = {number: signal.signal(number, self._handle_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in usual.items():
                signal.signal(number, handler)

    def _handle_signal(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True


@dataclass(slots=True)
class RateLimit:
    """Limit to `per_minute` evenly spaced messages per minute; None means no limit."""

    per_minute: float | None = None
    _next: float = field(default=0.0, init=False)

    def wait_s(self) -> float:
        """Return the seconds until the next message may be sent."""
        return max(0.0, self._next - monotonic())

    def count_message(self) -> None:
        """Record that a message is sent now."""
        if self.per_minute:
            self._next = monotonic() + 60 / self.per_minute
