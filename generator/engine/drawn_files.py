"""Drawn pictures on this machine, by content and recipe: the builds and the preview of a site share one folder.

Two processes may draw the same file at once: both write the same bytes, each in one step. A file that was used a short
time ago is never deleted, because another process may be about to copy it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from time import time, time_ns
from typing import Any, TypeVar

from generator.engine.folders import STATE
from generator.errors import OutputError, error
from generator.progress import Progress
from generator.store.atomic import is_part, replace_file

J = TypeVar("J")

_FOLDER = "renditions"
_IN_USE_S = 600


def drawn_folder(root: Path, state: Path) -> Path:
    """Return the folder of a site's drawn pictures: one for all states of the site that are in it."""
    own = root / STATE
    return (own if state.resolve().is_relative_to(own.resolve()) else state) / _FOLDER


def is_drawn(file: Path) -> bool:
    """Return True if a file is there, and keep it from being deleted while this build uses it.

    An empty one is what a power cut can leave.
    """
    try:
        status = file.stat()
    except OSError:
        return False
    with suppress(OSError):  # a folder that only another account may write
        os.utime(file, ns=(time_ns(), status.st_mtime_ns))
    return status.st_size > 0


def keep_drawn(file: str, drawn: bytes) -> None:
    """Write a drawn file. Raises: OutputError."""
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, drawn)
    except OSError as reason:
        message = f"Drawn pictures cannot be kept in {Path(file).parent}: {reason.strerror or reason}."
        hint = "Free some space, or let this account write there."
        raise OutputError(error("", "state-unusable", message, hint)) from reason


def draw_all(
    step: Callable[[J], Any], jobs: Sequence[J], limit: int | None, progress: Progress, *, alone: bool
) -> None:
    """Do drawing jobs in up to `limit` processes, or `alone` in this one."""
    workers = min(limit or os.cpu_count() or 1, len(jobs))
    if alone or workers == 1:
        for done, job in enumerate(jobs, 1):
            step(job)
            progress("pictures", done, len(jobs))
        return
    from generator.engine.processes.pool import Pool
    from generator.engine.processes.worker import Limits

    with Pool[J, bool]((step,), workers, Limits(deadline_s=120, memory_bytes=0)) as pool:
        for done, _ in enumerate(pool.map(jobs), 1):
            progress("pictures", done, len(jobs))


def prune(folder: Path, used: Iterable[Path], most_bytes: int) -> None:
    """Delete files that the site does not show, the longest unused first, until the rest is within a bound."""
    try:
        found = [(entry.stat(), entry) for entry in os.scandir(folder) if not is_part(entry.name)]
    except OSError:
        return
    left = sum(status.st_size for status, _ in found) - most_bytes
    if left <= 0:
        return
    kept = {file.name for file in used}
    last_use = {entry.name: max(status.st_atime, status.st_mtime) for status, entry in found}
    for status, entry in sorted(found, key=lambda each: last_use[each[1].name]):
        if left <= 0 or last_use[entry.name] > time() - _IN_USE_S:
            return
        if entry.name not in kept:
            with suppress(OSError):
                Path(entry).unlink()
                left -= status.st_size
