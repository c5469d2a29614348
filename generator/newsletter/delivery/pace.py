"""How fast messages go out, how long a busy server is waited for, and how a person stops it all."""

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

    `rounds_s`: the waits before those the server put off are tried again. `first_s`: the wait after the first fault of
    the server itself, doubled with each one in a row up to `longest_s`; after `faults` in a row the sending stops.
    `starts` in a row where the server never answered at all. `losses`: how often one message may lose its connection in
    one round. `refusals`: after so many in a row the server refuses everybody, and the sending stops; `same_refusals`:
    after so many refusals of a mail that the server accepted from others before.
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
        """Give how long to wait after so many faults in a row: 1 and more."""
        return min(self.first_s * 2.0 ** (faults - 1), self.longest_s)


class StopRequest:
    """A person's wish to end the sending: asked for once, the message at hand is finished; twice, it is not."""

    def __init__(self) -> None:
        self.requested = False

    def sleep(self, seconds: float) -> None:
        """Sleep, but not past a wish to stop."""
        end = monotonic() + seconds
        while not self.requested and (left := end - monotonic()) > 0:
            sleep(min(left, _SLICE_S))

    @contextmanager
    def catch_signals(self) -> Iterator[None]:
        """Take Ctrl-C, and the end of a CI job, as the wish to stop."""
        if current_thread() is not main_thread():  # only there can signals be taken
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
    """At most `per_minute` messages a minute, evenly; None: as fast as the server takes them."""

    per_minute: float | None = None
    _next: float = field(default=0.0, init=False)

    def wait_s(self) -> float:
        """Give the seconds until the next message may go."""
        return max(0.0, self._next - monotonic())

    def count_message(self) -> None:
        """Count a message that is sent now."""
        if self.per_minute:
            self._next = monotonic() + 60 / self.per_minute
