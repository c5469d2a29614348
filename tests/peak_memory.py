"""Measure the memory of a process and of its children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from tests.guards import HANG_S

# What wait4 reports begins with the size of the process that starts another: that of tests is large, this one is small.
_SMALL = """
import os, sys
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    print(os.waitstatus_to_exitcode(status), usage.ru_maxrss, file=file)
"""


def run_with_peak(command: Sequence[str], folder: Path, stdout: IO[bytes], stderr: IO[bytes]) -> tuple[int, int]:
    """Run a command in a folder; returns its exit code, and the most memory of one of its processes, in KB.

    Fails the test if it hangs.
    """
    told = folder / "peak"
    small = [sys.executable, "-S", "-c", _SMALL, str(told), *command]
    process = subprocess.Popen(small, stdout=stdout, stderr=stderr, cwd=folder, start_new_session=True)
    try:
        process.wait(HANG_S)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    code, peak_kb = map(int, told.read_text().split())
    told.unlink()
    return code, peak_kb
