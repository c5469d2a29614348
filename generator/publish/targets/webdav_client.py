"""Requests to a WebDAV server, and what its answers mean. Source: RFC 4918."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from generator.config.targets.webdav import WebdavOptions
from generator.errors import PublishError
from generator.publish.target import refused, unreachable
from generator.publish.targets import missing_library

if TYPE_CHECKING:
    import httpx

VARIABLE = "OPENLETTER_WEBDAV_PASSWORD"
"""The environment variable with the password."""
MISSING = (404, 410)
_TIMEOUT_S = 60.0
_DAV = "{DAV:}"
_LIST = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>'
_LOCK = (
    b'<?xml version="1.0"?><lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope>'
    b"<locktype><write/></locktype></lockinfo>"
)


class DavLock(Struct, frozen=True):
    """A lock that the server keeps for us on one file; `is_new` if the file was not there before."""

    token: str
    is_new: bool


class WebdavClient:
    """Sends requests for paths of the site, and turns failures into PublishError."""

    def __init__(self, options: WebdavOptions, at_once: int) -> None:
        self._options = options
        self._at_once = at_once
        self._client: httpx.AsyncClient | None = None
        self._locks: bool | None = None

    def url(self, path: str) -> str:
        """Return the address of a file, or of a folder if the path ends with a slash."""
        return self._options.address + quote(path)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        data: bytes = b"",
        headers: Mapping[str, str] | None = None,
        allowed: tuple[int, ...] = (),
    ) -> httpx.Response:
        """Send a request; the answer is a success or one of the `allowed` statuses. Raises: PublishError."""
        client = self._open()
        import httpx

        try:
            response = await client.request(method, self.url(path), content=data, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as reason:
            raise unreachable(self._options.place, str(reason) or type(reason).__name__) from reason
        if response.is_success or response.status_code in allowed:
            return response
        raise self._refusal(response, path)

    async def children(self, folder: str) -> tuple[list[str], list[str]]:
        """Return the paths of the files and of the folders in a folder; nothing if it is not there."""
        path = f"{folder}/" if folder else ""
        headers = {"Depth": "1", "Content-Type": "application/xml"}
        response = await self.ask("PROPFIND", path, data=_LIST, headers=headers, allowed=MISSING)
        if response.status_code in MISSING:
            return [], []
        files: list[str] = []
        folders: list[str] = []
        for child, is_folder in self._parsed(response.content):
            if child.startswith(path) and child.strip("/") != folder:
                (folders if is_folder else files).append(child.strip("/"))
        return files, folders

    async def has_folder(self, folder: str) -> bool:
        """Return whether a folder is there. Apache refuses to make one that another publisher makes at the moment."""
        headers = {"Depth": "0", "Content-Type": "application/xml"}
        path = f"{folder}/" if folder else ""
        response = await self.ask("PROPFIND", path, data=_LIST, headers=headers, allowed=(403, *MISSING))
        return response.is_success

    async def has_locks(self) -> bool:
        """Return whether the server can lock a file."""
        if self._locks is None:
            response = await self.ask("OPTIONS", "", allowed=(404, 405, 501))
            classes = response.headers.get("DAV", "").split(",")
            self._locks = "2" in [name.strip() for name in classes]
        return self._locks

    async def lock(self, path: str, seconds: int) -> DavLock | None:
        """Lock a file for us alone; return None if somebody else has locked it."""
        headers = {"Timeout": f"Second-{seconds}", "Depth": "0", "Content-Type": "application/xml"}
        response = await self.ask("LOCK", path, data=_LOCK, headers=headers, allowed=(409, 423))
        if response.status_code == 423:
            return None
        if response.status_code == 409:
            raise self._refusal(response, path)
        return DavLock(response.headers.get("Lock-Token", ""), response.status_code == 201)

    async def unlock(self, path: str, lock: DavLock) -> None:
        """Give a lock back; one that has ended is fine."""
        await self.ask("UNLOCK", path, headers={"Lock-Token": lock.token}, allowed=(400, 404, 409, 412))

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _open(self) -> httpx.AsyncClient:
        try:
            import httpx
        except ImportError:
            raise missing_library("webdav") from None
        if self._client is None:
            password = os.environ.get(VARIABLE)
            auth = httpx.BasicAuth(self._options.user, password) if self._options.user and password else None
            limits = httpx.Limits(max_connections=self._at_once, max_keepalive_connections=self._at_once)
            headers = {"Accept-Encoding": "identity", "Cache-Control": "no-cache", "User-Agent": "openletter"}
            self._client = httpx.AsyncClient(auth=auth, limits=limits, timeout=_TIMEOUT_S, headers=headers)
        return self._client

    def _parsed(self, answer: bytes) -> list[tuple[str, bool]]:
        """Return the paths in an answer to PROPFIND, each with whether it is a folder."""
        from lxml import etree

        top = unquote(urlsplit(self._options.address).path)
        try:
            tree = etree.fromstring(answer, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError as reason:
            raise unreachable(self._options.place, "its list of files is not valid XML") from reason
        found = []
        for entry in tree.iter(f"{_DAV}response"):
            path = unquote(urlsplit(entry.findtext(f"{_DAV}href") or "").path)
            if path.startswith(top):
                found.append((path[len(top) :], entry.find(f".//{_DAV}collection") is not None))
        return found

    def _refusal(self, response: httpx.Response, path: str) -> PublishError:
        """Make the error for an answer that is no success."""
        status, place = response.status_code, self._options.place
        if status == 401:
            message = f"{place} refused the login{f' of {self._options.user}' if self._options.user else ''}."
            return refused("target-login", message, f"Check user in site.toml, and the password in {VARIABLE}.")
        if status in (403, 423):
            message = f'The login may not change "{path}" at {place}{", which is locked" * (status == 423)}.'
            return refused("target-refused", message, "Let that user write there, or end the program that locked it.")
        if status in (413, 507):
            message = f'There is no space for "{path}" at {place}.'
            return refused("target-full", message, "Free some space there, then publish again.")
        if response.is_redirect:
            leads = response.headers.get("Location", "")
            return refused("target-refused", f"{place} leads to {leads}.", f'Write address = "{leads}" in site.toml.')
        if status in (404, 405, 501):
            message = f"There is no WebDAV folder at {place}: the server answered {status}."
            return refused("target-refused", message, "Correct address in site.toml.")
        return unreachable(place, f'the server answered {status} {response.reason_phrase} for "{path}"')
