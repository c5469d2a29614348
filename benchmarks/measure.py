"""Run a command from outside and say what it cost: seconds, processor time, memory of all its processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_EVERY_S = 0.02
QUIET_SHARE = 0.15
"""A machine is quiet when the other programs keep less than this share of one processor busy."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took. `other_s`: processor seconds of all other programs meanwhile, 0.0 where not known."""

    wall_s: float
    cpu_s: float
    other_s: float

    @property
    def disturbed(self) -> bool:
        """Whether other programs took so much that the wall clock says little."""
        return self.other_s > 0.3 * self.wall_s


@dataclass(frozen=True, slots=True)
class Memory:
    """The peaks of a run: all its processes at one moment together, and the largest of them alone."""

    together_bytes: int
    largest_bytes: int


class RunFailedError(Exception):
    """The measured command ended with an exit code other than 0; the message holds the end of its output."""


def run_timed(command: Sequence[str], folder: Path, log: Path, patience_s: float = 20.0) -> Cost:
    """Run a command from fork to exit, nothing else watching. The disk is synced before, outside the clock.

    It waits until other programs rest, but no longer than `patience_s`: `Cost.other_s` tells what remains.

    Raises: RunFailedError when it fails.
    """
    os.sync()
    wait_until_quiet(patience_s)
    busy = _busy_s()
    begin = time.perf_counter()
    process = _start(command, folder, log)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - begin
    cpu_s = usage.ru_utime + usage.ru_stime
    _check(process, status, log)
    return Cost(wall_s, cpu_s, max(0.0, _busy_s() - busy - cpu_s))


def run_sampled(command: Sequence[str], folder: Path, log: Path) -> Memory:
    """Run a command and give its peak memory, in proportional set sizes: pages that processes share count once.

    Sampling slows what it watches, so nothing is timed here. Where the kernel tells no proportional sizes (not
    Linux), the peak resident size of the largest process stands in.

    Raises: RunFailedError when it fails.
    """
    process = _start(command, folder, log)
    together = largest = 0
    ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    while not ended:
        sizes = [*map(_proportional_bytes, _tree(process.pid))]
        together, largest = max(together, sum(sizes)), max(largest, *sizes, 0)
        time.sleep(SAMPLE_EVERY_S)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    _check(process, status, log)
    resident = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Memory(together or resident, largest or resident)


def _start(command: Sequence[str], folder: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)


def _check(process: subprocess.Popen[bytes], status: int, log: Path) -> None:
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RunFailedError(f"{process.args!r} ended with exit code {process.returncode}:\n{end}")


def _tree(pid: int) -> Iterator[int]:
    """List a process and all that descend from it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:  # the thread has ended since it was listed
            continue
        for child in found:
            yield from _tree(int(child))


def _proportional_bytes(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:  # the process has ended, or this is not Linux
        pass
    return 0


def _busy_s() -> float:
    """Read the processor seconds spent by all programs since the machine started."""
    try:
        fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:8]]
    except OSError:
        return 0.0
    idle, waiting = fields[3:5]
    return (sum(fields) - idle - waiting) / os.sysconf("SC_CLK_TCK")


def wait_until_quiet(limit_s: float) -> None:
    """Wait until other programs rest, but no longer than `limit_s`."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        busy = _busy_s()
        time.sleep(0.25)
        if _busy_s() - busy <= 0.25 * QUIET_SHARE:
            return
