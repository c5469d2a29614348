"""A draft at a mail service, against stand-ins made from the services' published API; nothing is ever sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import Result

from generator.newsletter.export.services import SERVICES as TAGS
from tests.newsletter.commands import run_command
from tests.newsletter.site_with_issue import make_site_with_issue

KEYS = {"listmonk": "office:secret", "mailchimp": "abc-us21", "brevo": "xkeysib-abc", "buttondown": "bd-4f6c0d2a"}
LISTS = {"listmonk": ("3", "4"), "mailchimp": ("a1b2c3",), "brevo": ("7",), "buttondown": ()}
PATHS = {"listmonk": "api/campaigns", "mailchimp": "campaigns", "brevo": "emailCampaigns", "buttondown": "emails"}


class StandIn:
    """One account of all four services. `campaigns` by id; `heard` are the requests: method, path, headers, body."""

    def __init__(self) -> None:
        self.campaigns: dict[str, dict[str, Any]] = {}
        self.heard: list[tuple[str, str, dict[str, str], Any]] = []
        self.reply: tuple[int, str] | None = None

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, str]:
        if self.reply:
            return self.reply
        service = next(name for name in KEYS if path.startswith(f"/{PATHS[name]}"))
        rest = path.removeprefix(f"/{PATHS[service]}").strip("/").split("/")
        draft = "save" if service == "mailchimp" else "draft"
        if method == "GET":
            assert query["status"] == [draft]
            results = list(self.campaigns.values())
            found = {"listmonk": {"data": {"results": results}}, "buttondown": {"results": results}}
            return 200, json.dumps(found.get(service, {"campaigns": results}))
        if method == "POST":
            new = {"id": str(len(self.campaigns) + 1), **body, "status": draft}
            self.campaigns[new["id"]] = new
            return 201, json.dumps({"data": new} if service == "listmonk" else new)
        self.campaigns[rest[0]] |= body
        return (204, "") if service == "brevo" else (200, "{}")


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[list[StandIn], str]]:
    current: list[StandIn] = [StandIn()]

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.loads(data) if data else None
            parts = urlsplit(self.path)
            current[0].heard.append((self.command, parts.path, dict(self.headers), body))
            status, text = current[0].answer(self.command, parts.path, parse_qs(parts.query), body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_PATCH = handle_any  # noqa: N815 - the names are the library's

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield current, f"http://127.0.0.1:{listening.server_address[1]}"
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def account(server: tuple[list[StandIn], str], monkeypatch: pytest.MonkeyPatch) -> tuple[StandIn, str]:
    for name, key in KEYS.items():
        monkeypatch.setenv(f"OPENLETTER_{name.upper()}_KEY", key)
    server[0][0] = StandIn()
    return server[0][0], server[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site_with_issue(tmp_path_factory.mktemp("site"))


def push(site: Path, service: str, url: str, lists: tuple[str, ...] | None = None) -> Result:
    named = [word for each in (LISTS[service] if lists is None else lists) for word in ("--list", each)]
    return run_command(site, "newsletter", "push", service, "june", "--url", url, *named)


@pytest.mark.parametrize("service", KEYS)
def test_a_draft_is_made_once_and_then_updated_and_never_sent(
    site: Path, account: tuple[StandIn, str], service: str
) -> None:
    stand_in, url = account
    done = push(site, service, url)
    assert done.stdout == f"Made the draft 1 at {service}. Nothing was sent: check and send it there.\n", done.output
    assert push(site, service, url).stdout.startswith("Updated the draft 1 at ")
    (campaign,) = stand_in.campaigns.values()
    words = json.dumps(campaign)
    for part in ("June news: the lift is mended", "It moves."):
        assert part in words
    assert TAGS[service].unsubscribe in words
    assert campaign["status"] == ("save" if service == "mailchimp" else "draft")
    for method, path, headers, _ in stand_in.heard:
        assert method in ("GET", "POST", "PUT", "PATCH")
        assert not any(word in path for word in ("send", "schedule", "actions", "status"))
        if service in ("listmonk", "mailchimp"):
            assert headers["Authorization"].startswith("Basic ")
        else:
            assert KEYS[service] in (headers.get("Api-Key") or headers.get("api-key") or headers["Authorization"])


@pytest.mark.parametrize("service", KEYS)
def test_a_campaign_that_is_sent_is_left_alone(site: Path, account: tuple[StandIn, str], service: str) -> None:
    stand_in, url = account
    push(site, service, url)
    stand_in.campaigns["1"]["status"] = "sent"
    before = json.dumps(stand_in.campaigns["1"])
    assert push(site, service, url).stdout.startswith("Made the draft 2 at ")
    assert json.dumps(stand_in.campaigns["1"]) == before


REPLIES = [
    (401, '{"message": "bad key"}'),
    (403, "no"),
    (500, "oops"),
    (302, ""),
    (200, "[]"),
    (200, "no JSON"),
    (429, ""),
]


@pytest.mark.parametrize("reply", REPLIES)
def test_a_refusal_is_a_message(site: Path, account: tuple[StandIn, str], reply: tuple[int, str]) -> None:
    stand_in, url = account
    stand_in.reply = reply
    for service, key in KEYS.items():
        done = push(site, service, url)
        assert done.exit_code == 3, done.output
        assert f"The draft was not made at {service}: " in done.stderr
        assert "[mail-push]" in done.stderr
        assert key not in done.output


def test_what_is_missing_is_a_message(
    site: Path, account: tuple[StandIn, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = account[1]
    assert "the numbers of the lists" in push(site, "listmonk", url, ()).stderr
    assert "the numbers of the lists" in push(site, "brevo", url, ("staff",)).stderr
    assert "the id of one audience" in push(site, "mailchimp", url, ()).stderr
    assert "listmonk needs its address" in push(site, "listmonk", "").stderr
    assert "does not reply" in push(site, "brevo", "http://127.0.0.1:9").stderr
    monkeypatch.setenv("OPENLETTER_MAILCHIMP_KEY", "abc")
    assert "not a Mailchimp key" in push(site, "mailchimp", url).stderr
    monkeypatch.delenv("OPENLETTER_BREVO_KEY")
    assert "set OPENLETTER_BREVO_KEY" in push(site, "brevo", url).stderr
    assert account[0].campaigns == {}
