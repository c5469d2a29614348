"""A stand-in for Google Cloud Storage on loopback, as far as obstore asks it.

No emulator of the package registries speaks the XML API, which obstore uses.
Source: cloud.google.com/storage/docs/xml-api
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

_KEPT = ("Content-Type", "Cache-Control", "Content-Encoding")


@dataclass(frozen=True)
class StoredObject:
    """An object, with its generation and its headers."""

    data: bytes
    generation: int
    headers: dict[str, str]


class GcsServer(ThreadingHTTPServer):
    """Keeps objects by bucket and name."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stored: dict[str, StoredObject] = {}
        self.guard = threading.Lock()
        self.generations = count(1)
        self._number = count()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def new_bucket(self) -> str:
        return f"letters-{next(self._number)}"

    def objects(self, bucket: str) -> dict[str, StoredObject]:
        with self.guard:
            return {
                name.removeprefix(f"{bucket}/"): each
                for name, each in self.stored.items()
                if name.startswith(f"{bucket}/")
            }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: GcsServer

    def log_message(self, format: str, *args: object) -> None:
        return

    @property
    def name(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/")

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        source, wanted = self.headers.get("x-goog-copy-source"), self.headers.get("x-goog-if-generation-match")
        with self.server.guard:
            old = self.server.stored.get(self.name)
            copied = self.server.stored.get(unquote(source).removeprefix("/")) if source else None
            if wanted is not None and int(wanted) != (old.generation if old else 0):
                return self._answer(412)
            if source and copied is None:
                return self._answer(404)
            headers = {name: self.headers[name] for name in _KEPT if name in self.headers}
            new = StoredObject(
                copied.data if copied else data,
                next(self.server.generations),
                copied.headers if copied else headers,
            )
            self.server.stored[self.name] = new
        return self._answer(200, new)

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            return self._list(query.get("prefix", [""])[0])
        with self.server.guard:
            found = self.server.stored.get(self.name)
        return self._answer(200 if found else 404, found, found.data if found else b"")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        with self.server.guard:
            found = self.server.stored.pop(self.name, None)
        self._answer(204 if found else 404)

    def _list(self, prefix: str) -> None:
        entries = "".join(
            f"<Contents><Key>{escape(name)}</Key><Size>{len(each.data)}</Size><ETag>x</ETag>"
            f"<Generation>{each.generation}</Generation><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>"
            for name, each in sorted(self.server.objects(self.name.strip("/")).items())
            if name.startswith(prefix)
        )
        body = f"<?xml version='1.0'?><ListBucketResult>{entries}</ListBucketResult>"
        self._answer(200, None, body.encode())

    def _answer(self, status: int, stored: StoredObject | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        if stored:
            self.send_header("ETag", f'"{md5(stored.data, usedforsecurity=False).hexdigest()}"')
            self.send_header("x-goog-generation", str(stored.generation))
            self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
            for name, value in stored.headers.items():
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def service_account(port: int) -> str:
    """Write the key of a service account whose storage is at a port of this machine."""
    key = {"gcs_base_url": f"http://127.0.0.1:{port}", "disable_oauth": True}
    return json.dumps(key | {"client_email": "", "private_key": "", "private_key_id": ""})


@contextmanager
def gcs_server() -> Iterator[GcsServer]:
    """Run the stand-in, and name it in the environment as an account does its key."""
    with GcsServer() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOOGLE_SERVICE_ACCOUNT_KEY", service_account(server.port))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
