"""A real IMAP server on loopback (pymap), behind TLS from the first byte as `imaps:` wants it."""

from __future__ import annotations

import imaplib
import importlib.util
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conftest import missing

USER, PASSWORD = "office@example.org", "open sesame"


@contextmanager
def imap_server(messages: Iterable[bytes], tls: ssl.SSLContext) -> Iterator[int]:
    """Serve messages in INBOX; gives the port for TLS."""
    if importlib.util.find_spec("pymap") is None:
        missing("the IMAP server pymap is not installed")
    program = shutil.which("pymap", path=str(Path(sys.executable).parent)) or "pymap"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    account = ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    command = [program, "--no-service", "admin", "--host", "127.0.0.1", "--port", str(port), "--no-tls", *account]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = _connect(port)
        client.login(USER, PASSWORD)
        client.create("Leaving")
        for message in messages:
            client.append("Leaving", "", "", message)
        client.logout()
        with _tls_in_front(port, tls) as secured:
            yield secured
    finally:
        process.terminate()
        process.wait()


def _connect(port: int) -> imaplib.IMAP4:
    for _ in range(300):
        with suppress(OSError):
            return imaplib.IMAP4("127.0.0.1", port)
        time.sleep(0.1)
    raise AssertionError("the IMAP server did not start")


@contextmanager
def _tls_in_front(port: int, tls: ssl.SSLContext) -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listening.accept()
                try:
                    front = tls.wrap_socket(plain, server_side=True)
                except ssl.SSLError:
                    plain.close()
                    continue
                back = socket.create_connection(("127.0.0.1", port))
                for one, other in ((front, back), (back, front)):
                    threading.Thread(target=_copy, args=(one, other), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
    source.close()
