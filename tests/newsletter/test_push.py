"""A draft at a mail service, against stand-ins made from the services' published API; nothing is ever sent."""

from __future__ import annotations

import base64
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


_BREVO = {
    "tag", "sender", "name", "htmlContent", "htmlUrl", "templateId", "scheduledAt", "subject", "previewText", "replyTo",
    "toField", "recipients", "attachmentUrl", "inlineImageActivation", "mirrorActive", "footer", "header",
    "utmCampaign", "params", "sendAtBestTime", "abTesting", "unsubscriptionPageId", "updateFormId",
}  # fmt: skip
_LISTMONK = {
    "name", "subject", "lists", "from_email", "type", "content_type", "body", "altbody", "send_at", "messenger",
    "template_id", "tags", "headers",
}  # fmt: skip
_BUTTONDOWN = {
    "subject", "body", "status", "description", "slug", "canonical_url", "image", "metadata", "publish_date",
    "template", "attachments", "related_email_ids", "featured", "email_type", "filters", "commenting_mode",
    "archival_mode", "should_trigger_pay_per_email_billing",
}  # fmt: skip
_MAILCHIMP_SETTINGS = {
    "subject_line", "preview_text", "title", "from_name", "reply_to", "use_conversation", "to_name", "folder_id",
    "authenticate", "auto_footer", "inline_css", "auto_tweet", "auto_fb_post", "fb_comments", "template_id",
}  # fmt: skip
_MAILCHIMP_MORE = {"recipients", "settings", "variate_settings", "tracking", "rss_opts", "social_card"}
FIELDS: dict[tuple[str, str], tuple[set[str], set[str]]] = {
    ("listmonk", "POST"): (_LISTMONK, {"name", "subject", "lists", "type", "content_type", "body"}),
    ("listmonk", "PUT"): (_LISTMONK, {"name", "subject", "lists", "type", "content_type", "body"}),
    ("mailchimp", "POST"): (_MAILCHIMP_MORE | {"type", "content_type"}, {"type"}),
    ("mailchimp", "PATCH"): (_MAILCHIMP_MORE, {"settings"}),
    ("mailchimp", "PUT"): ({"archive", "template", "plain_text", "html", "url", "variate_contents"}, {"html"}),
    ("brevo", "POST"): (_BREVO, {"name", "sender", "subject", "htmlContent"}),
    ("brevo", "PUT"): (_BREVO - {"templateId"}, set()),
    ("buttondown", "POST"): (_BUTTONDOWN, {"subject", "body", "status"}),
    ("buttondown", "PATCH"): (_BUTTONDOWN, set()),
}
"""Service and method → the fields that its documentation names, and those that a draft must have.

Source: the pages that generator/newsletter/export/push.py names. Buttondown's `status` is optional there, and means to
send at once.
"""
QUERIES = {
    "listmonk": {"order", "order_by", "query", "status", "tags", "page", "per_page"},
    "mailchimp": {"count", "offset", "type", "status", "list_id", "sort_field", "sort_dir", "fields"},
    "brevo": {"type", "status", "statistics", "startDate", "endDate", "limit", "offset", "sort"},
    "buttondown": {"status", "page", "ordering"},
}
LARGEST = {"brevo": ("limit", 100), "mailchimp": ("count", 1000)}
BASIC = {"listmonk": KEYS["listmonk"], "mailchimp": f"openletter:{KEYS['mailchimp']}"}


def refuse(service: str, method: str, headers: dict[str, str], query: dict[str, list[str]], body: Any) -> str:
    """Check a request against the documentation; return what is wrong with it."""
    sent = {name.casefold(): value for name, value in headers.items()}
    wanted = {"brevo": ("api-key", KEYS["brevo"]), "buttondown": ("authorization", f"Token {KEYS['buttondown']}")}
    basic = f"Basic {base64.b64encode(BASIC.get(service, '').encode()).decode()}"
    name, value = wanted.get(service, ("authorization", basic))
    if sent.get(name) != value:
        return f"no {name}"
    if method == "GET":
        largest = LARGEST.get(service)
        if largest and int(query.get(largest[0], ["10"])[0]) > largest[1]:
            return "too many at once"
        return f"unknown: {set(query) - QUERIES[service]}" if set(query) - QUERIES[service] else ""
    known, required = FIELDS[service, method]
    unknown = set(body) - known | set(body.get("settings", {})) - _MAILCHIMP_SETTINGS
    if service == "brevo" and {"id", "email"} <= set(body.get("sender", {})):
        return "sender has both"
    return f"unknown: {unknown}" if unknown else f"missing: {required - set(body)}" if required - set(body) else ""


class StandIn:
    """One account of all four services. `campaigns` by id; `heard` are the requests: method, path, headers, body."""

    def __init__(self) -> None:
        self.campaigns: dict[str, dict[str, Any]] = {}
        self.heard: list[tuple[str, str, dict[str, str], Any]] = []
        self.reply: tuple[int, str] | None = None

    def answer(
        self, method: str, path: str, query: dict[str, list[str]], headers: dict[str, str], body: Any
    ) -> tuple[int, str]:
        if self.reply:
            return self.reply
        service = next(name for name in KEYS if path.startswith(f"/{PATHS[name]}"))
        if wrong := refuse(service, method, headers, query, body):
            return 400, json.dumps({"message": wrong})
        rest = path.removeprefix(f"/{PATHS[service]}").strip("/").split("/")
        draft = "save" if service == "mailchimp" else "draft"
        if method == "GET":
            assert query["status"] == [draft]
            return 200, json.dumps(self._list(service, query))
        if method == "POST":
            new = {"id": str(len(self.campaigns) + 1), **body, "status": draft}
            self.campaigns[new["id"]] = new
            return 201, json.dumps({"data": new} if service == "listmonk" else new)
        self.campaigns[rest[0]] |= body
        return (204, "") if service == "brevo" else (200, "{}")

    def _list(self, service: str, query: dict[str, list[str]]) -> dict[str, Any]:
        """List the campaigns as the service does, in pages."""
        results = list(self.campaigns.values())
        if service == "listmonk":
            wanted = query.get("per_page", ["20"])[0]
            return {"data": {"results": results if wanted == "all" else results[: int(wanted)]}}
        if service == "buttondown":
            start = (int(query.get("page", ["1"])[0]) - 1) * 100
            more = len(results) > start + 100
            return {"results": results[start : start + 100], "next": "https://api.example/more" if more else None}
        start = int(query.get("offset", ["0"])[0])
        size = int(query.get("limit" if service == "brevo" else "count", ["10"])[0])
        return {"campaigns": results[start : start + size]}


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[list[StandIn], str]]:
    current: list[StandIn] = [StandIn()]

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.loads(data) if data else None
            parts = urlsplit(self.path)
            current[0].heard.append((self.command, parts.path, dict(self.headers), body))
            status, text = current[0].answer(self.command, parts.path, parse_qs(parts.query), dict(self.headers), body)
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
    for method, path, _, _ in stand_in.heard:
        assert method in ("GET", "POST", "PUT", "PATCH")
        assert not any(word in path for word in ("send", "schedule", "actions", "status"))


@pytest.mark.parametrize("service", KEYS)
def test_a_campaign_that_is_sent_is_left_alone(site: Path, account: tuple[StandIn, str], service: str) -> None:
    stand_in, url = account
    push(site, service, url)
    stand_in.campaigns["1"]["status"] = "sent"
    before = json.dumps(stand_in.campaigns["1"])
    assert push(site, service, url).stdout.startswith("Made the draft 2 at ")
    assert json.dumps(stand_in.campaigns["1"]) == before


@pytest.mark.parametrize("service", KEYS)
def test_the_draft_is_found_among_many_others(site: Path, account: tuple[StandIn, str], service: str) -> None:
    stand_in, url = account
    other = {"name": "other", "subject": "other", "settings": {"title": "other"}}
    for number in range(1000, 1250):
        stand_in.campaigns[str(number)] = {"id": str(number), **other, "status": "draft"}
    push(site, service, url)
    assert push(site, service, url).stdout.startswith("Updated the draft 251 at ")
    assert len(stand_in.campaigns) == 251


def test_the_stand_ins_refuse_what_the_services_refuse(account: tuple[StandIn, str]) -> None:
    stand_in, _ = account
    right = {"api-key": KEYS["brevo"]}
    body = {"name": "x", "sender": {"email": "a@example.org"}, "subject": "x", "htmlContent": "x"}
    for headers, sent in (
        ({}, body),
        ({"api-key": "wrong"}, body),
        (right, {**body, "preview": "x"}),
        (right, {**body, "sender": {"email": "a@example.org", "id": 1}}),
        (right, {"name": "x"}),
    ):
        assert stand_in.answer("POST", "/emailCampaigns", {}, headers, sent)[0] == 400
    assert stand_in.answer("POST", "/emailCampaigns", {}, right, body)[0] == 201
    assert stand_in.answer("GET", "/emailCampaigns", {"limit": ["101"], "status": ["draft"]}, right, None)[0] == 400


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
