"""The folders of a target that has them: made once, deleted when they become empty."""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import Awaitable, Callable, Iterable


class MadeFolders:
    """Makes each folder once, however many files are sent to it at the same time."""

    def __init__(self, make: Callable[[str], Awaitable[None]]) -> None:
        self._make = make
        self._made: dict[str, asyncio.Task[None]] = {}

    async def make(self, folder: str) -> None:
        """Make a folder and those above it; "" is the top."""
        task = self._made.get(folder)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._made[folder] = asyncio.ensure_future(self._with_parents(folder))
            task.add_done_callback(_seen)
        await asyncio.shield(task)

    def forget(self, folder: str) -> None:
        """Note that a folder is no longer there."""
        self._made.pop(folder, None)

    async def _with_parents(self, folder: str) -> None:
        if folder:
            await self.make(posixpath.dirname(folder))
        await self._make(folder)


def _seen(task: asyncio.Task[None]) -> None:
    """Look at the outcome: nobody may be waiting for it, once another file has failed."""
    if not task.cancelled():
        task.exception()


def parents(paths: Iterable[str]) -> list[str]:
    """Return the folders of these files, the deepest first, without the top."""
    found: set[str] = set()
    for path in paths:
        folder = posixpath.dirname(path)
        while folder and folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return sorted(found, key=lambda each: (-each.count("/"), each))
