"""A lock in a file at the target, for places that have none of their own. It dies with its holder.

The holder writes a new number into the file again and again. Another publisher watches the file: if the number stays
the same for a whole lease, by its own clock, the holder is dead and the lock is taken over. So no two clocks are
compared. Source: https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html (why `check` is needed).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Protocol
from uuid import uuid4

import msgspec
from msgspec import Struct

from generator.errors import PublishError
from generator.publish.paths import LOCK
from generator.publish.target import refused

LEASE_S = 30.0
"""After this time without a sign of life the holder counts as dead."""


class LeaseFile(Struct, frozen=True):
    """The file: who holds the lock, and a number that grows with each sign of life."""

    holder: str
    id: str
    beat: int = 0


class LeaseStore(Protocol):
    """The part of a target that a lease needs."""

    async def read(self, path: str) -> bytes | None:
        """See `PublishTarget.read`."""

    async def swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        """See `PublishTarget.swap`."""

    async def delete(self, paths: Sequence[str]) -> None:
        """See `PublishTarget.delete`."""


class FileLease:
    """A lock that is held in a file."""

    def __init__(self, store: LeaseStore, holder: str, lease_s: float) -> None:
        self._store = store
        self._lease_s = lease_s
        self._file = LeaseFile(holder, uuid4().hex)
        self._written: bytes | None = None
        self._renewed = 0.0
        self._lost = False

    def check(self) -> None:
        """Raise PublishError if the lock may be another publisher's by now."""
        if self._lost or monotonic() - self._renewed > self._lease_s:
            raise refused("lock-lost", "The connection was lost for so long that another may publish.", _AGAIN)

    async def take(self) -> None:
        """Take the lock; waits for a lease if somebody else has it. Raises: PublishError if that one is alive."""
        seen = await self._store.read(LOCK)
        if seen is not None:
            await self._wait_for_the_end_of(seen)
        if not await self._write(seen):
            raise self._busy(await self._store.read(LOCK))

    async def beat(self) -> None:
        """Give signs of life until cancelled."""
        while not self._lost:
            await asyncio.sleep(self._lease_s / 5)
            with suppress(PublishError, OSError):  # `check` notices if it lasts
                self._lost = not await self._write(self._written)

    async def release(self) -> None:
        """Delete the file, unless it is another's."""
        with suppress(PublishError, OSError):  # an old file is taken over
            if not self._lost and await self._store.read(LOCK) == self._written:
                await self._store.delete([LOCK])

    async def _wait_for_the_end_of(self, seen: bytes) -> None:
        until = monotonic() + self._lease_s
        while monotonic() < until:
            await asyncio.sleep(self._lease_s / 20)
            now = await self._store.read(LOCK)
            if now is None:
                break
            if now != seen:
                raise self._busy(now)

    async def _write(self, before: bytes | None) -> bool:
        self._file = LeaseFile(self._file.holder, self._file.id, self._file.beat + 1)
        after, started = msgspec.json.encode(self._file), monotonic()
        done = await self._store.swap(LOCK, before, after)
        if done:
            self._written, self._renewed = after, started
        return done

    def _busy(self, data: bytes | None) -> PublishError:
        try:
            holder = msgspec.json.decode(data or b"", type=LeaseFile).holder
        except msgspec.DecodeError:
            holder = "Somebody else"
        return refused("target-busy", f"{holder} is publishing there at this moment.", "Try again when that is done.")


@asynccontextmanager
async def hold_lease(store: LeaseStore, holder: str, lease_s: float = LEASE_S) -> AsyncIterator[FileLease]:
    """Hold the lock in the file of a target. Raises: PublishError if another publisher holds it."""
    lease = FileLease(store, holder, lease_s)
    await lease.take()
    beating = asyncio.create_task(lease.beat())
    try:
        yield lease
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        await lease.release()


_AGAIN = "Publish again: it goes on where it stopped."
