"""`build --fetch-counts`: what is asked of a service, what the site then shows, and what happens if it is away."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator.cli import cli
from tests import factories

Answer = Callable[[str, bytes], tuple[int, bytes]]


class Service:
    """A comment service on loopback: `asked` are the paths and bodies of requests; `answer` makes the answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []
        self.answer: Answer = lambda _path, _body: (404, b"")
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                service.asked.append((self.path, body))
                status, answer = service.answer(self.path, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def write(root: Path, settings: str) -> Path:
    thread = {"mastodon": "77", "discourse": "88"}
    provider = settings.partition('"')[2].partition('"')[0]
    more = {"thread": thread[provider]} if provider in thread else {}
    return factories.write_site(root, {
        "site.toml": factories.config(f"[comments]\n{settings}\n"),
        "posts/2024-01-01-a.md": factories.post("A", id="one", tags=["x"], **more),
        "posts/2024-01-01-a.comments.yaml": "- {id: c, author: Ana, date: 2013-01-02, body: Old}\n",
        "posts/2024-01-02-b.md": factories.post("B", id="two"),
        "posts/2024-01-03-c.md": factories.post("C", id="three", comments=False),
        "posts/2024-01-04-d.md": factories.post("D", id="four", draft=True),
        "posts/2094-01-04-e.md": factories.post("E", id="five"),
        "pages/about.md": factories.post("About", id="six"),
    })  # fmt: skip


def build(root: Path, *words: str) -> Any:
    done = CliRunner().invoke(cli, ["build", "--site", str(root), "--json", *words])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def shown(root: Path, path: str = "index.html") -> list[str]:
    return re.findall(r"[0-9]+ comments?", (root / "output" / path).read_text("utf-8"))


CASES = {
    "isso": ('provider = "isso"', "/count", ["/comments/one/", "/comments/two/"], [3, 0]),
    "remark42": (
        'provider = "remark42"',
        "/api/v1/counts?site=remark",
        ["https://example.org/comments/one/", "https://example.org/comments/two/"],
        [{"url": "https://example.org/comments/one/", "count": 3}, {"url": "https://elsewhere.example/", "count": 9}],
    ),
    "mastodon": ('provider = "mastodon"\naccount = "office"', "/api/v1/statuses/77", None, {"replies_count": 3}),
    "discourse": ('provider = "discourse"', "/t/88.json", None, {"posts_count": 4}),
}


@pytest.mark.parametrize("provider", CASES)
def test_lists_show_the_kept_and_the_new_comments_together(service: Service, tmp_path: Path, provider: str) -> None:
    settings, path, expected, answer = CASES[provider]
    service.answer = lambda _path, _body: (200, json.dumps(answer).encode())
    root = write(tmp_path, f'{settings}\nserver = "{service.url}"')
    build(root)
    assert service.asked == [], "a build asks nobody unless it is told to"
    assert shown(root) == ["1 comment"]
    before = factories.tree(root / "output")
    report = build(root, "--fetch-counts")
    ((asked, body),) = service.asked
    assert asked == path
    assert (json.loads(body) if body else None) == expected
    assert shown(root) == ["4 comments"]
    assert 0 < report["written"] < len(before) / 2, "only what shows a number is made again"
    build(root)
    assert factories.tree(root / "output") == before, "numbers of an earlier build change nothing"


ISSO = 'provider = "isso"\nserver = "{}"'


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"no"),
        (200, b"<html>"),
        (200, b'["3", 1]'),
        (200, b"[1]"),
        (200, b"[-1, 2]"),
        (200, b"[true, 2]"),
        (200, b'{"one": 1}'),
        (200, b"[" + b"1," * 600_000 + b"1]"),
    ],
)
def test_a_wrong_answer_is_a_note_and_the_last_numbers_stay(
    service: Service, tmp_path: Path, answer: tuple[int, bytes]
) -> None:
    root = write(tmp_path, ISSO.format(service.url))
    service.answer = lambda _path, _body: (200, b"[3, 0]")
    build(root, "--fetch-counts")
    service.answer = lambda _path, _body: answer
    report = build(root, "--fetch-counts")
    (problem,) = [each for each in report["problems"] if each["code"] == "comment-counts"]
    assert problem["level"] == "note"
    assert shown(root) == ["4 comments"]


def test_a_service_that_is_away_costs_no_build(tmp_path: Path) -> None:
    root = write(tmp_path, ISSO.format("http://127.0.0.1:9"))
    report = build(root, "--fetch-counts")
    assert [each["code"] for each in report["problems"] if each["code"] == "comment-counts"] == ["comment-counts"]
    assert shown(root) == ["1 comment"]


def test_services_that_do_not_tell_are_not_asked(service: Service, tmp_path: Path) -> None:
    root = write(tmp_path, 'provider = "giscus"\nrepo = "a/b"\nrepo_id = "R"\ncategory_id = "D"')
    assert not [each for each in build(root, "--fetch-counts")["problems"] if each["code"] == "comment-counts"]
    assert service.asked == []


def test_a_damaged_cache_is_made_anew(service: Service, tmp_path: Path) -> None:
    service.answer = lambda _path, _body: (200, b"[3, 0]")
    root = write(tmp_path, ISSO.format(service.url))
    (root / ".openletter").mkdir()
    (root / ".openletter/comment-counts.json").write_bytes(b"\xff{")
    build(root, "--fetch-counts")
    assert json.loads((root / ".openletter/comment-counts.json").read_bytes()) == {"one": 3, "two": 0}
