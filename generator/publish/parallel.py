"""Do the same to many files at once, for targets that take one file at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


async def for_each(items: Iterable[T], act: Callable[[T], Awaitable[None]], limit: int) -> None:
    """Await `act` for each item, at most `limit` at once. The first failure stops the others and is raised."""
    waiting: Iterator[T] = iter(items)

    async def work() -> None:
        for item in waiting:
            await act(item)

    workers = [asyncio.create_task(work()) for _ in range(limit)]
    try:
        await asyncio.gather(*workers)
    except BaseException:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        raise
