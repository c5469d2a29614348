"""The hosts that a site's pages can contact: the list equals what the pages name and what Chromium requests."""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html as lxml_html

from tests import factories
from tests.conftest import missing
from tests.factories import post

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

PRIVACY = "privacy/index.html"
SETTINGS = """title = "T"
url = "https://letters.example/"
[images]
hosts = ["pictures.example", "unused.example"]
[markup]
raw_html = "trusted"
"""
PLAYED = (Path(__file__).parents[1] / "media/files/film.mp4").read_bytes()
FILES: dict[str, str | bytes] = {
    "site.toml": SETTINGS,
    "themes/mine/theme.toml": 'extends = "default"\n',
    "pages/privacy.md": post("Privacy", "Text.", extra={"contacted_hosts": True}),
    "posts/2024-01-01-a.md": post(
        "A",
        "[Talk](https://youtu.be/dQw4w9WgXcQ)\n\n![P](https://pictures.example/p.png)\n\n[L](https://linked.example/)"
    ),
    "posts/2024-01-02-b.md": post("B", '<iframe src="https://frames.example/f" title="F"></iframe>\n\n[W](walk.mp4)'),
    "posts/2024-01-03-c.md": post("C", "![P](http://pictures.example/p.png) ![Q](https://other.example/q.png)"),
    "posts/2024-01-04-draft.md": post("D", "[Film](https://vimeo.com/76979871)", draft=True),
    "posts/walk.mp4": PLAYED,
    "static/poll.html": '<!doctype html><html lang="en"><head><title>P</title><link rel="canonical" href="https://not.example/">'
    '<link rel="stylesheet" href="/poll.css"><script src="https://scripts.example/s.js"></script></head>'
    '<body><form action="https://forms.example/send"><input name="a"></form></body></html>',
    "static/poll.css": "/* url(https://not.example/) */ body { background: url('https://styles.example/b.png') }",
}  # fmt: skip
EXPECTED = {
    *("forms.example", "frames.example", "pictures.example", "scripts.example", "styles.example"),
    "www.youtube-nocookie.com",
}
NEVER_LOADED = {"forms.example"}
"""A form is sent by a reader alone."""


def shown(made: factories.Site) -> dict[str, str]:
    """Read the privacy page: host → what it says of it."""
    items = made.html(PRIVACY).xpath("//section[@class='contacted-hosts']//li")
    return {item.xpath("string(b)"): item.xpath("string()") for item in items}


_LOADED = ("stylesheet", "icon", "apple-touch-icon", "manifest", "preload")
_ATTRIBUTES = ("src", "srcset", "data", "poster", "action", "formaction", "data-frame")


def named_in(output: Path) -> set[str]:
    """Parse all that was written: the hosts that a browser may contact for it, links left out."""
    named: list[str] = []
    for file in output.rglob("*.html"):
        for element in lxml_html.document_fromstring(file.read_bytes()).iter():
            loads = element.tag == "link" and element.get("rel") in _LOADED
            for name in ("href",) if loads else _ATTRIBUTES:
                named += (element.get(name) or "").replace(",", " ").split()
    for file in output.rglob("*.css"):
        text = re.sub(r"/\*.*?\*/|@namespace[^;]*;", "", file.read_text("utf-8"), flags=re.DOTALL)
        named += [part.split(")")[0].strip("'\" ") for part in text.split("url(")[1:]]
    return {str(urlsplit(address).netloc) for address in named} - {"", "letters.example"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> factories.Site:
    site = factories.Site(factories.write_site(tmp_path_factory.mktemp("contacts") / "site", FILES))
    site.build()
    return site


def test_the_list_is_what_the_written_pages_name(made: factories.Site) -> None:
    assert named_in(made.output) == set(shown(made)) == EXPECTED


def test_the_list_says_what_for_and_whether_after_a_click(made: factories.Site) -> None:
    said = shown(made)
    assert said["www.youtube-nocookie.com"] == "www.youtube-nocookie.com (films and other frames): only after you click"
    assert said["frames.example"] == "frames.example (films and other frames)"
    assert said["pictures.example"] == "pictures.example (pictures)"
    assert said["forms.example"] == "forms.example (forms)"
    assert said["styles.example"] == "styles.example (style sheets and fonts)"


def test_the_list_follows_each_edit(tmp_path: Path) -> None:
    site = factories.Site(factories.write_site(tmp_path / "site", FILES))
    site.build()
    steps: list[tuple[str, str, str, set[str]]] = [
        ("content/posts/2024-01-01-a.md", "youtu.be/dQw4w9WgXcQ", "vimeo.com/76979871", {"player.vimeo.com"}),
        ("content/posts/2024-01-01-a.md", "[Talk](https://vimeo.com/76979871)", "Gone.", set()),
        ("content/static/poll.html", "scripts.example", "more.example", {"more.example"}),
        ("content/posts/2024-01-04-draft.md", "draft: true", "draft: false", {"player.vimeo.com"}),
        ("site.toml", '"pictures.example", ', "", set()),
        ("content/posts/2024-01-02-b.md", "<iframe", "Text <iframe", {"frames.example"}),
    ]
    for path, before, after, there in steps:
        site.edit(path, before, after)
        site.build()
        assert there <= set(shown(site))
        assert named_in(site.output) == set(shown(site)), path
        assert site.verify() == (), path
    assert "www.youtube-nocookie.com" not in shown(site)
    assert "pictures.example" not in shown(site)


def test_a_theme_s_files_count_too(tmp_path: Path) -> None:
    theme: dict[str, str | bytes] = {
        "themes/mine/theme.toml": 'extends = "default"\n',
        "themes/mine/templates/partials/forward.html": '<p><img src="https://badge.example/b.png" alt=""></p>\n',
        "themes/mine/templates/mail/button.html": '<img src="https://mail.example/b.png" alt="">\n',
        "themes/mine/static/own.css": "@import 'https://fonts.example/a.css';\n",
    }
    settings = 'title = "T"\nurl = "https://letters.example/"\n[theme]\nname = "mine"\n'
    files = {"site.toml": settings, "pages/privacy.md": FILES["pages/privacy.md"], "posts/2024-01-01-a.md": post("A")}
    site = factories.Site(factories.write_site(tmp_path / "site", {**files, **theme}))
    site.build()
    assert set(shown(site)) == {"badge.example", "fonts.example"}
    site.edit("themes/mine/templates/partials/forward.html", "badge.example", "other.example")
    site.build()
    assert set(shown(site)) == {"other.example", "fonts.example"}
    assert site.verify() == ()


def test_the_service_for_comments_counts_while_a_document_has_them(tmp_path: Path) -> None:
    settings = """title = "T"
url = "https://letters.example/"
[comments]
provider = "giscus"
repo = "example/blog"
repo_id = "R_kgDOExample"
category_id = "DIC_kwDOExample"
"""
    files = {"site.toml": settings, "pages/privacy.md": FILES["pages/privacy.md"], "posts/2024-01-01-a.md": post("A")}
    site = factories.Site(factories.write_site(tmp_path / "site", files))
    site.build()
    assert shown(site) == {"giscus.app": "giscus.app (films and other frames): only after you click"}
    assert named_in(site.output) == {"giscus.app"}
    site.write("content/posts/2024-01-01-a.md", post("A", comments=False))
    site.build()
    assert shown(site) == {}
    assert site.verify() == ()


def test_a_site_that_contacts_nobody_says_so(tmp_path: Path) -> None:
    files = {
        "pages/privacy.md": FILES["pages/privacy.md"],
        "posts/2024-01-01-a.md": post("A", "[L](https://x.example/)"),
    }
    site = factories.Site(factories.write_site(tmp_path / "site", files))
    site.build()
    assert shown(site) == {}
    assert "No page of this site makes your browser contact another host." in site.text(PRIVACY)


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, output: Path, path: str, asked: set[str]) -> Page:
    """Open a page under its own policy; `asked` collects the addresses that it requests."""

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        asked.add(route.request.url)
        file = output / unquote(parts.path).lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        if parts.hostname == "letters.example" and file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "text/html")
        else:
            route.fulfill(body="<title>Elsewhere</title>", content_type="text/html")

    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.route("**/*", answer)
    page.goto(f"https://letters.example/{path.removesuffix('index.html')}")
    return page


def hosts(asked: set[str]) -> set[str]:
    return {urlsplit(url).netloc for url in asked} - {"letters.example"}


@pytest.mark.slow
@pytest.mark.outside
def test_chromium_contacts_the_hosts_of_the_list_and_those_on_click_only_then(
    browser: Browser, made: factories.Site
) -> None:
    before: set[str] = set()
    after: set[str] = set()
    for path in sorted(path for path in made.paths if path.endswith(".html")):
        page = opened(browser, made.output, path, before)
        page.wait_for_load_state("load")
        page.unroute_all(behavior="wait")
        page.close()
        if "data-frame" in made.text(path):
            page = opened(browser, made.output, path, after)
            page.locator(".frame-button").first.click()
            page.frame_locator("iframe").locator("html").wait_for()
            page.close()
    click = {host for host, said in shown(made).items() if "after you click" in said}
    assert hosts(before) == EXPECTED - NEVER_LOADED - click
    assert hosts(after) - hosts(before) == click == {"www.youtube-nocookie.com"}


@pytest.mark.slow
@pytest.mark.outside
def test_a_card_and_a_player_work_by_keyboard_and_have_no_fault_for_axe(browser: Browser, made: factories.Site) -> None:
    axe = os.environ.get("OPENLETTER_AXE")
    if not axe:
        missing("axe-core is not there (OPENLETTER_AXE)")
    asked: set[str] = set()
    page = opened(browser, made.output, "2024/01/b/index.html", asked)
    video = page.locator("video")
    video.focus()
    assert video.evaluate("e => document.activeElement === e")
    assert not any(url.endswith(".mp4") for url in asked), "nothing is loaded before it is started"
    assert faults(page, axe) == []
    page.close()
    page = opened(browser, made.output, "2024/01/a/index.html", asked)
    assert faults(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "frame-button":
            break
    page.keyboard.press("Enter")
    page.locator("iframe").wait_for()
    assert page.evaluate("document.activeElement.title") == "Talk"
    assert page.locator(".embed a[href='https://youtu.be/dQw4w9WgXcQ']").is_visible()
    assert faults(page, axe) == []
    page.close()


def faults(page: Page, axe: str) -> list[Any]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(Path(axe).read_text("utf-8"))
    run = "axe.run(document, {iframes: false}).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))"
    return list(page.evaluate(run))
