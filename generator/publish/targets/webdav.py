"""Publish to a WebDAV server, which puts each file in its place when it has it whole."""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import TypeAlias
from uuid import uuid4

from generator.config.targets.webdav import WebdavOptions
from generator.publish.lease import hold_lease
from generator.publish.parallel import for_each
from generator.publish.paths import FOLDER
from generator.publish.target import Lease, Sent, Upload, refused, unreachable
from generator.publish.targets.remote_folders import MadeFolders, parents
from generator.publish.targets.webdav_client import MISSING, DavLock, WebdavClient

_PARTS = f"{FOLDER}parts"
_AT_ONCE = 8
LOCK_S = 30
"""How long the server keeps a lock on one file, if the connection is cut before it is given back."""
_NO_FOLDER = (*MISSING, 409)
_MAYBE_MADE = (403, 409, 500)
"""A folder cannot be made; or another publisher makes it at this moment: 403 of Apache, 500 of WsgiDAV."""
_LOST = 412
"""The lock on a file has ended, or another has it."""
Headers: TypeAlias = Mapping[str, str]
_NOTHING: Headers = MappingProxyType({})


class WebdavTarget:
    """A folder of a WebDAV server."""

    keeps_headers = False
    keeps_redirects = False

    def __init__(self, options: WebdavOptions) -> None:
        self._options = options
        self._client = WebdavClient(options, _AT_ONCE)
        self._folders = MadeFolders(self._make_folder)

    async def read(self, path: str) -> bytes | None:
        """Return the bytes of a file; None if it is not there."""
        response = await self._client.ask("GET", path, allowed=MISSING)
        return None if response.status_code in MISSING else response.content

    async def list_paths(self) -> Sequence[str]:
        """List all files, one folder after the other: many servers refuse to list all at once."""
        found: list[str] = []
        waiting = [""]
        while waiting:
            files, folders = await self._client.children(waiting.pop())
            found += files
            waiting += folders
        return sorted(path for path in found if not path.startswith(f"{_PARTS}/"))

    async def send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        """Send files, several at once."""

        async def put(upload: Upload) -> None:
            data = await asyncio.to_thread(upload.read)
            await self._replace(upload.path, data, upload.content_type)
            sent(upload.path)

        await for_each(uploads, put, _AT_ONCE)

    async def copy(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Copy files on the server if the copy is one of our own; a page of the site is replaced in one step."""

        async def act(pair: tuple[str, str]) -> None:
            source, to = pair
            if to.startswith(FOLDER):
                await self._transfer("COPY", source, to)
            elif (data := await self.read(source)) is not None:
                await self._replace(to, data, "")

        await for_each(pairs, act, _AT_ONCE)

    async def delete(self, paths: Sequence[str]) -> None:
        """Delete files, and folders that become empty."""

        async def act(path: str) -> None:
            await self._client.ask("DELETE", path, allowed=_NO_FOLDER)

        await for_each(paths, act, _AT_ONCE)
        for folder in parents(paths):
            if await self._client.children(folder) == ([], []):
                await self._client.ask("DELETE", f"{folder}/", allowed=_NO_FOLDER)
                self._folders.forget(folder)

    async def swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        """Write a file if it still is as before: under a lock of the server, or on a condition if it has none."""
        if await self.read(path) != before:
            return False
        await self._folders.make(posixpath.dirname(path))
        if not await self._client.has_locks():
            return await self._swap_on_condition(path, before, after)
        lock = await self._locked(path)
        held = {"If": f"<{self._client.url(path)}> ({lock.token})"}
        try:
            now = None if lock.is_new else await self.read(path)
            if now == before:
                return await self._replace(path, after, "application/json", held)
            if lock.is_new:  # locking has made it
                await self._client.ask("DELETE", path, headers=held, allowed=(*MISSING, _LOST))
            return False
        finally:
            await self._client.unlock(path, lock)

    async def commit(self, message: str) -> None:
        """Do nothing: each file is visible at once."""

    @asynccontextmanager
    async def lock(self, holder: str) -> AsyncIterator[Lease]:
        """Hold a lock in a file, because few servers' own locks outlast a request reliably."""
        async with hold_lease(self, holder) as lease:
            left, _ = await self._client.children(_PARTS)
            for path in left:
                await self._client.ask("DELETE", path, allowed=MISSING)
            yield lease

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _replace(self, path: str, data: bytes, content_type: str, held: Headers = _NOTHING) -> bool:
        """Send a file; `held` proves that the lock on it is ours. Return False if it is not any more.

        One that is moved must have no `?` or `;` in its name: some servers cut it there.
        """
        if self._options.replace == "put" or {"?", ";"} & set(path):
            return await self._put(path, data, content_type, held)
        part = f"{_PARTS}/{uuid4().hex}"
        await self._put(part, data, content_type)
        return await self._transfer("MOVE", part, path, held)

    async def _put(self, path: str, data: bytes, content_type: str, held: Headers = _NOTHING) -> bool:
        headers = {**held, **({"Content-Type": content_type} if content_type else {})}
        lost = (_LOST,) if held else ()
        response = await self._client.ask("PUT", path, data=data, headers=headers, allowed=(*_NO_FOLDER, *lost))
        if response.status_code in _NO_FOLDER:
            await self._folders.make(posixpath.dirname(path))
            response = await self._client.ask("PUT", path, data=data, headers=headers, allowed=lost)
        return response.status_code != _LOST

    async def _transfer(self, method: str, source: str, to: str, held: Headers = _NOTHING) -> bool:
        """Copy or move a file over another; a missing one is skipped."""
        headers = {**held, "Destination": self._client.url(to), "Overwrite": "T"}
        lost = (_LOST,) if held else ()
        response = await self._client.ask(method, source, headers=headers, allowed=(*_NO_FOLDER, *lost))
        if response.status_code == 409:
            await self._folders.make(posixpath.dirname(to))
            response = await self._client.ask(method, source, headers=headers, allowed=(*MISSING, *lost))
        return response.status_code != _LOST

    async def _make_folder(self, folder: str) -> None:
        path = f"{folder}/" if folder else ""
        response = await self._client.ask("MKCOL", path, allowed=(301, 405, *_MAYBE_MADE))
        if response.status_code in _MAYBE_MADE and not await self._client.has_folder(folder):
            message = f'The folder "{folder or self._options.place}" cannot be made there.'
            raise refused("target-refused", message, "Let that user write there, or correct address in site.toml.")

    async def _locked(self, path: str) -> DavLock:
        """Lock a file; waits while somebody else has it, which takes a moment."""
        until = monotonic() + LOCK_S * 1.5
        while monotonic() < until:
            lock = await self._client.lock(path, LOCK_S)
            if lock is not None:
                return lock
            await asyncio.sleep(0.2)
        raise unreachable(self._options.place, f'"{path}" is locked by another program')

    async def _swap_on_condition(self, path: str, before: bytes | None, after: bytes) -> bool:
        headers = {"If-None-Match": "*"}
        if before is not None:
            response = await self._client.ask("GET", path, allowed=MISSING)
            if response.status_code in MISSING or response.content != before:
                return False
            etag = response.headers.get("ETag", "")
            headers = {"If-Match": etag} if etag.startswith('"') else {}
        response = await self._client.ask("PUT", path, data=after, headers=headers, allowed=(412,))
        return response.status_code != 412 and await self.read(path) == after


def open_target(options: WebdavOptions, root: Path) -> WebdavTarget:
    """Open a folder of a WebDAV server."""
    return WebdavTarget(options)
