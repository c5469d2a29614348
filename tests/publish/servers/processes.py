"""Servers on loopback: as ordinary processes, with a log and a wait until they answer, or in a thread."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import HTTPServer
from pathlib import Path
from typing import TypeVar

from tests.conftest import missing
from tests.guards import HANG_S, wait_until

Server = TypeVar("Server", bound=HTTPServer)
SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin:/sbin"


def program(name: str, package: str) -> str:
    """Find a server's program, also among those of the system's administrator."""
    found = shutil.which(name) or shutil.which(name, path=SYSTEM_FOLDERS)
    if found is None:
        missing(f"there is no {name} (apt-get install {package})")
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Run an HTTP server in a thread, and end it."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def running(
    command: list[str], port: int, log: Path, *, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends, which begins when the server listens on its port."""
    with log.open("ab") as into:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=into, stderr=into, cwd=cwd, env=environment
        )
        try:
            wait_until(lambda: listens(port) or process.poll() is not None, f"{command[0]} listens")
            assert process.poll() is None, log.read_text("utf-8", "replace")
            yield process
        finally:
            process.terminate()
            process.wait(HANG_S)
