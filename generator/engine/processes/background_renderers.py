"""Render pages in other processes while this one renders too: for a live preview, whose process has threads.

The processes are started when many pages are stale, stay for the next edit, and end when they have had nothing to do
for a while. This process never waits for them: what they do not return, it renders itself. So one that hangs, dies or
cannot be started costs nothing but time.
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING

from msgspec import Struct, field

from generator.engine.processes.pool import start_worker
from generator.engine.processes.spawned_renderers import ChunkRenderer, Portable
from generator.engine.processes.worker import Limits
from generator.engine.rendering import RenderResult
from generator.model import Target

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

HELP_FROM = 400  # targets: below, starting a process costs more than it saves
MOST = 2  # processes: each holds the index, about 95 MB at 10,000 posts
IDLE_S = 30.0  # how long a process waits for its next pages
_CHUNK = 8
_AHEAD = 2  # chunks that a process has at once: the next is there when it has rendered one
_CHUNK_BYTES = 4096  # of a chunk's targets: a pipe holds two such messages, so sending them never waits
_NICE = 10  # the priority of the processes: the pages that someone waits for come from another one
_SENDING_S = 10.0


class RenderJob(Struct, frozen=True):
    """Targets to render; with what to render them from, if it differs from that of the job before."""

    targets: tuple[Target, ...]
    portable: Portable | None = None


class JobRenderer:
    """The step of a process: renders jobs, and keeps the context from one to the next."""

    def __init__(self) -> None:
        self._renderer: ChunkRenderer | None = None

    def __call__(self, job: RenderJob) -> list[RenderResult] | None:
        """Render the targets of a job; None if that fails."""
        if self._renderer is None and hasattr(os, "nice"):
            os.nice(_NICE)
        if job.portable is None:
            return self._renderer(job.targets) if self._renderer is not None else None
        gc.unfreeze()
        self._renderer = ChunkRenderer(job.portable)
        gc.collect()  # the old context refers to itself
        results = self._renderer(job.targets)
        gc.freeze()
        return results


class _Process(Struct, eq=False):
    """A process: `number` is the state of the site that it was sent, `owed` are the chunks that it has not answered.

    A chunk is owed with the number of the state that it is rendered from.
    """

    process: BaseProcess
    pipe: Connection
    number: int = 0
    owed: deque[tuple[int, Sequence[Target]]] = field(default_factory=deque)
    sending: Thread | None = None

    def can_take(self, number: int) -> bool:
        """Return True if the process can be sent targets of a state; if it has another, it must have answered all."""
        if self.sending is not None and self.sending.is_alive():
            return False
        return len(self.owed) < (_AHEAD if self.number == number else 1)


class BackgroundRenderers:
    """Up to `MOST` processes; `jobs` bounds all processes that render, this one included. None: by the machine.

    Each build calls `begin` once, then `take` until nothing is left. Use it from one thread.
    """

    def __init__(self, jobs: int | None = None) -> None:
        self._most = min(MOST, (jobs or os.cpu_count() or 1) - 1)
        self._processes: list[_Process] = []
        self._number = 0
        self._portable: Portable | None = None
        self._queue: deque[Target] = deque()
        self._ready: deque[tuple[Target, RenderResult]] = deque()
        self._has_failed = False

    def begin(self, targets: Sequence[Target], portable: Callable[[], Portable] | None) -> None:
        """Begin to render targets. `portable` makes what they are rendered from.

        It is None in the first build after a change: then this process renders alone, and whatever others have
        rendered, or will return, is older than the change and is dropped. The builds after it, up to the next change,
        all render from the same.
        """
        self._receive()
        if portable is None:
            self._number += 1
            self._ready.clear()
            self._has_failed = False
        elsewhere = {target for target, _ in self._ready}
        for process in self._processes:
            elsewhere.update(chain.from_iterable(chunk for number, chunk in process.owed if number == self._number))
        self._queue = deque(target for target in targets if target not in elsewhere)
        is_open = any(process.number == self._number for process in self._processes)
        self._portable = portable() if portable is not None and (is_open or len(targets) >= HELP_FROM) else None

    def take(self, left: dict[str, Target]) -> tuple[Target, RenderResult | None]:
        """Return one of the targets left, with its result if another process has rendered it."""
        if self._portable is not None:
            self._receive()
            self._hand_out(left)
        while self._ready:
            target, result = self._ready.popleft()
            if left.get(target.path) == target:
                return target, result
        while self._queue:
            target = self._queue.popleft()
            if left.get(target.path) == target:
                return target, None
        return next(reversed(left.values())), None  # another process has it, but perhaps not begun

    def tidy(self) -> None:
        """Take what processes have sent since the last build, so that they can end, and forget those that ended."""
        self._receive()

    def close(self) -> None:
        """End all processes at once."""
        while self._processes:
            self._end(self._processes[-1])

    def _hand_out(self, left: Mapping[str, Target]) -> None:
        if self._queue and len(self._processes) < self._most and not self._has_failed:
            self._start()
        for process in self._processes:
            while process.can_take(self._number) and (chunk := self._next_chunk(left)):
                process.owed.append((self._number, chunk))
                if process.number == self._number:
                    self._send(process, RenderJob(chunk))
                else:
                    process.number = self._number
                    self._send(process, RenderJob(chunk, self._portable))

    def _next_chunk(self, left: Mapping[str, Target]) -> tuple[Target, ...]:
        chunk: list[Target] = []
        while self._queue and len(chunk) < _CHUNK:
            target = self._queue.popleft()
            if left.get(target.path) == target:
                chunk.append(target)
        return tuple(chunk)

    def _send(self, process: _Process, job: RenderJob) -> None:
        """Send a job. A thread sends one that the pipe may not hold: the process may still be starting."""
        data = ForkingPickler.dumps([job])
        if len(data) <= _CHUNK_BYTES:
            _send_bytes(process.pipe, data)
            return
        process.sending = Thread(target=_send_bytes, args=(process.pipe, data), daemon=True)
        process.sending.start()

    def _receive(self) -> None:
        """Take all results that have come; end the processes that are of no use any more."""
        for process in [*self._processes]:
            if not self._collect(process):
                self._end(process)

    def _collect(self, process: _Process) -> bool:
        """Take the results of one process; returns False if it has ended, or could not render a chunk.

        Then this process renders that chunk, and meets the exception itself. No other is started before the next
        change. Results of an older state of the site are dropped.
        """
        try:
            while process.pipe.poll():
                for results in process.pipe.recv():
                    number, chunk = process.owed.popleft()
                    if number == self._number and results is None:
                        self._has_failed = True
                        return False
                    if number == self._number:
                        self._ready.extend(zip(chunk, results, strict=True))
        except (EOFError, OSError):
            self._has_failed = self._has_failed or bool(process.owed)
            return False
        return True

    def _start(self) -> None:
        limits = Limits(deadline_s=120, memory_bytes=0, idle_s=IDLE_S)
        try:
            started = start_worker("spawn", (JobRenderer(),), SimpleNamespace(value=0), limits)
        except OSError:
            self._has_failed = True
            return
        self._processes.append(_Process(*started))

    def _end(self, process: _Process) -> None:
        self._processes.remove(process)
        process.process.kill()
        process.process.join()
        process.process.close()
        if process.sending is not None:
            process.sending.join(_SENDING_S)
        process.pipe.close()


def _send_bytes(pipe: Connection, data: memoryview) -> None:
    with suppress(OSError):  # the process has ended, which `_receive` finds out
        pipe.send_bytes(data)
