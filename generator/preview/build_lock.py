"""The lock between the requests, which read the output, and the builder, which writes it.

A response is read either before a build or after it. A request that arrives during a build waits until the outputs that
it needs are up to date: they are known to be before the build ends, and may still be stale when it has ended. One that
arrives while a change is waiting to be built needs the build of that change. When a build ends, all requests that
waited for it are served before the next build may begin, so that a stream of edits cannot starve any of them.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeVar

T = TypeVar("T")
Needs = Callable[[], Sequence[str]] | None
"""Lists the outputs that an answer is made from, as they are now; None needs the end of the build."""

MAX_SERVE_S = 0.5  # how long a build waits for the requests that waited for the last build


class BuildRunningError(Exception):
    """The build did not end in time."""


class _Request(NamedTuple):
    """A waiting request: the outputs it needs, and the number of the first build whose answer is new enough."""

    needs: Needs
    build: int


class BuildLock:
    """Readers run on one event loop, the builder in its own thread. `due` returns how many builds the changes need.

    During a build, outputs can be read as soon as they are known to be up to date (see `admit`), unless another change
    is waiting.
    """

    def __init__(self, due: Callable[[], int] = lambda: 0) -> None:
        self._due = due
        self._changed = threading.Condition()
        self._building = False
        self._build = 0
        self._waiting: dict[asyncio.Future[None], _Request] = {}
        self._owed = 0
        self._stale: Collection[str] | None = ()
        self._has_admitted = False

    @property
    def building(self) -> bool:
        """Return True if a build is running."""
        return self._building

    def find_awaited(self) -> str | None:
        """Return a stale output that a request for the running build is waiting for, the longest waiting first."""
        with self._changed:
            stale, current = self._stale or (), (each for each in self._waiting.values() if each.build <= self._build)
            needed = (path for each in current if each.needs is not None for path in each.needs())
            return next((path for path in needed if path in stale), None)

    @property
    def end_is_awaited(self) -> bool:
        """Return True if a request waits for the end of the running build."""
        with self._changed:
            return any(each.needs is None and each.build <= self._build for each in self._waiting.values())

    def begin_write(self, mark_started: Callable[[], None] | None = None) -> None:
        """Start a build, after the requests that waited for the last one have been served.

        `mark_started` notes that one build less is due. Without it, the build is not one that a change waits for.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._owed <= 0, MAX_SERVE_S)
            self._building, self._owed = True, 0
            self._stale, self._has_admitted = None, False
            if mark_started is not None:
                self._build += 1
                mark_started()

    def end_write(self, publish: Callable[[], None] = lambda: None, stale: Collection[str] = ()) -> None:
        """End a build: call `publish`, then wake the requests that it is new enough for.

        The outputs in `stale` were left to the next build.
        """
        with self._changed:
            publish()
            self._building, self._stale = False, stale
            self._wake()

    def admit(self, stale: Collection[str]) -> None:
        """Let requests read all outputs that are not in `stale`, although the build goes on."""
        with self._changed:
            self._stale, self._has_admitted = stale, True
            self._wake()

    @property
    def has_admitted(self) -> bool:
        """Return True if outputs could be read during the running build."""
        return self._has_admitted

    def _is_readable(self, request: _Request) -> bool:
        """Return True if the build that the request needs has ended, or has come so far that its outputs are ready."""
        if request.build > self._build or self._stale is None:
            return False
        if self._building and (request.needs is None or self._due()):
            return False
        return request.needs is None or not any(path in self._stale for path in request.needs())

    def _wake(self) -> None:
        """Wake the requests that can be answered now."""
        futures = [future for future, request in self._waiting.items() if self._is_readable(request)]
        self._owed += len(futures)
        for future in futures:
            del self._waiting[future]
            with suppress(RuntimeError):  # the loop has ended
                future.get_loop().call_soon_threadsafe(_wake_reader, future)

    def shut_down(self) -> None:
        """Refuse all waiting and later requests, because the preview ends."""
        with self._changed:
            self._building, self._stale = True, None
            waiting, self._waiting = self._waiting, {}
        for future in waiting:
            future.cancel()

    async def read(self, read_now: Callable[[], T], timeout_s: float, needs: Needs = None) -> T:
        """Call `read_now`, which must be short, between two builds, or as soon as the outputs that it needs are ready.

        Raises: BuildRunningError after `timeout_s`.
        """
        with self._changed:
            request = _Request(needs, self._build + self._due())
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
