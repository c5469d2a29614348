"""How long a saved post takes to be served, and to be on the screen of a Chromium that shows it."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import wait_until_quiet
from benchmarks.preview_servers import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

POLL_S = 0.002
PAUSE_S = 0.7
PATIENCE_S = 90.0
SEEN = """
let last = "";
const look = () => {
  const found = document.querySelector("main")?.textContent.match(/token-\\d+-x/g)?.at(-1);
  if (found && found !== last) {
    last = found;
    setTimeout(() => window.seen(found, performance.timeOrigin + performance.now())); // after this frame is painted
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


class LateError(Exception):
    """A change did not come within the patience of a person."""


@contextmanager
def running(server: Server, site: Path, port: int, page: str, log: Path) -> Iterator[float]:
    """Run a server; gives the seconds until it first answered for a page. It is ended with all its processes."""
    begun = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            server.command(site, port),
            cwd=server.folder or site,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        while not _has(port, page, ""):
            if process.poll() is not None or time.perf_counter() - begun > 300:
                raise LateError(f"{server.title} does not answer: {log.read_text('utf-8', 'replace')[-800:]}")
            time.sleep(0.02)
        yield time.perf_counter() - begun
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def served(posts: Sequence[tuple[Path, str]], port: int, edits: int) -> list[float]:
    """Save one post after the other and ask for it until it has changed: seconds from before the save."""
    times = []
    for number in range(edits):
        file, slug = posts[(number * 7919 + 13) % len(posts)]
        text, token = file.read_text("utf-8"), f"token-{number}-x"
        _rest()
        begun = time.perf_counter()
        file.write_text(f"{text}\n\n{token}\n", "utf-8")
        while not _has(port, f"/posts/{slug}/", token):
            if time.perf_counter() - begun > PATIENCE_S:
                raise LateError(f"{slug} did not change")
            time.sleep(POLL_S)
        times.append(time.perf_counter() - begun)
    return times


def repainted(file: Path, slug: str, port: int, edits: int) -> list[float]:
    """Save the post that a browser shows and wait until it has painted the change: seconds from before the save."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    painted: dict[str, float] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context()
        context.expose_function("seen", lambda token, at: painted.setdefault(token, at / 1000))
        context.add_init_script(SEEN)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/posts/{slug}/")
        page.wait_for_timeout(1500)
        text = file.read_text("utf-8")
        times = [_repaint(page, file, text, f"token-{1000 + number}-x", painted) for number in range(edits)]
        browser.close()
    return times


def _repaint(page: Page, file: Path, text: str, token: str, painted: dict[str, float]) -> float:
    page.wait_for_timeout(PAUSE_S * 1000)
    wait_until_quiet(5.0)
    begun = time.time()
    file.write_text(f"{text}\n\n{token}\n", "utf-8")
    while token not in painted:
        if time.time() - begun > PATIENCE_S:
            raise LateError("the browser did not show it")
        page.wait_for_timeout(5)
    return painted[token] - begun


def _rest() -> None:
    time.sleep(PAUSE_S)
    wait_until_quiet(5.0)


def _has(port: int, page: str, token: str) -> bool:
    """Ask for a page once; whether it is there with a token in it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", page)
        answer = connection.getresponse()
        return answer.status == 200 and token.encode() in answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
