"""Publish with rsync: each stage is one transfer of the files that are named, which get their names at its end."""

from __future__ import annotations

import asyncio
import os
import posixpath
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from time import monotonic
from uuid import uuid4

from generator.config.targets.rsync import RsyncOptions
from generator.publish.lease import LEASE_S, FileLease, hold_lease
from generator.publish.paths import FOLDER, LOCK
from generator.publish.target import Sent, Upload, unreachable
from generator.publish.targets.remote_folders import parents
from generator.publish.targets.rsync_command import RsyncCommand

_CLAIMS = f"{FOLDER}claims/"
_AT_A_TIME = 1000
"""So many files are one transfer: progress is reported after each."""
_LINE = re.compile(rb"^([-l])\S{9} +[\d,.]+ \d{4}/\d\d/\d\d \d\d:\d\d:\d\d (.*)$", re.S)
_ESCAPE = re.compile(rb"\\#(\d{3})")


class RsyncTarget:
    """A folder on a server, or on this machine."""

    keeps_headers = False
    keeps_redirects = False

    def __init__(self, options: RsyncOptions, root: Path) -> None:
        self._options = options
        self._command = RsyncCommand(options, root)
        self._written: dict[str, bytes] = {}

    async def read(self, path: str) -> bytes | None:
        """Return the bytes of a file; None if it is not there."""
        with tempfile.TemporaryDirectory(prefix="openletter-") as name:
            await self._command.fetch([path], Path(name))
            file = Path(name) / path
            return file.read_bytes() if file.is_file() else None

    async def list_paths(self) -> Sequence[str]:
        """List all files below the folder."""
        return [path for line in await self._command.list_lines() if (path := _path(line))]

    async def send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        """Send files, many in one transfer."""
        for start in range(0, len(uploads), _AT_A_TIME):
            batch = uploads[start : start + _AT_A_TIME]
            with tempfile.TemporaryDirectory(prefix="openletter-") as name:
                await asyncio.to_thread(_stage, batch, Path(name))
                await self._command.send([upload.path for upload in batch], Path(name))
            for upload in batch:
                sent(upload.path)

    async def copy(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Copy files through this machine: rsync copies nothing within a server."""
        for start in range(0, len(pairs), _AT_A_TIME):
            batch = pairs[start : start + _AT_A_TIME]
            with tempfile.TemporaryDirectory(prefix="openletter-") as name:
                fetched, named = Path(name) / "from", Path(name) / "to"
                fetched.mkdir()
                named.mkdir()
                await self._command.fetch([source for source, _ in batch], fetched)
                found = await asyncio.to_thread(_rename, batch, fetched, named)
                if found:
                    await self._command.send(found, named)

    async def delete(self, paths: Sequence[str]) -> None:
        """Delete files, and folders that become empty; first the files, then the deepest folders."""
        levels: dict[int, list[str]] = {}
        for folder in parents(paths):
            if f"{folder}/" == FOLDER:  # it is never empty, and each level is a transfer
                continue
            levels.setdefault(folder.count("/"), []).append(folder)
        for batch in (list(paths), *levels.values()):
            if batch:
                await self._delete(batch)

    async def swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        """Write a file if it still is as before. Who takes the lock claims it first, so that only one can."""
        if path == LOCK and (before is None or self._written.get(path) != before):
            async with self._claim():
                return await self._compare_and_write(path, before, after)
        return await self._compare_and_write(path, before, after)

    async def commit(self, message: str) -> None:
        """Do nothing: a transfer is visible when it ends."""

    def lock(self, holder: str) -> AbstractAsyncContextManager[FileLease]:
        """Hold a lock in a file: rsync has no locks."""
        return hold_lease(self, holder)

    async def close(self) -> None:
        """End the connection."""
        await self._command.close()

    async def _compare_and_write(self, path: str, before: bytes | None, after: bytes) -> bool:
        if await self.read(path) != before:
            return False
        await self._write(path, after)
        self._written[path] = after
        return True

    async def _write(self, path: str, data: bytes) -> None:
        with tempfile.TemporaryDirectory(prefix="openletter-") as name:
            await asyncio.to_thread(_stage, [Upload(path, data, "")], Path(name))
            await self._command.send([path], Path(name))

    async def _delete(self, paths: Iterable[str]) -> None:
        """Delete what a folder here lacks, in which only the folders above it are."""
        wanted = list(paths)
        with tempfile.TemporaryDirectory(prefix="openletter-") as name:
            for path in wanted:
                (Path(name) / posixpath.dirname(path)).mkdir(parents=True, exist_ok=True)
            await self._command.delete(wanted, Path(name))

    @asynccontextmanager
    async def _claim(self) -> AsyncIterator[None]:
        """Be alone: write a claim, then look for others. Of two that claim at once, each sees the other or comes first.

        The smaller claim waits until the others are gone; a larger one withdraws and tries again. A claim that stays
        for a whole lease is that of a dead publisher.
        """
        own, seen = f"{uuid4().hex}.claim", dict[str, float]()
        while True:
            await self._write(f"{_CLAIMS}{own}", b"")
            if await self._is_first(own, seen):
                break
            await self._delete([f"{_CLAIMS}{own}"])
            await asyncio.sleep(0.2 + int(own[:2], 16) / 256)
        try:
            yield
        finally:
            await self._delete([f"{_CLAIMS}{own}"])  # the folder stays: another claim may be on its way into it

    async def _is_first(self, own: str, seen: dict[str, float]) -> bool:
        """Wait until no other claim is there; return False at once if a smaller one is."""
        until = monotonic() + 3 * LEASE_S
        while monotonic() < until:
            lines = await self._command.list_lines(_CLAIMS)
            now = monotonic()
            others = {name for line in lines if (name := _path(line)) and name != own}
            dead = [name for name in others if now - seen.setdefault(name, now) > LEASE_S]
            if dead:
                await self._delete([f"{_CLAIMS}{name}" for name in dead])
            alive = others.difference(dead)
            if not alive:
                return True
            if min(alive) < own:
                return False
            await asyncio.sleep(0.1)
        raise unreachable(self._options.place, "other publishers claim it all the time")


def _stage(uploads: Sequence[Upload], folder: Path) -> None:
    """Put files under the names that they get at the target: as links where that is possible."""
    for upload in uploads:
        file = folder / upload.path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(upload.source, bytes):
            file.write_bytes(upload.source)
            continue
        try:
            os.link(upload.source, file)
        except OSError:  # on another disk
            shutil.copy2(upload.source, file)


def _rename(pairs: Sequence[tuple[str, str]], fetched: Path, named: Path) -> list[str]:
    """Give fetched files their new names; return those that were there. Two copies may come from one file."""
    found = []
    for source, to in pairs:
        if (fetched / source).is_file():
            (named / to).parent.mkdir(parents=True, exist_ok=True)
            os.link(fetched / source, named / to)
            found.append(to)
    return found


def _path(line: bytes) -> str:
    """Return the path in a line of a list; "" if it is no file."""
    found = _LINE.match(line)
    if not found:
        return ""
    name = found[2].partition(b" -> ")[0] if found[1] == b"l" else found[2]
    return os.fsdecode(_ESCAPE.sub(lambda escape: bytes([int(escape[1], 8)]), name))


def open_target(options: RsyncOptions, root: Path) -> RsyncTarget:
    """Open a folder; a local one, and the files named in the options, are relative to the site's folder."""
    return RsyncTarget(options, root)
