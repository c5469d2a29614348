"""What may have changed since the last build began, gathered until a burst of events is over."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

Hint = frozenset[str] | None
"""Site-relative paths of files and folders that may have changed; None asks for a look at everything."""

QUIET_S = ((1, 0.005), (4, 0.015), (0, 0.04))
"""How long it must have been quiet: so many paths at most → seconds. A save is one path, a checkout is many."""

OPEN_S = 0.25  # how long a file that is not closed is waited for, from its last sign of life
BURST_S = 1.0  # no burst is waited out for longer
MOST_PATHS = 5_000  # a list of more names than this is no help


class ClosedError(Exception):
    """The inbox was closed: whoever waits on it is to end."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A burst that is over."""

    hint: Hint


Errand = Callable[[], None]
Mail = Changed | Errand | None


class Inbox:
    """Where the watcher leaves what it saw, and the server its errands, for the thread that builds."""

    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._paths: set[str] = set()
        self._open: set[str] = set()
        self._all = False
        self._first = self._due = 0.0
        self._errands: deque[tuple[Errand, bool]] = deque()
        self._asked = 0
        self._handed = False
        self._closed = False

    @property
    def pending(self) -> bool:
        """Whether something has changed that no build has begun with; `begun` says that one has."""
        return self._handed or self._first > 0 or self._asked > 0

    def begun(self) -> None:
        """Note that the build of what was last handed on has begun."""
        self._handed = False
        with self._ready:
            self._asked = sum(builds for _, builds in self._errands)

    def add(self, *paths: str, settled: bool = True) -> None:
        """Note paths; not `settled` while their writer is not known to have finished."""
        with self._ready:
            self._paths.update(paths)
            (self._open.difference_update if settled else self._open.update)(paths)
            if len(self._paths) > MOST_PATHS:
                self._all = True
            self._schedule()

    def doubt(self, wait_s: float = 0.0) -> None:
        """Ask for a look at everything, at once or after a while."""
        with self._ready:
            self._all = True
            self._schedule(wait_s)

    def errand(self, errand: Errand, *, builds: bool = False) -> None:
        """Have something done by the thread that builds, between two builds; `builds` if it is one itself."""
        with self._ready:
            self._errands.append((errand, builds))
            self._asked += builds
            self._ready.notify_all()

    def close(self) -> None:
        """End all waiting."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()

    @property
    def closed(self) -> bool:
        """Whether the inbox was closed."""
        return self._closed

    def wait(self, timeout_s: float) -> Mail:
        """Wait for a burst to be over, or for an errand; None when nothing came in time. Raises: ClosedError."""
        until = monotonic() + timeout_s
        with self._ready:
            while True:
                if self._closed:
                    raise ClosedError
                if self._errands:
                    return self._errands.popleft()[0]
                busy = self._all or bool(self._paths)
                left = (self._due if busy else until) - monotonic()
                if left <= 0:
                    return self._take() if busy else None
                self._ready.wait(left)

    def _schedule(self, wait_s: float = 0.0) -> None:
        """Set when the burst will be over if nothing more is heard of it."""
        now = monotonic()
        if not self._first:
            self._first = now
        quiet = OPEN_S if self._open else next(s for most, s in QUIET_S if len(self._paths) <= most or not most)
        self._due = min(now + max(quiet, wait_s), self._first + max(BURST_S, wait_s))
        self._ready.notify_all()

    def _take(self) -> Changed:
        hint = None if self._all else frozenset(self._paths)
        self._handed = True  # before the next line: at no moment may the change look as if it were not there
        self._paths, self._open, self._all, self._first = set(), set(), False, 0.0
        return Changed(hint)
