"""A pool whose jobs hang, crash, and are interrupted: nothing of it is pretended, each process really does."""

from __future__ import annotations

import ctypes
import multiprocessing
import operator
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from generator.engine.processes.pool import AHEAD, Failure, Pool, start_method
from generator.engine.processes.worker import Limits
from tests.guards import HANG_S

Call = Callable[[], object]

METHODS = [
    pytest.param(method, marks=[pytest.mark.slow] if method == "spawn" else [])
    for method in ("fork", "spawn")
    if method in multiprocessing.get_all_start_methods()
]
QUICK = Limits(deadline_s=2)
FAULTS: dict[str, tuple[Call, Failure]] = {
    "sleeps": (partial(time.sleep, 10_000), Failure.TIME),
    "hangs without letting go of the interpreter": (partial(re.match, "(a+)+$", "a" * 60 + "b"), Failure.TIME),
    "reads where nothing is": (partial(ctypes.string_at, 0), Failure.CRASH),
    "aborts": (os.abort, Failure.CRASH),
    "leaves": (partial(os._exit, 3), Failure.CRASH),
    "raises": (partial(operator.floordiv, 1, 0), Failure.CRASH),
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these jobs end differently on Windows")


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_jobs(workers: int, method: str) -> None:
    with Pool[int, int]([operator.neg], workers, method=method) as pool:
        assert list(pool.map(range(700))) == [-n for n in range(700)]
        assert list(pool.map([1, 2])) == [-1, -2]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_job_that_goes_wrong_costs_that_job_alone(fault: str, method: str) -> None:
    job, why = FAULTS[fault]
    jobs: list[Call] = [partial(abs, -n) for n in range(100)]
    jobs[37] = job
    begun = time.monotonic()
    with Pool[Call, object]([operator.call], 2, QUICK, method) as pool:
        results = list(pool.map(jobs))
    assert results == [*range(37), why, *range(38, 100)]
    assert time.monotonic() - begun < HANG_S


@pytest.mark.parametrize("method", METHODS)
def test_jobs_and_results_may_be_larger_than_a_pipe(method: str) -> None:
    """Two processes that both send what the other does not take would wait for each other for ever."""
    jobs = [bytes([97 + n % 3]) * 100_000 for n in range(150)]
    with Pool[bytes, bytes]([bytes.upper], 2, method=method) as pool:
        assert list(pool.map(jobs)) == [job.upper() for job in jobs]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_each_step_takes_what_the_one_before_gave(workers: int) -> None:
    with Pool[int, str]([operator.neg, abs, str], workers) as pool:
        assert list(pool.map(range(300))) == [str(n) for n in range(300)]
        assert list(pool.map([-7])) == ["7"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_job_that_goes_wrong_in_a_later_step_costs_that_job_alone(fault: str) -> None:
    job, why = FAULTS[fault]
    jobs: list[Call] = [partial(partial, abs, -n) for n in range(100)]
    jobs[37] = partial(partial, job)
    jobs[39] = os.abort
    with Pool[Call, object]([operator.call, operator.call], 2, QUICK) as pool:
        results = list(pool.map(jobs))
    assert results == [*range(37), why, 38, Failure.CRASH, *range(40, 100)]


@pytest.mark.parametrize("workers", [1, 2])
def test_jobs_that_go_wrong_one_after_the_other_are_each_named(workers: int) -> None:
    jobs: list[Call] = [
        partial(time.sleep, 10_000),
        os.abort,
        partial(abs, -1),
        partial(ctypes.string_at, 0),
        partial(abs, -2),
    ]
    with Pool[Call, object]([operator.call], workers, QUICK) as pool:
        results = list(pool.map(jobs))
    assert results == [Failure.TIME, Failure.CRASH, 1, Failure.CRASH, 2]


def test_a_slow_job_is_not_a_hanging_one() -> None:
    with Pool[float, None]([time.sleep], 1, QUICK) as pool:
        assert list(pool.map([0.2] * 12)) == [None] * 12


def test_others_go_on_while_one_hangs(tmp_path: Path) -> None:
    """The one that hangs waits for the last of the others, so it only ends well where they do not wait for it."""
    last = tmp_path / "299"
    jobs: list[Call] = [partial(_wait_for, last), *(partial(Path.touch, tmp_path / str(n)) for n in range(300))]
    with Pool[Call, object]([operator.call], 2, Limits(deadline_s=60)) as pool:
        assert list(pool.map(jobs)) == ["it is there", *[None] * 300]


def _wait_for(file: Path) -> str:
    while not file.exists():
        time.sleep(0.01)
    return "it is there"


def test_a_slow_reader_of_results_gets_no_job_stopped() -> None:
    with Pool[int, int]([operator.neg], 2, QUICK) as pool:
        results = pool.map(range(200))
        first = list(islice(results, 3))
        time.sleep(2.5)
        assert first + list(results) == [-n for n in range(200)]


def test_results_are_not_made_without_end_before_they_are_wanted(tmp_path: Path) -> None:
    jobs = [partial(Path.touch, tmp_path / str(n)) for n in range(3 * AHEAD)]
    with Pool[Call, object]([operator.call], 2) as pool:
        next(pool.map(jobs))
        time.sleep(0.5)
        assert len(list(tmp_path.iterdir())) <= 2 * AHEAD


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to its memory")
def test_memory_is_bounded() -> None:
    jobs: list[Call] = [partial(abs, -1), partial(bytearray, 900_000_000), partial(abs, -2)]
    with Pool[Call, object]([operator.call], 1) as pool:
        assert list(pool.map(jobs)) == [1, Failure.CRASH, 2]


def test_an_error_of_the_reader_ends_all_processes() -> None:
    def read() -> None:
        with Pool[Call, object]([operator.call], 2) as pool:
            for _ in pool.map([partial(abs, -1), partial(time.sleep, 10_000)]):
                raise LookupError

    with pytest.raises(LookupError):
        read()


class Unreadable:
    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (3,)


def test_a_process_that_cannot_begin_is_an_error_and_no_loop() -> None:
    with Pool[object, None]([print], 1) as pool, pytest.raises(RuntimeError, match="began"):
        list(pool.map([Unreadable()]))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes are always spawned")
def test_processes_are_forked_only_from_a_single_thread() -> None:
    script = """
import threading
from generator.engine.processes.pool import start_method
print(start_method())
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(start_method())
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["fork", "spawn"]
    assert start_method() in ("fork", "spawn")


PARENT = """
import operator, sys, time
from functools import partial
from generator.engine.processes.pool import Pool
from generator.engine.processes.worker import Limits
if __name__ == "__main__":
    with Pool([operator.call], 3, Limits(deadline_s=1.0 if sys.argv[2] == "short" else 9000.0), sys.argv[1]) as pool:
        jobs = [partial(abs, -1)] * 2 + [partial(time.sleep, 10_000)]
        for result in pool.map(jobs):
            pids = [worker.process.pid for worker in pool._workers]
            print(*pids, flush=True)
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def begin(method: str, deadline: str) -> tuple[subprocess.Popen[str], list[int]]:
    command = [sys.executable, "-c", PARENT, method, deadline]
    parent = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert parent.stdout
    parent.stdout.readline()
    pids = list(map(int, parent.stdout.readline().split()))
    assert len(pids) == 3
    return parent, pids


def all_gone(pids: list[int], within_s: float) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if not any(map(alive, pids)):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("method", METHODS)
def test_ctrl_c_leaves_no_process_and_no_word_of_the_workers(method: str) -> None:
    parent, pids = begin(method, "long")
    os.killpg(parent.pid, signal.SIGINT)
    _, said = parent.communicate(timeout=HANG_S)
    assert said.count("Traceback") == 1  # the parent's own
    assert "KeyboardInterrupt" in said
    assert all_gone(pids, 60)


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_killing_the_parent_leaves_no_process(method: str) -> None:
    parent, pids = begin(method, "short")
    parent.kill()
    parent.communicate(timeout=HANG_S)
    assert all_gone(pids, 60)  # those that wait at once, the one that hangs with its alarm
