"""A pool of worker processes in which a hang or crash costs only one job.

`concurrent.futures` fails all jobs if one process dies, and cannot end one that hangs. Here each worker has its own
pipe and counts the jobs that it has started, in memory shared with the parent. So the parent knows which job was at
fault, ends the worker, and gives its other jobs to another one. docs/decisions/0014 compares this with loky and Pebble.

No worker outlives its parent: a waiting worker ends with its pipe, a hanging one with its own alarm.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from generator.engine.processes.worker import Limits, Steps, serve

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

J = TypeVar("J")
R = TypeVar("R")

MAX_WORKERS = 32  # Windows waits for 63 handles at once
CHUNK = 32  # jobs sent at once at most: a message costs as much as a fifth of a job
UNREAD_BYTES = (
    8192  # bytes that every system's pipe can hold while a worker is busy: if both sides send more, both wait forever
)
AHEAD = 1024  # results kept at most while an earlier one is waited for
TICK_S = 0.2
START_S = 60.0  # a process may take that long to begin: a spawn on a busy machine takes seconds


class Failure(Enum):
    """Why a job has no result: it took too long, or its process died."""

    TIME = "time"
    CRASH = "crash"


def start_method() -> str:
    """Choose how to start processes: fork if there is no other thread, else spawn.

    A fork takes 10 ms, a spawn 200. A fork of a process with other threads copies locks that are never released.
    """
    with suppress(OSError):
        if sys.platform == "linux" and len([*Path("/proc/self/task").iterdir()]) == 1:
            return "fork"
    return "spawn"


class _Worker(Struct, eq=False):
    """A process and what the parent knows about it: its unanswered jobs, and how long it has been silent."""

    process: BaseProcess
    pipe: Connection
    begun: Any  # a ctypes number in shared memory: jobs done since the start, with the one at work
    todo: deque[int]
    last: int = 0  # how many of `todo` were sent last
    answered: int = 0
    seen: int = 0
    silent_s: float = 0.0

    def at_work(self) -> int | None:
        """Return which of `todo` the worker is doing; None if it has answered all that it began."""
        place = int(self.begun.value) - self.answered - 1
        return place if 0 <= place < len(self.todo) else None


class Pool(Generic[J, R]):
    """Do jobs in up to `workers` processes, started when there is work for them.

    `steps` are functions that can be imported by name and never raise. The first takes a job, each other one takes what
    the one before returned, and the last returns the result. Each step runs for a batch of jobs before the next step.
    Use as a context manager, or call `close`: it leaves no process behind.
    """

    def __init__(self, steps: Steps, workers: int, limits: Limits | None = None, method: str | None = None) -> None:
        self._steps = steps
        self._most = max(1, min(workers, MAX_WORKERS))
        self.limits = limits or Limits()
        self._method = method
        self._workers: list[_Worker] = []

    def __enter__(self) -> Pool[J, R]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def map(self, jobs: Sequence[J]) -> Iterator[R | Failure]:
        """Do all jobs; yields results in the order of the jobs, each as soon as it and all before it are done."""
        waiting, done = deque(range(len(jobs))), dict[int, R | Failure]()
        for number in range(len(jobs)):
            while number not in done:
                self._hand_out(jobs, waiting, number + AHEAD)
                self._collect(waiting, done)
            yield done.pop(number)

    def close(self) -> None:
        """End all processes immediately."""
        while self._workers:
            self._end(self._workers[-1])

    def _hand_out(self, jobs: Sequence[J], waiting: deque[int], before: int) -> None:
        """Send jobs to workers that have none, then to those that will run out before this process looks again.

        Batches get smaller towards the end, so that all workers finish together.
        """
        while waiting and waiting[0] < before and (worker := self._next()):
            size = max(1, min(CHUNK, len(waiting) // (self._most * 2)))
            some = [waiting.popleft() for _ in range(min(size, len(waiting)))]
            data = ForkingPickler.dumps([jobs[number] for number in some])
            if worker.todo and len(data) > UNREAD_BYTES:
                waiting.extendleft(reversed(some))
                return
            worker.silent_s = worker.silent_s if worker.todo else 0.0
            worker.todo.extend(some)
            worker.last = len(some)
            with suppress(OSError):  # one that has just died is found out by `_collect`
                worker.pipe.send_bytes(data)

    def _next(self) -> _Worker | None:
        """Choose a worker for the next jobs: an idle one, else a new one, else one that is doing its last batch."""
        for worker in self._workers:
            if not worker.todo:
                return worker
        if len(self._workers) < self._most:
            return self._start()
        return next((worker for worker in self._workers if len(worker.todo) <= worker.last), None)

    def _collect(self, waiting: deque[int], done: dict[int, R | Failure]) -> None:
        """Receive results, and end workers that were silent for too long.

        Counts only the time spent waiting here, so that a laptop's sleep does not count as a worker's time.
        """
        busy = [worker for worker in self._workers if worker.todo]
        begun = monotonic()
        ready = wait([worker.pipe for worker in busy], TICK_S)
        passed = min(monotonic() - begun, 2 * TICK_S)
        for worker in busy:
            if worker.pipe in ready:
                self._receive(worker, waiting, done)
            elif worker.begun.value != worker.seen:
                worker.seen, worker.silent_s = worker.begun.value, 0.0
            else:
                worker.silent_s += passed
                if worker.silent_s > (START_S if worker.at_work() is None else self.limits.deadline_s):
                    self._give_up(worker, Failure.TIME, waiting, done)

    def _receive(self, worker: _Worker, waiting: deque[int], done: dict[int, R | Failure]) -> None:
        try:
            results: list[R] = worker.pipe.recv()
        except (EOFError, OSError):
            self._give_up(worker, Failure.CRASH, waiting, done)
            return
        for result in results:
            done[worker.todo.popleft()] = result
        worker.answered += len(results)
        worker.silent_s = 0.0

    def _give_up(self, worker: _Worker, why: Failure, waiting: deque[int], done: dict[int, R | Failure]) -> None:
        """End a worker, mark the job it was doing as failed, and put its other jobs back."""
        place = worker.at_work()
        todo = list(worker.todo)
        self._end(worker)
        if place is not None:
            done[todo.pop(place)] = why
        elif not worker.answered:
            raise RuntimeError("a worker process ended before it began a job")
        waiting.extendleft(reversed(todo))

    def _start(self) -> _Worker:
        method = self._method or start_method()
        begun = multiprocessing.get_context(method).RawValue("q", 0)
        others = [worker.pipe for worker in self._workers]
        process, pipe = start_worker(method, self._steps, begun, self.limits, others)
        self._workers.append(_Worker(process, pipe, begun, deque()))
        return self._workers[-1]

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.process.close()
        worker.pipe.close()


def start_worker(
    method: str, steps: Steps, begun: Any, limits: Limits, others: Sequence[Connection] = ()
) -> tuple[BaseProcess, Connection]:
    """Start a process that does jobs (see `worker.serve`); returns it with this process's end of its pipe.

    `others` are this process's ends of the pipes of other workers: a fork inherits them, and could keep them open.
    """
    context: BaseContext = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    foreign = (ours, *others) if method == "fork" else ()
    process: BaseProcess = context.Process(  # type: ignore[attr-defined]
        target=serve, args=(steps, theirs, begun, limits, foreign), daemon=True
    )
    try:
        with _deaf():
            process.start()
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return process, ours


@contextmanager
def _deaf() -> Iterator[None]:
    """Block Ctrl-C while a process starts: only the parent handles it, and a new worker does not ignore it yet."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
