"""Publish into a folder: every file is written beside its old version and renamed over it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import ParamSpec, TypeVar

from generator.config.targets.folder import FolderOptions
from generator.publish.paths import FOLDER
from generator.publish.target import Lease, Sent, Upload, refused, unreachable
from generator.store.atomic import copy_file, is_part, replace_file

P = ParamSpec("P")
T = TypeVar("T")
_NOT_THERE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)
_LOCK = f"{FOLDER}lock"


class HeldBySystem:
    """A lock of the operating system, which cannot be lost."""

    def check(self) -> None:
        """Do nothing."""


class FolderTarget:
    """A folder, perhaps on a mounted drive."""

    keeps_headers = False
    keeps_redirects = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def read(self, path: str) -> bytes | None:
        """Return the bytes of a file; None if it is not there."""
        return await self._run(self._read, path)

    async def list_paths(self) -> Sequence[str]:
        """List all files below the folder."""
        return await self._run(lambda: list(self._walk()))

    async def send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        """Write files: one thread, because a disk is not faster with more."""
        await self._run(self._send, uploads, sent)

    async def copy(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Copy files within the folder."""
        await self._run(self._copy, pairs)

    async def delete(self, paths: Sequence[str]) -> None:
        """Delete files, and folders that become empty."""
        await self._run(self._delete, paths)

    async def swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        """Write a file if it still is as before. The lock keeps others away meanwhile."""
        return await self._run(self._swap, path, before, after)

    async def commit(self, message: str) -> None:
        """Do nothing: each file is visible at once."""

    @asynccontextmanager
    async def lock(self, holder: str) -> AsyncIterator[Lease]:
        """Hold a lock of the system, which ends with the process."""
        from filelock import FileLock, Timeout

        lock = FileLock(self._folder / _LOCK, timeout=0)
        try:
            (self._folder / FOLDER).mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            message = "Another publisher is writing there at this moment."
            raise refused("target-busy", message, "Try again when that is done.") from None
        except (OSError, NotImplementedError) as reason:
            raise unreachable(str(self._folder), _words(reason)) from reason
        try:
            yield HeldBySystem()
        finally:
            lock.release()

    async def close(self) -> None:
        """Do nothing: there is no connection."""

    async def _run(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of the disk in a thread. Raises: PublishError."""
        import asyncio

        with self._explained():
            return await asyncio.to_thread(act, *args, **kwargs)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as reason:
            raise unreachable(str(self._folder), _words(reason)) from reason

    def _read(self, path: str) -> bytes | None:
        try:
            return (self._folder / path).read_bytes()
        except _NOT_THERE:
            return None

    def _walk(self) -> Iterator[str]:
        for folder, _, names in os.walk(self._folder):
            below = Path(folder).relative_to(self._folder)
            for name in names:
                if not is_part(name):
                    yield (below / name).as_posix()

    def _send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        made: set[Path] = set()
        for upload in uploads:
            file = self._folder / upload.path
            if file.parent not in made:
                file.parent.mkdir(parents=True, exist_ok=True)
                made.add(file.parent)
            replace_file(file, upload.read())
            sent(upload.path)

    def _copy(self, pairs: Sequence[tuple[str, str]]) -> None:
        for source, to in pairs:
            file = self._folder / to
            file.parent.mkdir(parents=True, exist_ok=True)
            with suppress(*_NOT_THERE):
                copy_file(self._folder / source, file)

    def _delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            file = self._folder / path
            if not file.is_dir():
                with suppress(*_NOT_THERE):
                    file.unlink()
                self._remove_empty(file)

    def _remove_empty(self, file: Path) -> None:
        for folder in file.parents:
            if folder == self._folder:
                break
            try:
                folder.rmdir()
            except FileNotFoundError:
                continue
            except OSError:  # not empty
                break

    def _swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        if self._read(path) != before:
            return False
        file = self._folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, after)
        return True


def _words(reason: BaseException) -> str:
    return (reason.strerror if isinstance(reason, OSError) else "") or str(reason) or type(reason).__name__


def open_target(options: FolderOptions, root: Path) -> FolderTarget:
    """Open a folder; a relative path starts at the site's folder."""
    return FolderTarget(root / Path(options.path).expanduser())
