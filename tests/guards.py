"""Guards against what hangs: at least ten times what is usual, so that none breaks on a machine that many share.

No test asks how fast something is: benchmarks do. A guard ends what would otherwise never end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

HANG_S = 600.0  # for a process or a server: the slowest of them usually takes twenty seconds
WORK_S = (
    60.0  # processor time for one hostile text: usually a second or less; what a power of its length takes is hours
)


def wait_until(true: Callable[[], Any], what: str = "", patience_s: float = HANG_S) -> Any:
    """Wait until something is true, and give it; fail the test when it does not become so."""
    end = time.monotonic() + patience_s
    while not (found := true()):
        assert time.monotonic() < end, f"it did not come true in {patience_s:g} s: {what or true}"
        time.sleep(0.005)
    return found


@contextmanager
def bounded_work(bound_s: float = WORK_S) -> Iterator[None]:
    """Fail the test where this process works longer; what other programs take of the machine does not count."""
    begun = time.process_time()
    yield
    took = time.process_time() - begun
    assert took < bound_s, f"it took {took:.1f} s of processor time, and may take {bound_s:g}"
