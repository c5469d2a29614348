"""Estimate when a long sending ends, from its speed so far."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

from generator.clock import Clock
from generator.progress import Progress

_MIN_S = 5.0
"""The first mails say little about the speed."""


def show_arrival(progress: Progress) -> Progress:
    """Add the time of the end, in local time, to the name of the stage."""
    start_s = monotonic()
    first = -1

    def report(stage: str, done: int, total: int) -> None:
        nonlocal first
        first = done - 1 if first < 0 else first
        elapsed_s = monotonic() - start_s
        if elapsed_s >= _MIN_S and done < total:
            left_s = estimate_left_s(elapsed_s, done - first, total - done)
            stage = f"{stage}, done at {Clock.system().now.astimezone() + timedelta(seconds=left_s):%H:%M}"
        progress(stage, done, total)

    return report


def estimate_left_s(elapsed_s: float, done: int, left: int) -> float:
    """Estimate the seconds for `left` mails, if `done` (1 or more) took `elapsed_s`."""
    return elapsed_s / done * left
