"""What the preview's tests share: a site of a few posts, the real command serving it, a real Chromium looking at it."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.factories import plain_post, write_files
from tests.guards import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

REPOSITORY = Path(__file__).parents[2]
CONFIG = 'title = "Letters"\nurl = "https://example.org/"\ntimezone = "UTC"\n'
PATIENCE_S = 200.0  # a page is usually there in less than a second, a server in two


FILES = {
    "site.toml": CONFIG,
    "content/posts/2024-01-01-first.md": plain_post("First", "The first of all.", date="2024-01-01"),
    "content/posts/2024-02-02-second.md": plain_post(
        "Second", "\n\n".join(f"Paragraph {n}." for n in range(80)), date="2024-02-02"
    ),
    "content/posts/2024-03-03-idea.md": plain_post("Idea", "Not yet.", date="2024-03-03", draft="true"),
    "content/posts/2099-01-01-later.md": plain_post("Later", "Not before its time.", date="2099-01-01"),
    "content/pages/about.md": plain_post("About", "Who we are."),
    "themes/ours/templates/tags.html": "{% extends '@default/tags.html' %}\n",
    "themes/ours/static/extra.css": "h1 { letter-spacing: 0 }\n",
}


def until(true: Callable[[], Any], what: str = "", patience_s: float = PATIENCE_S) -> Any:
    """Wait until something is true, and give it."""
    return wait_until(true, what, patience_s)


@dataclass
class Preview:
    """A preview that runs in a process of its own. Lines it says are in `lines`."""

    root: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_killed: bool = False
    _queue: queue.Queue[str] = field(default_factory=queue.Queue)

    @property
    def url(self) -> str:
        """Where it is, with the base path."""
        return next(line.split(": ", 1)[1].strip() for line in self.lines if line.startswith("Ready"))

    @property
    def port(self) -> int:
        return int(re.split("[:/]", self.url)[4])

    def get(self, path: str = "", **options: Any) -> httpx.Response:
        return httpx.get(self.url + path, timeout=PATIENCE_S, **options)

    def text(self, path: str = "") -> str:
        return self.get(path).text

    def write(self, path: str, text: str | bytes) -> None:
        write_files(self.root, {path: text})

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def edit(self, path: str, before: str, now: str) -> None:
        text = self.read(path)
        assert before in text
        self.write(path, text.replace(before, now))

    def kill(self) -> None:
        """Kill the process, which cannot end anything then."""
        self.is_killed = True
        self.process.kill()

    def stop(self) -> int:
        """Press Ctrl-C; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()


def helpers(preview: Preview) -> list[int]:
    """List the processes that render for a preview. Another child looks after what Python shares with them."""
    tasks = Path(f"/proc/{preview.process.pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text("ascii").split()]
    return [child for child in children if b"spawn_main" in _command(child)]


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has ended
        return b""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a site of a few posts."""
    return write_files(tmp_path / "site", FILES)


Serve = Callable[..., Preview]


@pytest.fixture
def serve(root: Path) -> Iterator[Serve]:
    """Start a preview: `serve("--no-drafts")`; all are ended after the test, and must end well."""
    started: list[Preview] = []

    def start(
        *words: str, at: Path | None = None, port: int = 0, program: str = "generator", **environment: str
    ) -> Preview:
        site = at or root
        command = [sys.executable, "-m", program, "serve", "--site", str(site), "--port", str(port), *words]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=site.parent,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        )
        preview = Preview(site, process)
        started.append(preview)
        for stream, lines in ((process.stdout, preview.lines), (process.stderr, preview.errors)):
            threading.Thread(target=_take, args=(stream, lines), daemon=True).start()
        until(lambda: process.poll() is not None or "Press Ctrl-C to stop." in "".join(preview.lines[-1:]), "it starts")
        return preview

    yield start
    codes = [preview.stop() for preview in started]
    # Python itself says so in a process whose parent is killed while it starts.
    said = [
        "".join(preview.errors)
        for preview in started
        if not (preview.is_killed and "EOFError: Ran out of input" in "".join(preview.errors))
    ]
    for preview in started:
        for stream in (preview.process.stdout, preview.process.stderr):
            assert stream is not None
            until(partial(getattr, stream, "closed"), "its words are read")
    assert not any("Traceback" in text for text in said), said
    ends = [code for preview, code in zip(started, codes, strict=True) if not preview.is_killed]
    assert all(code in (0, 1, 2) for code in ends), (codes, said)


def _take(stream: Any, lines: list[str]) -> None:
    with stream:
        for line in stream:
            lines.append(line)  # noqa: PERF402 - they are read as they come


@pytest.fixture
def preview(serve: Serve) -> Preview:
    """Give a preview of the site."""
    return serve()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """Give a Chromium for the module: Playwright keeps an event loop running that tests elsewhere must not meet."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield started
        started.close()


@dataclass
class Window:
    """A browser window: `complaints` are the console's, of every page opened in it."""

    context: BrowserContext
    page: Page
    complaints: list[str]

    def see(self, text: str) -> None:
        """Wait until a text stands on the page."""
        self.page.locator("body").get_by_text(text).first.wait_for(timeout=PATIENCE_S * 1000)

    def ask(self, expression: str) -> Any:
        """Evaluate an expression on the page, whichever that is just then."""
        from playwright.sync_api import Error

        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self.page.evaluate(expression)
            except Error as failure:
                if "navigation" not in str(failure) or time.monotonic() > end:
                    raise

    def tool(self, selector: str) -> Any:
        """Find an element of the preview's own."""
        return self.page.locator(f"openletter-preview {selector}")


OpenWindow = Callable[..., Window]


@pytest.fixture
def window(browser: Browser) -> Iterator[OpenWindow]:
    """Open pages: `window(url, width=390)`. No page may complain to the console."""
    complaints: list[str] = []
    with ExitStack() as stack:

        def start(url: str, *, width: int = 1280, height: int = 800, **options: Any) -> Window:
            context = browser.new_context(viewport={"width": width, "height": height}, **options)
            stack.callback(context.close)
            page = context.new_page()
            page.on("console", lambda said: complaints.append(f"{said.type}: {said.text} ({said.location})"))
            page.on("pageerror", lambda fault: complaints.append(str(fault)))
            page.goto(url)
            page.locator("openletter-preview").wait_for(state="attached")
            return Window(context, page, complaints)

        yield start
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> str:
    """Give axe-core's script, which OPENLETTER_AXE names."""
    file = Path(os.environ.get("OPENLETTER_AXE") or os.devnull)
    if not file.is_file():
        reason = "OPENLETTER_AXE does not name axe.min.js (npm install axe-core)"
        if os.environ.get("OPENLETTER_REQUIRE_OUTSIDE") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return file.read_text("utf-8")
