"""The gate between those who read the output and the one who writes it.

A response is read either before a build or after it. Whoever comes while a build is due or under way waits; when it
opens, all that waited are let through before the next build may begin, so that no stream of edits shuts them out.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 0.5  # what a build grants those who have waited for the one before it


class BusyError(Exception):
    """The gate did not open in time."""


class Gate:
    """Readers live on one event loop, the builder in a thread of its own. `pending` says whether a build is due.

    In a build that goes on, single outputs may be let through as soon as they are finished: see `let`.
    """

    def __init__(self, pending: Callable[[], bool] = lambda: False) -> None:
        self._pending = pending
        self._changed = threading.Condition()
        self._building = False
        self._waiting: dict[asyncio.Future[None], str] = {}
        self._owed = 0
        self._early: frozenset[str] = frozenset()

    @property
    def building(self) -> bool:
        """Whether somebody writes."""
        return self._building

    @property
    def awaited(self) -> tuple[str, ...]:
        """The outputs that somebody waits for."""
        with self._changed:
            return tuple(dict.fromkeys(path for path in self._waiting.values() if path))

    def close(self) -> None:
        """Begin to write: wait until those who are owed their turn have had it."""
        with self._changed:
            self._changed.wait_for(lambda: self._owed <= 0, PATIENCE_S)
            self._building, self._owed = True, 0

    def open(self, publish: Callable[[], None] = lambda: None) -> None:
        """End writing: publish what readers need to know of it, and let in those who wait."""
        with self._changed:
            publish()
            self._building, self._early = False, frozenset()
            self._wake(tuple(self._waiting))

    def let(self, paths: Iterable[str]) -> None:
        """Let those through who ask for these outputs: they are finished, though the build goes on."""
        with self._changed:
            self._early |= frozenset(paths)
            self._wake([future for future, path in self._waiting.items() if path in self._early])

    @property
    def early(self) -> bool:
        """Whether there are outputs that can be had in the midst of a build."""
        return bool(self._early)

    def _wake(self, futures: Sequence[asyncio.Future[None]]) -> None:
        self._owed += len(futures)
        for future in futures:
            del self._waiting[future]
            with suppress(RuntimeError):  # the loop has ended
                future.get_loop().call_soon_threadsafe(_let_in, future)

    def end(self) -> None:
        """Send everybody away: nothing will be written any more."""
        with self._changed:
            self._building = True
            waiting, self._waiting = self._waiting, {}
        for future in waiting:
            future.cancel()

    async def through(self, read: Callable[[], T], timeout_s: float, path: str = "") -> T:
        """Call `read`, which must be short, while nobody writes, or as soon as its output `path` is finished.

        Raises: BusyError after `timeout_s`.
        """
        with self._changed:
            if not (self._building or self._pending()) or path in self._early:
                return read()
            future = self._wait(path)
        until = asyncio.get_running_loop().time() + timeout_s
        while True:
            let_in = await self._turn(future, until)
            with self._changed:
                self._owed -= let_in
                self._changed.notify_all()
                if let_in and (not self._building or path in self._early):
                    return read()
                if not let_in:
                    raise BusyError
                future = self._wait(path)

    def _wait(self, path: str) -> asyncio.Future[None]:
        future = asyncio.get_running_loop().create_future()
        self._waiting[future] = path
        return future

    async def _turn(self, future: asyncio.Future[None], until: float) -> bool:
        """Wait for one's turn; says whether it came. Whoever goes away gives it back."""
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
                raise BusyError from None
            with self._changed:
                if future in self._waiting:
                    del self._waiting[future]
                else:
                    self._owed -= 1
                    self._changed.notify_all()
            raise
        return True


def _let_in(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
