"""The builder's queue: changed sources, collected until a burst of events is over, and tasks."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

Hint = frozenset[str] | None
"""Site-relative paths of files and folders that may have changed; None requests a full scan."""

QUIET_S = ((1, 0.005), (4, 0.015), (0, 0.04))
"""How long a pause ends a burst: number of paths, at most → seconds. A save is one path, a checkout is many."""

UNCLOSED_S = 0.25  # how long to wait for a file that is not closed, from its last event
BURST_S = 1.0  # the longest wait for the end of a burst
MAX_PATHS = 5_000  # with more names, a full scan is faster


class QueueClosedError(Exception):
    """The queue was closed: its thread must end."""


@dataclass(frozen=True, slots=True)
class ChangedSources:
    """A finished burst of changes."""

    hint: Hint


Task = Callable[[], None]
QueueItem = ChangedSources | Task | None


class TaskQueue:
    """Changes that the watcher saw and tasks of the server, until the builder takes them."""

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

    @property
    def has_tasks(self) -> bool:
        """Return True if a task is waiting."""
        return bool(self._tasks)

    def mark_build_started(self) -> None:
        """Record that the build of what `take` returned last has started."""
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
        """Ask the builder to call `task` between two builds; `builds` if it is a build itself."""
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
        """Set the time at which the burst is over if no more events come."""
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
