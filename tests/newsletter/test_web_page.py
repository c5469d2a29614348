"""The issue's page is asked for before the issue goes out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from generator.errors import Level
from generator.newsletter.checks.web_page import check_web_page
from tests.guards import HANG_S


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(HANG_S)
        code = int(self.path[1:]) if self.path[1:].isdigit() else 200
        self.send_response(code)
        if code == 301:
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_that_is_there_is_no_problem(host: str) -> None:
    assert check_web_page(f"{host}/200") == ()


@pytest.mark.parametrize("code", [204, 301, 401, 404, 410, 500])
def test_any_other_answer_stops_the_sending(host: str, code: int) -> None:
    (problem,) = check_web_page(f"{host}/{code}")
    assert problem.level is Level.ERROR
    assert str(code) in problem.message


def test_no_answer_in_time_is_a_warning(host: str) -> None:
    start = time.monotonic()
    (problem,) = check_web_page(f"{host}/slow", timeout_s=0.1)
    assert problem.level is Level.WARNING
    assert time.monotonic() - start < HANG_S / 10


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://nowhere.invalid/", "http://127.0.0.1:0/"])
def test_nobody_to_answer_is_a_warning(url: str) -> None:
    (problem,) = check_web_page(url, timeout_s=1)
    assert problem.level is Level.WARNING
