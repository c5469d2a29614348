"""Publish to a store of objects over HTTP, through obstore: what S3, Azure and Google Cloud have in common.

A put replaces an object as a whole, and can demand that it is still as it was read: that makes the swap and the lock.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import urlsplit

from generator.errors import PublishError
from generator.publish.headers import content_type
from generator.publish.lease import FileLease, hold_lease
from generator.publish.parallel import for_each
from generator.publish.target import Sent, Upload, refused, unreachable

if TYPE_CHECKING:
    from obstore import PutMode, UpdateVersion
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

P = ParamSpec("P")
T = TypeVar("T")
AT_ONCE = 32
"""So many requests are under way at the same time."""
_BULK = 1000
_METADATA = re.compile(r"/latest/(?:api/token|meta-data)|/metadata/identity|/computeMetadata/")
"""Where the machines of a cloud get their keys: asked last, if there are none elsewhere."""
_MESSAGE = re.compile(r"<Message>(.*?)</Message>", re.S)
_SILENCE = re.compile(
    r"Error performing \w+ (\S+) in .* - HTTP error: (error sending request|operation timed out)", re.S
)
_DEBUG = re.compile(r"\n\nDebug source:.*", re.S)
_TIMEOUT = timedelta(seconds=60)


def client_options(*, plain: bool) -> ClientConfig:
    """Choose how a service is asked; `plain` allows that it is without TLS."""
    return {"allow_http": plain, "timeout": _TIMEOUT}


def retry_config() -> RetryConfig:
    """Choose how often a request that failed is repeated."""
    return {"max_retries": 5, "retry_timeout": _TIMEOUT}


class ObjectStoreTarget:
    """A bucket or container, or a folder in it. `keys` are the environment variables that may hold its keys."""

    keeps_headers = True
    keeps_redirects = False

    def __init__(self, store: ObjectStore, place: str, keys: str) -> None:
        self._store = store
        self._place = place
        self._keys = keys
        self._pool = ThreadPoolExecutor(AT_ONCE, "publish")
        self._versions: dict[str, tuple[bytes, UpdateVersion]] = {}

    async def read(self, path: str) -> bytes | None:
        """Return the bytes of an object, and remember its version for `swap`."""
        import obstore

        with self._explained():
            try:
                found = await self._run(obstore.get, self._store, path)
                data = bytes(await self._run(found.bytes))
            except FileNotFoundError:
                return None
            self._versions[path] = data, _version(found.meta["e_tag"], found.meta["version"])
            return data

    async def list_paths(self) -> Sequence[str]:
        """List the objects, a thousand with each request."""
        import obstore

        def collect() -> list[str]:
            batches = obstore.list(self._store, chunk_size=_BULK)
            return [each["path"] for batch in batches for each in batch]

        with self._explained():
            return await self._run(collect)

    async def send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        """Put objects with their headers, many at once."""

        async def put(upload: Upload) -> None:
            await self._run(self._put, upload)
            sent(upload.path)

        with self._explained():
            await for_each(uploads, put, AT_ONCE)

    async def copy(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Copy objects within the store; their headers stay."""
        import obstore

        async def copy(pair: tuple[str, str]) -> None:
            try:
                await self._run(obstore.copy, self._store, *pair)
            except FileNotFoundError:
                return

        with self._explained():
            await for_each(pairs, copy, AT_ONCE)

    async def delete(self, paths: Sequence[str]) -> None:
        """Delete objects, many with each request where the store can do that."""
        import obstore

        with self._explained():
            for start in range(0, len(paths), _BULK):
                try:
                    await self._run(obstore.delete, self._store, list(paths[start : start + _BULK]))
                except FileNotFoundError:
                    await for_each(paths[start : start + _BULK], self._delete_one, AT_ONCE)

    async def swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        """Put a small object on the condition that it is as it was read."""
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        known = self._versions.get(path)
        if before is not None and (known is None or known[0] != before):
            if await self.read(path) != before:
                return False
            known = self._versions[path]
        mode: PutMode = known[1] if before is not None and known is not None else "create"
        attributes = {"Content-Type": content_type(path), "Cache-Control": "no-store"}
        put = partial(obstore.put, self._store, path, after, attributes=attributes, mode=mode)
        with self._explained():
            try:
                done = await self._run(put)
            except (AlreadyExistsError, PreconditionError):
                return await self.read(path) == after  # a repeated request, whose first answer was lost
        self._versions[path] = after, _version(done["e_tag"], done["version"])
        return True

    async def commit(self, message: str) -> None:
        """Do nothing: each object is visible at once."""

    def lock(self, holder: str) -> AbstractAsyncContextManager[FileLease]:
        """Hold a lease in an object."""
        return hold_lease(self, holder)

    async def close(self) -> None:
        """End the threads; connections close by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of obstore in a thread.

        Its async functions abort the process now and then, if their threads still report when the interpreter ends.
        """
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(act, *args, **kwargs))

    def _put(self, upload: Upload) -> None:
        import obstore

        attributes = {"Content-Type": upload.content_type}
        if upload.cache_control:
            attributes["Cache-Control"] = upload.cache_control
        if upload.content_encoding:
            attributes["Content-Encoding"] = upload.content_encoding
        obstore.put(self._store, upload.path, upload.read(), attributes=attributes)

    async def _delete_one(self, path: str) -> None:
        import obstore

        try:
            await self._run(obstore.delete, self._store, path)
        except FileNotFoundError:
            return

    @contextmanager
    def _explained(self) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except PublishError:
            raise
        except (BaseError, OSError, ValueError) as reason:
            if _METADATA.search(str(reason)):
                message = (
                    f"There are no keys for {self._place}: the environment has none, and this machine has no role."
                )
                raise refused("target-login", message, f"Set {self._keys} in the environment.") from None
            raise unreachable(self._place, _words(reason)) from None


def _version(e_tag: str | None, version: str | None) -> UpdateVersion:
    """Name a version as the store does: S3 and Azure by its tag, Google by its generation."""
    named: UpdateVersion = {}
    if e_tag:
        named["e_tag"] = e_tag
    if version:
        named["version"] = version
    return named


def _words(reason: BaseException) -> str:
    """Take what the service said out of the library's message."""
    text = str(reason)
    said = _MESSAGE.search(text)
    if said:
        return said[1]
    silent = _SILENCE.search(text)
    return f"{urlsplit(silent[1]).netloc} does not answer" if silent else _DEBUG.sub("", text)
