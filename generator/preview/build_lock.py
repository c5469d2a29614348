"""The lock between the requests, which read the output, and the builder, which writes it.

A response is read either before a build or after it. A request that arrives while a build is running waits for its
end. One that arrives while a change waits needs the build of that change. When a build ends, all requests that waited
for it are served before the next build may begin, so that a stream of edits starves none.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeVar

T = TypeVar("T")

MAX_SERVE_S = 0.5  # how long a build waits for the requests that waited for the last build


class BuildRunningError(Exception):
    """The build did not end in time."""


class _Request(NamedTuple):
    """What a waiting request needs: an output path, and the number of the first build whose answer is new enough."""

    path: str
    build: int


class BuildLock:
    """Readers run on one event loop, the builder in its own thread. `due` returns how many builds the changes need.

    During a build, single outputs can be read as soon as they are finished: see `release`. They are old again as soon
    as another change waits.
    """

    def __init__(self, due: Callable[[], int] = lambda: 0) -> None:
        self._due = due
        self._changed = threading.Condition()
        self._building = False
        self._build = 0
        self._waiting: dict[asyncio.Future[None], _Request] = {}
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
            return tuple(dict.fromkeys(request.path for request in self._waiting.values() if request.path))

    def begin_write(self, mark_started: Callable[[], None] | None = None) -> None:
        """Start a build, after the requests that waited for the last one have been served.

        `mark_started` notes that one build less is due. Without it, the build is not one that a change waits for.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._owed <= 0, MAX_SERVE_S)
            self._building, self._owed = True, 0
            if mark_started is not None:
                self._build += 1
                mark_started()

    def end_write(self, publish: Callable[[], None] = lambda: None) -> None:
        """End a build: call `publish`, then wake the requests that it is new enough for."""
        with self._changed:
            publish()
            self._building, self._released = False, frozenset()
            self._wake([future for future, request in self._waiting.items() if request.build <= self._build])

    def release(self, paths: Iterable[str]) -> None:
        """Wake the requests for these outputs: they are finished, although the build goes on."""
        with self._changed:
            self._released |= frozenset(paths)
            self._wake([future for future, request in self._waiting.items() if self._is_readable(request)])

    @property
    def has_released(self) -> bool:
        """Return True if some outputs can be read during the running build."""
        return bool(self._released)

    def _is_readable(self, request: _Request) -> bool:
        """Return True if the output is new enough: after the build that the request needs, or released in it."""
        if request.build > self._build:
            return False
        return not self._building or (request.path in self._released and not self._due())

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
            request = _Request(path, self._build + self._due())
            if self._is_readable(request):
                return read_now()
            future = self._wait(request)
        until = asyncio.get_running_loop().time() + timeout_s
        while True:
            let_in = await self._turn(future, until)
            with self._changed:
                self._owed -= let_in
                self._changed.notify_all()
                if not let_in:
                    raise BuildRunningError
                if self._is_readable(request):
                    return read_now()
                future = self._wait(request)

    def _wait(self, request: _Request) -> asyncio.Future[None]:
        future = asyncio.get_running_loop().create_future()
        self._waiting[future] = request
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
