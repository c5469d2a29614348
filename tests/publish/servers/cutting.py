"""A relay on loopback that cuts its connections after a number of bytes sent to the server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class CuttingRelay:
    """Passes bytes to a server. `allow(n)` lets that many through in all, then every connection is reset."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._left: int | None = None
        self.passed = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def allow(self, size_bytes: int | None) -> None:
        """Let so many bytes pass to the server from now on; None for all."""
        with self._guard:
            self._left, self.passed = size_bytes, 0

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        self._cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._server_port))
            except OSError:
                client.close()
                continue
            for each in (client, server):  # without it, each answer waits for 40 ms
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._guard:
                self._open |= {client, server}
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, to: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                whole = self._count(data) if counted else data
                to.sendall(whole)
                if len(whole) < len(data):
                    self._cut()
        for each in (source, to):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _count(self, data: bytes) -> bytes:
        with self._guard:
            self.passed += len(data)
            if self._left is None:
                return data
            data = data[: self._left]
            self._left -= len(data)
            return data

    def _cut(self) -> None:
        with self._guard:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
            self._open.clear()


@contextmanager
def cutting_relay(server_port: int) -> Iterator[CuttingRelay]:
    relay = CuttingRelay(server_port)
    try:
        yield relay
    finally:
        relay.close()
