"""A real Isso server on loopback, with its own database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import missing

START_S = 60


@dataclass
class IssoServer:
    """A running server: its address, and the file of its database."""

    url: str
    database: Path


@contextmanager
def isso_server(folder: Path, site_url: str) -> Iterator[IssoServer]:
    """Run Isso for the site at `site_url` until the block ends. The program is the one that OPENLETTER_ISSO names."""
    program = os.environ.get("OPENLETTER_ISSO") or shutil.which("isso")
    if not program or not Path(program).is_file():
        missing("OPENLETTER_ISSO does not name the program isso (pip install isso)")
    url, database = f"http://127.0.0.1:{_free_port()}", folder / "comments.db"
    settings = folder / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {database}\nhost = {site_url}\n[server]\nlisten = {url}\n[guard]\nenabled = false\n",
        encoding="utf-8",
    )
    with (folder / "isso.log").open("wb") as log:
        process = subprocess.Popen([program, "-c", settings, "run"], stdout=log, stderr=log, cwd=folder)
        try:
            _wait_for(url, process)
            yield IssoServer(url, database)
        finally:
            process.terminate()
            process.wait(START_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/js/embed.min.js", timeout=START_S).close()  # noqa: S310 loopback
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError(f"Isso did not start (exit code {process.poll()})")
