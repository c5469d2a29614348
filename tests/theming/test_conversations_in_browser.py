"""Conversations in Chromium, under the page's own policy: what a click asks of a service, and what comes back.

The services themselves are stand-ins at their real addresses, except Isso, which is a real server.
"""

from __future__ import annotations

import functools
import http.server
import json
import mimetypes
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from click.testing import CliRunner

from generator.cli import cli
from tests import factories
from tests.conftest import missing
from tests.guards import wait_until
from tests.isso_server import IssoServer, isso_server
from tests.site.test_conversations import PAGE, site_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

pytestmark = [pytest.mark.slow, pytest.mark.outside]

POST = "https://example.org/2024/01/a/"
KEPT = '- {id: c1, author: Ana, date: 2013-01-02, body: "An old comment."}\n'
MORE = "".join(f"- {{id: m{n}, author: Bo, date: 2014-01-02 {n:02}:00, body: Number {n}}}\n" for n in range(12))
STAND_IN = """<!doctype html><title>Stand-in</title><p>The comments</p><script>
addEventListener("message", event => { document.title = JSON.stringify(event.data) })
parent.postMessage(MESSAGE, "*")
</script>"""
MESSAGES: dict[str, Any] = {
    "giscus": {"giscus": {"resizeHeight": 777}},
    "utterances": {"type": "resize", "height": 777},
    "discourse": {"type": "discourse-resize", "height": 777},
}


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build one site for each service."""
    made = {}
    for provider in ("giscus", "utterances", "discourse", "remark42", "disqus", "mastodon"):
        files = site_of(provider, 'rules = "Be kind."\nmoderation = "desk@example.org"')
        root = factories.write_site(
            tmp_path_factory.mktemp(provider) / "site", {**files, "posts/2024-01-01-a.comments.yaml": KEPT + MORE}
        )
        factories.build_site(root)
        made[provider] = root / "output"
    return made


class Opened:
    """A page of a built site; `asked` are the requests that left the site, `answers` what other hosts answer."""

    def __init__(self, browser: Browser, output: Path, answers: dict[str, tuple[str, str]], **options: Any) -> None:
        self.output, self.answers, self.asked = output, answers, list[str]()
        self.errors: list[str] = []
        self.context: BrowserContext = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        request: Request = route.request
        parts = urlsplit(request.url)
        if parts.netloc == "example.org":
            place = unquote(parts.path).lstrip("/")
            file = self.output / (place + "index.html" if not place or place.endswith("/") else place)
            kind = mimetypes.guess_type(file.name)[0] or "text/html"
            route.fulfill(body=file.read_bytes(), content_type=kind)
            return
        self.asked.append(request.url)
        kind, body = self.answers.get(f"{parts.scheme}://{parts.netloc}", ("text/plain", ""))
        route.fulfill(body=body, content_type=kind, headers={"Access-Control-Allow-Origin": "*"})


@contextmanager
def opened(
    browser: Browser, output: Path, answers: dict[str, tuple[str, str]], url: str = POST, **options: Any
) -> Iterator[Opened]:
    found = Opened(browser, output, answers, **options)
    try:
        found.page.goto(url)
        yield found
    finally:
        found.context.close()


def stand_in(provider: str) -> tuple[str, str]:
    return "text/html", STAND_IN.replace("MESSAGE", json.dumps(MESSAGES[provider]))


@pytest.mark.parametrize(
    ("provider", "server", "path", "fields"),
    [
        ("giscus", "https://giscus.app", "/widget", {"origin": POST, "session": "", "term": "an-id", "strict": "1"}),
        (
            "utterances",
            "https://utteranc.es",
            "/utterances.html",
            {"origin": "https://example.org", "issue-term": "an-id", "theme": "github-dark", "repo": "example/blog"},
        ),
        (
            "discourse",
            "https://forum.example",
            "/embed/comments",
            {"embed_url": "https://example.org/comments/an-id/"},
        ),
    ],
)
def test_a_click_and_nothing_before_it_loads_the_frame_of_the_service(
    browser: Browser, outputs: dict[str, Path], provider: str, server: str, path: str, fields: dict[str, str]
) -> None:
    answers = {server: stand_in(provider)}
    with opened(browser, outputs[provider], answers, color_scheme="dark") as site:
        assert site.page.locator("iframe").count() == 0
        button = site.page.get_by_role("button")
        assert urlsplit(server).netloc in (button.text_content() or "")
        assert urlsplit(server).netloc in site.page.locator(".discussion p", has_text="This conversation").inner_text()
        assert site.asked == []
        button.press("Enter")
        frame = site.page.frame_locator("iframe")
        frame.get_by_text("The comments").wait_for()
        (asked,) = site.asked
        assert asked.startswith(f"{server}{path}?")
        given = {name: value for name, (value,) in parse_qs(urlsplit(asked).query, keep_blank_values=True).items()}
        assert {name: given.get(name) for name in fields} == fields
        assert site.page.locator("iframe").get_attribute("title") == "Comments"
        wait_until(lambda: site.page.locator("iframe").evaluate("frame => frame.offsetHeight") == 777)
        site.page.evaluate("window.postMessage({type: 'resize', height: 5, giscus: {resizeHeight: 5}}, '*')")
        assert site.page.locator("iframe").evaluate("frame => frame.offsetHeight") == 777, "a message of another host"
        assert site.errors == []


def test_utterances_follows_the_reader_from_dark_to_light(browser: Browser, outputs: dict[str, Path]) -> None:
    with opened(
        browser, outputs["utterances"], {"https://utteranc.es": stand_in("utterances")}, color_scheme="dark"
    ) as site:
        site.page.get_by_role("button").click()
        site.page.frame_locator("iframe").get_by_text("The comments").wait_for()
        site.page.emulate_media(color_scheme="light")
        frame = site.page.frames[-1]
        told = '{"type":"set-theme","theme":"github-light"}'
        wait_until(lambda: frame.title() == told)


@pytest.mark.parametrize(("provider", "kept"), [("giscus", '"secret"'), ("utterances", "secret")])
def test_who_comes_back_from_signing_in_sees_the_conversation_at_once(
    browser: Browser, outputs: dict[str, Path], provider: str, kept: str
) -> None:
    server = "https://giscus.app" if provider == "giscus" else "https://utteranc.es"
    answers = {server: stand_in(provider)}
    with opened(browser, outputs[provider], answers, f"{POST}?{provider}=secret") as site:
        site.page.frame_locator("iframe").get_by_text("The comments").wait_for()
        assert site.page.url == POST, "the session does not stay in the address"
        assert "session=secret" in site.asked[0]
        assert site.page.evaluate(f"localStorage.getItem('{provider}-session')") == kept
        site.page.goto(POST)
        assert len(site.asked) == 1, "on the next visit the reader asks again"


SCRIPTS = {
    "remark42": (
        "https://remark.example",
        "/web/embed.mjs",
        (
            "document.title = JSON.stringify(window.remark_config);"
            "window.REMARK42 = {changeTheme(to) { document.title = to }}"
        ),
        "#remark42",
        {"host": "https://remark.example", "site_id": "blog", "url": "https://example.org/comments/an-id/"},
    ),
    "disqus": (
        "https://example-blog.disqus.com",
        "/embed.js",
        (
            "const of = {page: {}}; window.disqus_config.call(of);"
            "document.title = JSON.stringify({...of.page, at: of.language})"
        ),
        "#disqus_thread",
        {"identifier": "an-id", "url": POST, "at": "en"},
    ),
}


@pytest.mark.parametrize("provider", SCRIPTS)
def test_a_click_runs_the_script_of_the_service_with_the_thread_of_the_id(
    browser: Browser, outputs: dict[str, Path], provider: str
) -> None:
    server, path, script, place, expected = SCRIPTS[provider]
    with opened(browser, outputs[provider], {server: ("text/javascript", script)}, color_scheme="dark") as site:
        assert site.asked == []
        before = site.page.title()
        site.page.get_by_role("button").click()
        wait_until(lambda: site.page.title() != before)
        told = json.loads(site.page.title())
        assert {name: told.get(name) for name in expected} == expected
        assert site.asked == [f"{server}{path}"]
        assert site.page.locator(place).count() == 1
        assert site.page.evaluate("document.activeElement.className") == "conversation", "the focus is not lost"
        if provider == "remark42":
            assert told["theme"] == "dark"
            site.page.emulate_media(color_scheme="light")
            wait_until(lambda: site.page.title() == "light")
        assert site.errors == []


def reply(number: str, to: str, content: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "in_reply_to_id": to, "content": content, "url": f"https://social.example/@b/{number}",
        "created_at": "2024-02-03T10:00:00Z", "spoiler_text": "", "account": {"display_name": "Bo <b>", "acct": "b"},
    } | more  # fmt: skip


HOSTILE = (
    '<p>Hello <a href="https://a.example/">there</a><br>again</p><script>document.title = "run"</script>'
    '<img src="https://track.example/x.png" onerror="document.title = 1"><a href="javascript:alert(1)">click</a>'
)


def test_replies_at_mastodon_become_articles_without_what_strangers_may_not_do(
    browser: Browser, outputs: dict[str, Path]
) -> None:
    replies = [
        reply("2", "1234", HOSTILE),
        reply("3", "2", "<p>Below</p>"),
        reply("4", "gone", "<p>Hidden</p>", spoiler_text="Rain", url="javascript:alert(2)"),
    ]
    answers = {"https://social.example": ("application/json", json.dumps({"ancestors": [], "descendants": replies}))}
    with opened(browser, outputs["mastodon"], answers) as site:
        assert site.asked == []
        site.page.get_by_role("button").click()
        site.page.get_by_text("Below").wait_for()
        assert site.asked == ["https://social.example/api/v1/statuses/1234/context"]
        found = site.page.locator(".conversation")
        assert found.locator("article").count() == 3
        assert found.locator("ol.replies article").inner_text().endswith("Below")
        assert found.locator("script, img, [onerror]").count() == 0
        links = found.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert sorted(set(links)) == [
            "https://a.example/",
            "https://social.example/@b/2",
            "https://social.example/@b/3",
        ]
        assert "Bo <b>" in found.inner_text()
        assert "February 3, 2024" in found.inner_text()
        assert found.locator("details:not([open]) summary").inner_text() == "Rain"
        assert all("inline event handler" in error for error in site.errors), "the policy refused the handler"


def test_a_service_that_fails_leaves_the_link_and_says_so(browser: Browser, outputs: dict[str, Path]) -> None:
    with opened(browser, outputs["mastodon"], {"https://social.example": ("text/html", "down")}) as site:
        site.page.get_by_role("button").click()
        site.page.locator(".conversation.has-failed").wait_for()
        assert site.page.get_by_role("link", name="Read the conversation at social.example").is_visible()


@pytest.mark.parametrize("provider", ["giscus", "discourse", "remark42", "disqus", "mastodon"])
def test_without_javascript_there_is_a_link_and_no_button(
    browser: Browser, outputs: dict[str, Path], provider: str
) -> None:
    with opened(browser, outputs[provider], {}, java_script_enabled=False) as site:
        assert site.page.get_by_role("button").count() == 0
        assert site.page.get_by_role("link", name="Read the conversation at").is_visible()
        assert site.page.get_by_text("An old comment.").is_visible()
        assert site.asked == []


def test_the_address_of_a_comment_opens_the_fold_that_it_is_in(browser: Browser, outputs: dict[str, Path]) -> None:
    with opened(browser, outputs["giscus"], {}) as site:
        assert site.page.get_by_text("Number 11").is_hidden()
        site.page.locator(".fold summary").focus()
        site.page.keyboard.press("Enter")
        assert site.page.get_by_text("Number 11").is_visible()
    with opened(browser, outputs["giscus"], {}, f"{POST}#comment-m11") as site:
        site.page.get_by_text("Number 11").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, outputs: dict[str, Path], scheme: str
) -> None:
    script = Path(os.environ.get("OPENLETTER_AXE") or os.devnull)
    if not script.is_file():
        missing("OPENLETTER_AXE does not name axe.min.js (npm install axe-core)")
    answers = {"https://giscus.app": stand_in("giscus")}
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": 320, "height": 640}}
    with opened(browser, outputs["giscus"], answers, **options) as site:
        for shown in (False, True):
            if shown:
                site.page.get_by_role("button").click()
                site.page.frame_locator("iframe").get_by_text("The comments").wait_for()
            assert site.page.evaluate("document.documentElement.scrollWidth") == 320
            site.page.evaluate(script.read_text("utf-8"))
            result = site.page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
            assert [(each["id"], each["nodes"][0]["html"][:200]) for each in result["violations"]] == []


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, IssoServer, Path]]:
    """Build a site for a real Isso server, and serve it: the address of its post, the server, the site's folder."""
    root = tmp_path / "site"
    handler = functools.partial(_Quiet, directory=str(root / "output"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        with isso_server(tmp_path, url) as isso:
            settings = f'title = "L"\nurl = "{url}"\n[comments]\nprovider = "isso"\nserver = "{isso.url}"\n'
            source = factories.post('A "b" & c', id="an-id")
            files = {"site.toml": settings, "posts/2024-01-01-a.md": source, "posts/2024-01-01-a.comments.yaml": KEPT}
            factories.build_site(factories.write_site(root, files))
            yield f"{url}2024/01/a/", isso, root
        server.shutdown()


def write_comment(page: Page, author: str, text: str) -> None:
    """Open the conversation, write a comment, and see it."""
    page.get_by_role("button").first.click()
    page.locator(".isso-postbox textarea").fill(text)
    page.locator(".isso-postbox input[name=author]").fill(author)
    page.locator(".isso-postbox input[type=submit]").click()
    page.locator(".isso-comment", has_text=text).wait_for()


def command(root: Path, *words: str) -> None:
    """Run a command of Openletter in the site."""
    done = CliRunner().invoke(cli, [*words, "--site", str(root)])
    assert done.exit_code == 0, done.output


def test_a_reader_writes_at_a_real_isso_server_and_sees_it_again(
    browser: Browser, served: tuple[str, IssoServer, Path]
) -> None:
    url, isso, root = served
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)
    page.goto(url)
    assert not any(each.startswith(isso.url) for each in asked), "nothing is asked before the click"
    write_comment(page, "Bo", "What a good week, said everybody.")
    page.reload()
    assert page.locator(".isso-comment").count() == 0
    page.get_by_role("button").first.click()
    page.locator(".isso-comment", has_text="What a good week, said everybody.").wait_for()
    assert page.locator(".isso-comment .isso-author").inner_text() == "Bo"
    assert page.locator("article.comment", has_text="An old comment.").is_visible()
    assert all(each.startswith((url.partition("2024")[0], isso.url)) for each in asked)
    assert refused == []
    page.close()
    with sqlite3.connect(isso.database) as database:
        assert database.execute("SELECT uri, title FROM threads").fetchall() == [("/comments/an-id/", "A “b” & c")]
    assert (root / "output/comments/an-id/index.html").is_file(), "where Isso's mails to the moderator lead"
    assert (root / "output" / PAGE).is_file()
    command(root, "build", "--fetch-counts")
    assert "2 comments" in (root / "output/index.html").read_text("utf-8"), "the kept one and the new one"
    command(root, "import", "isso", str(isso.database))
    kept = root / "content/posts/2024-01-01-a.comments.yaml"
    assert "What a good week, said everybody." in kept.read_text("utf-8")
    assert "127.0.0.1" not in kept.read_text("utf-8")
    command(root, "comments", "erase", "isso-1")
    command(root, "import", "isso", str(isso.database))
    assert "What a good week" not in kept.read_text("utf-8")
    assert "An old comment." in kept.read_text("utf-8")
