"""The code of a worker process: jobs in, results out, within limits of time and memory."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread
from time import monotonic
from typing import Any

from msgspec import Struct

FLUSH_S = 0.05
_GRACE_S = 5.0
_ALARM_EARLY_S = 1.0


class Limits(Struct, frozen=True):
    """The limits of one job: seconds, and bytes beyond what the process starts with (0: no limit; Linux only).

    A worker that gets no job for `idle_s` seconds ends (0: it waits as long as its parent lives).
    """

    deadline_s: float = 10.0
    memory_bytes: int = 400_000_000
    idle_s: float = 0.0


Steps = Sequence[Callable[[Any], Any]]
"""Functions applied to a job in turn; the last one returns the result."""


def serve(steps: Steps, pipe: Connection, begun: Any, limits: Limits, foreign: Sequence[Connection] = ()) -> None:
    """Do the jobs that come through the pipe until it closes, or for too long there is none.

    Jobs come in lists; each step is applied to a whole list. Results go out in order, in one list, or in several if
    they take long. `begun` is a number in shared memory: how many jobs have been started. `foreign` are inherited
    connections, which are closed.
    """
    for connection in foreign:
        connection.close()
    _settle(limits)
    with suppress(EOFError, OSError):  # the parent is done, or dead
        while not limits.idle_s or pipe.poll(limits.idle_s):
            _answer(steps, pipe.recv(), pipe, begun, limits.deadline_s)


def _answer(steps: Steps, jobs: list[Any], pipe: Connection, begun: Any, deadline_s: float) -> None:
    done, values, alarm = begun.value, jobs, _Alarm(deadline_s + _GRACE_S)
    for step in steps[:-1]:
        values = list(_take(step, values, begun, done, alarm))
    results: list[Any] = []
    sent = monotonic()
    for result in _take(steps[-1], values, begun, done, alarm):
        results.append(result)
        if monotonic() - sent > FLUSH_S:
            alarm.stop()
            pipe.send(results)
            results, sent = [], monotonic()
    alarm.stop()
    if results:
        pipe.send(results)


def _take(step: Callable[[Any], Any], values: list[Any], begun: Any, done: int, alarm: _Alarm) -> Iterator[Any]:
    """Apply one step to all values in turn; show the parent which job is in progress."""
    for number, value in enumerate(values, done + 1):
        begun.value = number
        alarm.put_off()
        yield step(value)


def _settle(limits: Limits) -> None:
    """Make this process end quietly: with its parent, or when it exceeds its memory."""
    faulthandler.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    else:
        Thread(target=_end_with_parent, daemon=True).start()
    _bound_memory(limits.memory_bytes)


class _Alarm:
    """An alarm by which the system ends this process, even within C code, `seconds` after the last restart.

    It may come up to a second early, because it is restarted at most once a second: restarting it four times per job
    took a twentieth of a job of 0.5 ms.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due = 0.0

    def put_off(self) -> None:
        """Restart the alarm with its full time."""
        now = monotonic()
        if self._due - now < self._seconds - _ALARM_EARLY_S:
            self._due = now + self._seconds
            _set_alarm(self._seconds)

    def stop(self) -> None:
        """Switch the alarm off."""
        self._due = 0.0
        _set_alarm(0)


def _set_alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _end_with_parent() -> None:
    """End when the parent ends: for Windows, which has no alarm."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _bound_memory(more_bytes: int) -> None:
    """Limit how much memory this process may add, and write no core file if it crashes."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform != "linux" or not more_bytes:
        return  # macOS accepts the limit and ignores it
    with suppress(OSError, ValueError), open("/proc/self/statm") as status:  # noqa: PTH123 (no file of a user's)
        used = int(status.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + more_bytes, resource.getrlimit(resource.RLIMIT_AS)[1]))
