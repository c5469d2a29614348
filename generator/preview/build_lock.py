"""The lock between the requests, which read the output, and the builder, which writes it.

A response is read either before a build or after it. A request that arrives while a build is due or running waits. When
the build ends, all waiting requests are served before the next build may begin, so that a stream of edits starves none.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

MAX_SERVE_S = 0.5  # how long a build waits for the requests that waited for the last build


class BuildRunningError(Exception):
    """The build did not end in time."""


class BuildLock:
    """Readers run on one event loop, the builder in its own thread. `pending` returns whether a build is due.

    During a build, single outputs can be read as soon as they are finished: see `release`.
    """

    def __init__(self, pending: Callable[[], bool] = lambda: False) -> None:
        self._pending = pending
        self._changed = threading.Condition()
        self._building = False
        self._waiting: dict[asyncio.Future[None], str] = {}
        self._owed = 0
        self._released: frozenset[str] = frozenset()

    @property
    def building(self) -> bool:
        """Return True if a build is running."""
        return self._building

    @property
    def awaited_paths(self) -> tuple[str, ...]:
        """The output paths that requests are waiting for."""
        with self._changed:
            return tuple(dict.fromkeys(path for path in self._waiting.values() if path))

    def begin_write(self) -> None:
        """Start a build, after the requests that waited for the last one have been served."""
        with self._changed:
            self._changed.wait_for(lambda: self._owed <= 0, MAX_SERVE_S)
            self._building, self._owed = True, 0

    def end_write(self, publish: Callable[[], None] = lambda: None) -> None:
        """End a build: call `publish`, then wake all waiting requests."""
        with self._changed:
            publish()
            self._building, self._released = False, frozenset()
            self._wake(tuple(self._waiting))

    def release(self, paths: Iterable[str]) -> None:
        """Wake the requests for these outputs: they are finished, although the build goes on."""
        with self._changed:
            self._released |= frozenset(paths)
            self._wake([future for future, path in self._waiting.items() if path in self._released])

    @property
    def has_released(self) -> bool:
        """Return True if some outputs can be read during the running build."""
        return bool(self._released)

    def _wake(self, futures: Sequence[asyncio.Future[None]]) -> None:
        self._owed += len(futures)
        for future in futures:
            del self._waiting[future]
            with suppress(RuntimeError):  # the loop has ended
                future.get_loop().call_soon_threadsafe(_wake_reader, future)

    def shut_down(self) -> None:
        """Refuse all waiting and later requests, because the preview ends."""
        with self._changed:
            self._building = True
            waiting, self._waiting = self._waiting, {}
        for future in waiting:
            future.cancel()

    async def read(self, read_now: Callable[[], T], timeout_s: float, path: str = "") -> T:
        """Call `read_now`, which must be short, between two builds, or as soon as its output `path` is finished.

        Raises: BuildRunningError after `timeout_s`.
        """
        with self._changed:
            if not (self._building or self._pending()) or path in self._released:
                return read_now()
            future = self._wait(path)
        until = asyncio.get_running_loop().time() + timeout_s
        while True:
            let_in = await self._turn(future, until)
            with self._changed:
                self._owed -= let_in
                self._changed.notify_all()
                if let_in and (not self._building or path in self._released):
                    return read_now()
                if not let_in:
                    raise BuildRunningError
                future = self._wait(path)

    def _wait(self, path: str) -> asyncio.Future[None]:
        future = asyncio.get_running_loop().create_future()
        self._waiting[future] = path
        return future

    async def _turn(self, future: asyncio.Future[None], until: float) -> bool:
        """Wait for a turn; returns True if it came. A cancelled request gives its turn back."""
        try:
            await asyncio.wait_for(asyncio.shield(future), max(0.0, until - asyncio.get_running_loop().time()))
        except TimeoutError:
            with self._changed:
                if future not in self._waiting:  # let in at the last moment
                    return True
                del self._waiting[future]
            return False
        except asyncio.CancelledError:
            if future.cancelled():
                raise BuildRunningError from None
            with self._changed:
                if future in self._waiting:
                    del self._waiting[future]
                else:
                    self._owed -= 1
                    self._changed.notify_all()
            raise
        return True


def _wake_reader(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
