"""The builder's queue: changed sources, collected until a burst of events is over, and tasks."""

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

UNCLOSED_S = 0.25  # how long a file that is not closed is waited for, from its last sign of life
BURST_S = 1.0  # no burst is waited out for longer
MAX_PATHS = 5_000  # a list of more names than this is no help


class QueueClosedError(Exception):
    """The queue was closed: whoever waits on it is to end."""


@dataclass(frozen=True, slots=True)
class ChangedSources:
    """A burst that is over."""

    hint: Hint


Task = Callable[[], None]
QueueItem = ChangedSources | Task | None


class TaskQueue:
    """What the watcher saw and the server asks for, until the builder takes it."""

    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._paths: set[str] = set()
        self._open: set[str] = set()
        self._all = False
        self._first = self._due = 0.0
        self._tasks: deque[tuple[Task, bool]] = deque()
        self._asked = 0
        self._handed = False
        self._closed = False

    @property
    def builds_due(self) -> int:
        """How many builds must start until all changes so far are covered: see `mark_build_started`.

        A task that builds scans all sources, so it covers the changed paths that wait behind it.
        """
        with self._ready:
            return self._handed + max(self._asked, self._first > 0)

    def mark_build_started(self) -> None:
        """Note that the build of what `take` returned last has started."""
        with self._ready:
            self._handed = False
            self._asked = sum(builds for _, builds in self._tasks)

    def add_paths(self, *paths: str, settled: bool = True) -> None:
        """Add changed paths; `settled` is False while their writer may not have finished."""
        with self._ready:
            self._paths.update(paths)
            (self._open.difference_update if settled else self._open.update)(paths)
            if len(self._paths) > MAX_PATHS:
                self._all = True
            self._schedule()

    def request_rescan(self, wait_s: float = 0.0) -> None:
        """Ask for a scan of all sources, after `wait_s` seconds."""
        with self._ready:
            self._all = True
            self._schedule(wait_s)

    def add_task(self, task: Task, *, builds: bool = False) -> None:
        """Have the builder call `task` between two builds; `builds` if it is a build itself."""
        with self._ready:
            self._tasks.append((task, builds))
            self._asked += builds
            self._ready.notify_all()

    def close(self) -> None:
        """End all waiting."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()

    @property
    def closed(self) -> bool:
        """Return True if the queue was closed."""
        return self._closed

    def take(self, timeout_s: float) -> QueueItem:
        """Wait for a burst to be over, or for a task; None if nothing came in time. Raises: QueueClosedError."""
        until = monotonic() + timeout_s
        with self._ready:
            while True:
                if self._closed:
                    raise QueueClosedError
                if self._tasks:
                    return self._tasks.popleft()[0]
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
        quiet = UNCLOSED_S if self._open else next(s for most, s in QUIET_S if len(self._paths) <= most or not most)
        self._due = min(now + max(quiet, wait_s), self._first + max(BURST_S, wait_s))
        self._ready.notify_all()

    def _take(self) -> ChangedSources:
        hint = None if self._all else frozenset(self._paths)
        self._handed = True
        self._paths, self._open, self._all, self._first = set(), set(), False, 0.0
        return ChangedSources(hint)
