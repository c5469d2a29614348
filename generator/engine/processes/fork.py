"""Fork this process, if that is possible, for work whose memory is freed when it ends."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable


def can_fork() -> bool:
    """Return True if this process may fork: on Linux, and while it has no other thread, which a fork would lose."""
    return sys.platform == "linux" and threading.active_count() == 1


def run_in_fork(work: Callable[[], None]) -> bool:
    """Do work in a fork of this process; returns whether it was done. Its results are on disk, its memory is freed.

    Python does not return memory to the system while live values share its pages, and later forks inherit it.
    """
    if not can_fork():
        return False
    import multiprocessing  # with what it imports, 6 ms, for a site so large that it is worth a process

    process = multiprocessing.get_context("fork").Process(target=_do, args=(work,), daemon=True)
    process.start()
    process.join()
    return process.exitcode == 0


def _do(work: Callable[[], None]) -> None:
    """Do the work, and exit without touching resources of the parent."""
    try:
        work()
    except BaseException:
        if os.environ.get("OPENLETTER_DEBUG") == "1":
            import traceback

            traceback.print_exc()
        os._exit(1)
    os._exit(0)
