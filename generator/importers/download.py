"""Fetch files of the old site: politely, bounded, and only from public addresses.

Each host is resolved once and the connection goes to the address that was checked, so a name that changes its address
in between (DNS rebinding) leads nowhere. Redirects are checked the same way. Files are kept below `.openletter`, so a
second run continues where the first one ended.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, urljoin, urlsplit

from generator import __version__
from generator.digest import digest_bytes
from generator.importers.import_model import ImportLog, Note, Topic

FOLDER = ".openletter/downloads"
MAX_FILE_BYTES = 100_000_000
MAX_TOTAL_BYTES = 20_000_000_000
MAX_SECONDS = 120.0
MAX_REDIRECTS = 5
PAUSE_S = 0.2
_TIMEOUT_S = 20.0
_KINDS = ("image/", "audio/", "video/", "application/pdf", "application/zip", "application/octet-stream")
_SAFE = "/-._~!$&'()*+,;=:@%?"


class FetchError(Exception):
    """A file cannot be fetched; its message says why."""


def public_address(host: str, port: int) -> str:
    """Resolve a host to an address on the public network. Raises: FetchError if any of its addresses is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise FetchError("Its host was not found.") from fault
    addresses = [str(row[4][0]).partition("%")[0] for row in found]
    for address in addresses:
        ip = ipaddress.ip_address(address)
        mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
        if not (ip.is_global and mapped.is_global) or ip.is_multicast or ip.is_reserved:
            raise FetchError("Its host is in a private network.")
    if not addresses:
        raise FetchError("Its host was not found.")
    return addresses[0]


def any_address(host: str, port: int) -> str:
    """Resolve a host, also in a private network. Raises: FetchError if it does not exist."""
    try:
        return str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError) as fault:
        raise FetchError("Its host was not found.") from fault


@dataclass(slots=True)
class Downloads:
    """The files fetched for a site.

    `resolve` checks a host and returns the address to connect to, `resolve_first` that of an address before redirects.
    `kinds` are the beginnings of the types that are accepted.
    """

    root: Path
    log: ImportLog
    resolve: Callable[[str, int], str] = public_address
    resolve_first: Callable[[str, int], str] = public_address
    kinds: tuple[str, ...] = _KINDS
    pause_s: float = PAUSE_S
    _asked: dict[str, Path | None] = field(default_factory=dict)
    _total: int = 0
    _last: float = 0.0

    def __enter__(self) -> Downloads:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._asked.clear()

    def fetch(self, url: str) -> Path | None:
        """Return the file at an address, fetched now or before; None with a note if that fails."""
        url = f"https:{url}" if url.startswith("//") else url
        if url not in self._asked:
            try:
                self._asked[url] = self._get(url)
            except (FetchError, OSError, http.client.HTTPException, ValueError) as fault:
                why = str(fault) if isinstance(fault, FetchError) else "The connection failed."
                self.log.notes.append(Note(Topic.MISSING_FILE, f"`{url[:300]}` was not downloaded. {why}", ""))
                self._asked[url] = None
        return self._asked[url]

    def _get(self, url: str) -> Path:
        folder = self.root / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        suffix = Path(urlsplit(url).path).suffix.lower()
        name = digest_bytes(url.encode()) + (suffix if suffix[1:].isalnum() and len(suffix) < 7 else "")
        file, part = folder / name, folder / f"{name}.part"
        if not file.is_file():
            if self._total > MAX_TOTAL_BYTES:
                raise FetchError("All downloads together are too large.")
            self.save(url, part)
            part.replace(file)
        return file

    def save(self, url: str, part: Path) -> None:
        """Fetch an address into a file, and continue it if it is there. Raises: FetchError, OSError, HTTPException."""
        end, resolve = time.monotonic() + MAX_SECONDS, self.resolve_first
        for _ in range(MAX_REDIRECTS + 1):
            target = self._ask(url, part, end, resolve)
            if not target:
                return
            url, resolve = urljoin(url, target), self.resolve
        raise FetchError("It redirects too often.")

    def _ask(self, url: str, part: Path, end: float, resolve: Callable[[str, int], str]) -> str:
        """Ask for an address once; return where it redirects to, "" if the file is there."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise FetchError("It is not an address on the web.")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = resolve(parts.hostname, port)
        time.sleep(max(0.0, self._last + self.pause_s - time.monotonic()))
        with closing(_connect(parts.scheme, parts.hostname, address, port)) as connection:
            size = part.stat().st_size if part.is_file() else 0
            target = quote(parts.path or "/", safe=_SAFE) + (
                f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
            )
            headers = {"User-Agent": f"openletter/{__version__} (moves a blog)", "Accept-Encoding": "identity"}
            headers |= {"Range": f"bytes={size}-"} if size else {}
            connection.request("GET", target, headers=headers)
            answer = connection.getresponse()
            self._last = time.monotonic()
            if answer.status in (301, 302, 303, 307, 308):
                return answer.getheader("Location") or ""
            self._save(answer, part, end)
        return ""

    def _save(self, answer: http.client.HTTPResponse, part: Path, end: float) -> None:
        if answer.status == 416:
            part.unlink()
            raise FetchError("It changed while it was fetched. Run the import again.")
        if answer.status not in (200, 206):
            raise FetchError(f"The server answered {answer.status}.")
        kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        if not kind.startswith(self.kinds):
            raise FetchError(f"The server sent another kind of file: {kind[:60] or 'unknown'}.")
        size = part.stat().st_size if answer.status == 206 and part.is_file() else 0
        with part.open("ab" if answer.status == 206 else "wb") as copy:
            while data := answer.read(1 << 16):
                size += len(data)
                self._total += len(data)
                if size > MAX_FILE_BYTES:
                    raise FetchError(f"It is larger than {MAX_FILE_BYTES // 1_000_000} MB.")
                if time.monotonic() > end:
                    raise FetchError("It took too long. Run the import again to continue.")
                copy.write(data)
        if answer.length:
            raise FetchError("The connection broke off. Run the import again to continue.")


def _connect(scheme: str, host: str, address: str, port: int) -> http.client.HTTPConnection:
    """Connect to an address that was checked, under the name of its host."""
    raw = socket.create_connection((address, port), timeout=_TIMEOUT_S)
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
    if scheme == "https":
        raw = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    connection.sock = raw
    return connection
