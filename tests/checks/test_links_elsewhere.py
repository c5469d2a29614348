"""Links to other sites, against servers on loopback: slow, without HEAD, in circles, busy, closed to programs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from generator.checks.check import Checker, Wish
from generator.checks.link_answers import FILE, Answer, ask_or_remember
from generator.checks.link_client import ask_all
from generator.errors import Level, Problem
from tests.checks.conftest import add
from tests.factories import CLOCK, post

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOOD = {"author": "Jo Public", "summary": "Said.", "approved_by": "Al"}


class Site(BaseHTTPRequestHandler):
    """A site in which the path says how the page answers."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[str]] = []
    busy: ClassVar[dict[str, int]] = {}
    now: ClassVar[dict[str, int]] = {}
    most: ClassVar[dict[str, int]] = {}
    lock = threading.Lock()

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        host = self.headers["Host"].partition(":")[0]
        with self.lock:
            self.asked.append(f"{self.command} {self.path}")
            self.now[host] = self.now.get(host, 0) + 1
            self.most[host] = max(self.most.get(host, 0), self.now[host])
        time.sleep(0.02)
        status, headers = self._choose()
        with self.lock:
            self.now[host] -= 1
        self.send_response(status)
        body = b"User-agent: *\nDisallow: /private/\n" if self.path == "/robots.txt" else b""
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _choose(self) -> tuple[int, dict[str, str]]:
        name = self.path.strip("/")
        if name == "nohead":
            return (405 if self.command == "HEAD" else 200), {}
        if name == "slow":
            time.sleep(1.5)
        if name in ("moved", "loop", "there"):
            return {"moved": 301, "loop": 302, "there": 302}[name], {"Location": "/loop" if name == "loop" else "/new"}
        if name == "busy":
            with self.lock:
                self.busy[name] = self.busy.get(name, 0) + 1
            return (429, {"Retry-After": "0"}) if self.busy[name] < 2 else (200, {})
        return {"gone": 404, "broken": 500, "closed": 403, "full": 429}.get(name, 200), {"Retry-After": "0"}

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    for kept in (Site.asked, Site.busy, Site.now, Site.most):
        kept.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_kind_of_answer_is_told_apart(site: str) -> None:
    names = (
        "fine",
        "nohead",
        "gone",
        "broken",
        "closed",
        "loop",
        "moved",
        "there",
        "busy",
        "full",
        "private/x",
        "slow",
    )
    answers = ask_all([f"{site}/{name}" for name in names], NOW, timeout_s=0.5)
    said = {url.removeprefix(f"{site}/"): (a.fault, a.doubtful, bool(a.moved)) for url, a in answers.items()}
    assert said == {
        "fine": ("", False, False),
        "nohead": ("", False, False),
        "gone": ("HTTP status 404", False, False),
        "broken": ("HTTP status 500", False, False),
        "closed": ("", False, False),
        "loop": ("it leads in a circle", False, False),
        "moved": ("", False, True),
        "there": ("", False, False),
        "busy": ("", False, False),
        "full": ("HTTP status 429", True, False),
        "private/x": ("the site asks programs not to look", True, False),
        "slow": ("no answer in time", True, False),
    }
    assert answers[f"{site}/moved"].moved == f"{site}/new"
    assert Site.asked.count("HEAD /fine") == 1
    assert not {each for each in Site.asked if each in ("GET /fine", "HEAD /private/x", "GET /private/x")}


def test_a_host_gets_one_request_at_a_time_and_hosts_are_asked_together(site: str) -> None:
    other = site.replace("127.0.0.1", "localhost")
    answers = ask_all([f"{base}/p{n}" for n in range(4) for base in (site, other)], NOW)
    assert {answer.fault for answer in answers.values()} == {""}
    assert Site.most == {"127.0.0.1": 1, "localhost": 1}


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://no-such-host.invalid/", "http://a..b/"])
def test_what_cannot_be_reached_is_a_fault_and_never_a_traceback(url: str) -> None:
    assert ask_all([url], NOW, timeout_s=2)[url].fault


def test_without_a_connection_one_warning_says_so_and_nothing_is_kept(sound: Path, site: str) -> None:
    closed = ("http://127.0.0.1:9/a", "http://127.0.0.2:9/b", "http://localhost:9/c", "http://localhost:9/d")
    add(sound, {"posts/2026-03-05-far.md": post("Far", " ".join(f"[X]({url})" for url in closed), **GOOD)})
    for _ in range(2):
        (said,) = found(sound, external=True)
        assert (said.code, said.level) == ("links-not-checked", Level.WARNING)
        assert "4 links could not be checked" in said.message
    answering = (*closed, f"{site}/fine")
    add(sound, {"posts/2026-03-05-far.md": post("Far", " ".join(f"[X]({url})" for url in answering), **GOOD)})
    assert [each.code for each in found(sound, external=True)] == ["dead-link-elsewhere"] * 4


def test_answers_are_kept_and_asked_again_when_old(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(urls: Iterator[str]) -> dict[str, Answer]:
        found = {url: Answer(moment, "HTTP status 404" if url == "b" else "") for url in urls}
        asked.extend(found)
        return found

    moment = NOW
    for later, expected in ((0, ["a", "b"]), (1, []), (13, ["b"]), (24 * 7 - 1, ["b"]), (24 * 7, ["a"])):
        moment = NOW + timedelta(hours=later)
        asked.clear()
        ask_or_remember(["a", "b"], tmp_path, moment, ask)  # type: ignore[arg-type]
        assert asked == expected
    (tmp_path / FILE).write_bytes(b"\x00")
    asked.clear()
    ask_or_remember(["a"], tmp_path, moment, ask)  # type: ignore[arg-type]
    assert asked == ["a"]


def found(root: Path, *, external: bool) -> tuple[Problem, ...]:
    return Checker(root, CLOCK).check(wish=Wish(external=external)).problems


def test_a_check_names_the_line_of_each_link_and_a_build_never_asks(sound: Path, site: str) -> None:
    text = f"[A]({site}/gone) and\n\n[B]({site}/gone#part)\n\n[C]({site}/fine) [D]({site}/moved)"
    add(sound, {"posts/2026-03-05-far.md": post("Far", text, **GOOD)})
    assert found(sound, external=False) == ()
    assert Site.asked == []
    said = found(sound, external=True)
    assert [(each.code, each.line, each.level) for each in said] == [
        ("dead-link-elsewhere", 7, Level.WARNING),
        ("dead-link-elsewhere", 9, Level.WARNING),
        ("link-moved", 11, Level.NOTE),
    ]
    assert "Asked on 22 November 2026" in said[0].hint
    before = len(Site.asked)
    assert found(sound, external=True) == said
    assert len(Site.asked) == before
