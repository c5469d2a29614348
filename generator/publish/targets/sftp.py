"""Publish to a server over SFTP: every file is written under another name and renamed over the old one."""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from generator.config.targets.sftp import SftpOptions
from generator.publish.lease import hold_lease
from generator.publish.parallel import for_each
from generator.publish.paths import FOLDER
from generator.publish.target import Lease, Sent, Upload
from generator.publish.targets.remote_folders import MadeFolders, parents
from generator.publish.targets.sftp_connection import SftpConnection, explained
from generator.publish.targets.ssh_errors import disk_full

if TYPE_CHECKING:
    import asyncssh

_PARTS = f"{FOLDER}parts"
_AT_ONCE = 16
_CHUNK = 32_768  # what every server takes in one request
_CHUNKS_AT_ONCE = 16


class SftpTarget:
    """A folder on a server. Unfinished files are in `.openletter/parts`, where no reader looks."""

    keeps_headers = False
    keeps_redirects = False

    def __init__(self, options: SftpOptions, root: Path) -> None:
        self._options = options
        self._connection = SftpConnection(options, root)
        self._folders = MadeFolders(self._make_folder)
        self._written: dict[str, bytes] = {}

    async def read(self, path: str) -> bytes | None:
        """Return the bytes of a file; None if it is not there."""
        client = await self._connection.client()
        with explained(self._options, path):
            return await _read(client, self._at(path))

    async def list_paths(self) -> Sequence[str]:
        """List all files below the folder; links to folders are not followed."""
        client = await self._connection.client()
        found: list[str] = []
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            with explained(self._options, folder):
                files, folders = await _list(client, self._at(folder))
            found += [posixpath.join(folder, name) for name in files]
            waiting += [posixpath.join(folder, name) for name in folders]
        return sorted(path for path in found if not path.startswith(f"{_PARTS}/"))

    async def send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        """Write files, many at once over one connection."""

        async def put(upload: Upload) -> None:
            data = await asyncio.to_thread(upload.read)
            await self._put(upload.path, data)
            sent(upload.path)

        await for_each(uploads, put, _AT_ONCE)

    async def copy(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Copy files on the server, or through this machine if the server cannot copy."""

        async def act(pair: tuple[str, str]) -> None:
            await self._copy(*pair)

        await for_each(pairs, act, _AT_ONCE)

    async def delete(self, paths: Sequence[str]) -> None:
        """Delete files, and folders that become empty."""
        client = await self._connection.client()

        async def act(path: str) -> None:
            with explained(self._options, path):
                await _remove(client, self._at(path))

        await for_each(paths, act, _AT_ONCE)
        for folder in parents(paths):
            await self._remove_if_empty(client, folder)

    async def swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        """Write a file if it still is as before. Of two that start from nothing, or take over, one succeeds."""
        if await self.read(path) != before:
            return False
        if before is None or self._written.get(path) == before or path in self._written:
            done = await self._put(path, after, new=before is None)
        else:
            done = await self._take_over(path, before, after)
        if done:
            self._written[path] = after
        return done

    async def commit(self, message: str) -> None:
        """Do nothing: each file is visible at once."""

    @asynccontextmanager
    async def lock(self, holder: str) -> AsyncIterator[Lease]:
        """Hold a lock in a file: SFTP has no locks. Deletes what a publisher that was killed has not finished."""
        async with hold_lease(self, holder) as lease:
            client = await self._connection.client()
            with explained(self._options, _PARTS):
                left, _ = await _list(client, self._at(_PARTS))
                for name in left:
                    await _remove(client, self._at(f"{_PARTS}/{name}"))
            yield lease

    async def close(self) -> None:
        """Close the connection."""
        with suppress(OSError):
            await self._connection.close()

    def _at(self, path: str) -> str:
        return posixpath.join(self._options.path, path) if path else self._options.path

    async def _put(self, path: str, data: bytes, *, new: bool = False) -> bool:
        """Write a file, whole or not at all; with `new` only if it is not there. Returns whether it was written."""
        client = await self._connection.client()
        part = await self._part()
        await self._folders.make(posixpath.dirname(path))
        with explained(self._options, path):
            try:
                await _write(client, self._at(part), data)
                done = await _rename(client, self._at(part), self._at(path), new=new)
            except BaseException as reason:
                await self._give_up(client, part, reason)
                raise
        if not done:
            await self._discard(client, part)
        return done

    async def _copy(self, source: str, to: str) -> None:
        client = await self._connection.client()
        if not client.supports_remote_copy:
            data = await self.read(source)
            if data is not None:
                await self._put(to, data)
            return
        part = await self._part()
        await self._folders.make(posixpath.dirname(to))
        with explained(self._options, source):
            try:
                if await _copy_data(client, self._at(source), self._at(part)):
                    await client.posix_rename(self._at(part), self._at(to))
            except BaseException as reason:
                await self._give_up(client, part, reason)
                raise

    async def _take_over(self, path: str, before: bytes, after: bytes) -> bool:
        """Replace a file that another publisher wrote: move it away first, which only one can do."""
        client = await self._connection.client()
        aside = await self._part()
        with explained(self._options, path):
            if not await _rename(client, self._at(path), self._at(aside), new=True):
                return False
            moved = await _read(client, self._at(aside))
            if moved != before:  # it was changed in between: give it back
                await _rename(client, self._at(aside), self._at(path), new=True)
                return False
        done = await self._put(path, after, new=True)
        await self._discard(client, aside)
        return done

    async def _part(self) -> str:
        await self._folders.make(_PARTS)
        return f"{_PARTS}/{uuid4().hex}"

    async def _make_folder(self, folder: str) -> None:
        client = await self._connection.client()
        with explained(self._options, folder):
            await _make(client, self._at(folder), above=not folder)

    async def _remove_if_empty(self, client: asyncssh.SFTPClient, folder: str) -> None:
        import asyncssh

        with suppress(asyncssh.SFTPError):  # it is not empty, or gone
            await client.rmdir(self._at(folder))
            self._folders.forget(folder)

    async def _discard(self, client: asyncssh.SFTPClient, part: str) -> None:
        import asyncssh

        with suppress(OSError, asyncssh.Error):
            await client.remove(self._at(part))

    async def _give_up(self, client: asyncssh.SFTPClient, part: str, reason: BaseException) -> None:
        """Delete an unfinished file. Raises: PublishError if the disk is full, which servers call "Failure"."""
        import asyncssh

        full = isinstance(reason, asyncssh.SFTPFailure) and await _is_full(client, self._options.path)
        await self._discard(client, part)
        if full:
            raise disk_full(self._options.place) from reason


async def _read(client: asyncssh.SFTPClient, file: str) -> bytes | None:
    import asyncssh

    try:
        async with client.open(file, "rb", block_size=0) as opened:
            data = bytearray()
            while chunk := cast("bytes", await opened.read(_CHUNK, len(data))):
                data += chunk
            return bytes(data)
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        return None


async def _write(client: asyncssh.SFTPClient, file: str, data: bytes) -> None:
    """Write a file in chunks. asyncssh's own way prints an error for each chunk if the connection is cut."""
    async with client.open(file, "wb", block_size=0) as opened:

        async def write(offset: int) -> None:
            await opened.write(data[offset : offset + _CHUNK], offset)

        await for_each(range(0, len(data), _CHUNK), write, _CHUNKS_AT_ONCE)


async def _list(client: asyncssh.SFTPClient, folder: str) -> tuple[list[str], list[str]]:
    """Return the names of the files and of the folders in a folder; nothing if it is not there."""
    import asyncssh

    files: list[str] = []
    folders: list[str] = []
    try:
        async for entry in client.scandir(folder):
            name = entry.filename if isinstance(entry.filename, str) else entry.filename.decode("utf-8", "replace")
            if name not in (".", ".."):
                (folders if entry.attrs.type == asyncssh.FILEXFER_TYPE_DIRECTORY else files).append(name)
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        pass
    return files, folders


async def _make(client: asyncssh.SFTPClient, folder: str, *, above: bool) -> None:
    """Make a folder, and with `above` those above it."""
    import asyncssh

    try:
        await client.mkdir(folder)
    except (asyncssh.SFTPFailure, asyncssh.SFTPFileAlreadyExists, asyncssh.SFTPNoSuchFile):
        if not await client.isdir(folder):
            if not above:
                raise
            await client.makedirs(folder, exist_ok=True)


async def _remove(client: asyncssh.SFTPClient, file: str) -> None:
    import asyncssh

    with suppress(asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        await client.remove(file)


async def _rename(client: asyncssh.SFTPClient, source: str, to: str, *, new: bool) -> bool:
    """Rename a file; with `new`, return False if the name is taken or the file is gone."""
    import asyncssh

    if not new:
        await client.posix_rename(source, to)
        return True
    try:
        await client.rename(source, to)
    except asyncssh.SFTPNoSuchFile:
        return False
    except (asyncssh.SFTPFailure, asyncssh.SFTPFileAlreadyExists):
        if await client.exists(to):
            return False
        raise
    return True


async def _copy_data(client: asyncssh.SFTPClient, source: str, to: str) -> bool:
    """Copy a file on the server; return False if it is not there."""
    import asyncssh

    try:
        read = client.open(source, "rb", block_size=0)
        async with read as opened, client.open(to, "wb", block_size=0) as written:
            await client.remote_copy(opened, written)
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        return False
    return True


async def _is_full(client: asyncssh.SFTPClient, folder: str) -> bool:
    import asyncssh

    try:
        disk = await client.statvfs(folder)
    except (OSError, asyncssh.Error):
        return False
    return disk.bavail * disk.frsize < 1_000_000


def open_target(options: SftpOptions, root: Path) -> SftpTarget:
    """Open a folder on a server; files named in the options are relative to the site's folder."""
    return SftpTarget(options, root)
