"""Copies of this process (fork): where they can be had, and work whose memory goes when it is done."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import traceback
from collections.abc import Callable


def can_fork() -> bool:
    """Say whether this process may be copied: on Linux, and while it has no other thread, which a copy would lose."""
    return sys.platform == "linux" and threading.active_count() == 1


def run_in_fork(work: Callable[[], None]) -> bool:
    """Do work in a copy of this process; says whether it was done. It leaves what it made on disk, and no memory.

    What Python frees among values that stay is not given back to the system, and every further copy inherits it.
    """
    if not can_fork():
        return False
    process = multiprocessing.get_context("fork").Process(target=_do, args=(work,), daemon=True)
    process.start()
    process.join()
    return process.exitcode == 0


def _do(work: Callable[[], None]) -> None:
    """Do it, and end without touching what belongs to the parent."""
    try:
        work()
    except BaseException:
        if os.environ.get("OPENLETTER_DEBUG") == "1":
            traceback.print_exc()
        os._exit(1)
    os._exit(0)
