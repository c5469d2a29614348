"""The search in Chromium: by keyboard, under a base path, with the site's own policy, and without JavaScript."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tests import factories
from tests.factories import post
from tests.guards import HANG_S

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.slow, pytest.mark.outside]

POSTS = 300
BASE = "/blog/"


@pytest.fixture(scope="module")
def output(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build 300 posts of 18F under a base path, with a few of our own."""
    files: dict[str, str | bytes] = {
        "site.toml": 'title = "T"\nurl = "https://example.org/blog/"\nlanguage = "en-GB"\n'
        '[search]\nengine = "pagefind"\n[images]\nwidths = []\n',
        "posts/2026-01-01-a.md": post("The day it broke", "The printer was called Gwendoline.", tags=["Rooms"]),
        "posts/2026-01-02-b.md": post("Coffee", "Meet us in the café by Bryn Mawr — “two sugars”.", authors=["Ana"]),
        "posts/2026-01-03-c.md": post("Hidden", "The zeppelin is a secret.", draft=True),
        "posts/2026-01-04-d.md": post("Un guichet", "Une grenouille au guichet.", lang="fr"),
        "posts/2026-01-05-e.md": post("Ended", "A marmalade offer.", expires="2026-02-01"),
    }
    for file in sorted((samples / "blogs/18f/posts").glob("*.md"))[-POSTS:]:
        files[f"posts/{file.name}"] = re.sub(rb"(?m)^(image|lang): .*\n", b"", file.read_bytes())
    root = factories.write_site(tmp_path_factory.mktemp("search") / "site", files)
    report = factories.build_site(root)
    assert report.searched >= POSTS
    return root / "output"


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, output: Path, path: str, *, scripts: bool = True) -> tuple[Page, list[str], list[str]]:
    """Open a page of the site; also the paths that it asks for, and what the browser complains of."""
    asked: list[str] = []
    said: list[str] = []

    def answer(route: Route) -> None:
        place = unquote(urlsplit(route.request.url).path)
        asked.append(place)
        file = output / place.removeprefix(BASE)
        file = file / "index.html" if place.endswith("/") else file
        if not place.startswith(BASE) or not file.is_file():
            route.abort()
            return
        kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0]
        route.fulfill(body=file.read_bytes(), content_type=kind or "application/octet-stream")

    context = browser.new_context(java_script_enabled=scripts)
    context.route("**/*", answer)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda failure: said.append(str(failure)))
    page.goto(f"https://example.org{path}")
    return page, asked, said


def settled(page: Page, words: str | re.Pattern[str]) -> None:
    """Wait until the state of the search says some words: the page's policy forbids to wait for an expression."""
    from playwright.sync_api import expect

    expect(page.locator("#ol-search-state")).to_have_text(words, timeout=HANG_S * 1000)


def titles(page: Page, words: str) -> list[str]:
    """Search, and list the titles of the results."""
    page.fill("#ol-query", words)
    page.keyboard.press("Enter")
    state = page.locator("#ol-search-state")
    settled(page, re.compile("[0-9]|Nothing"))
    if "Nothing" in state.inner_text():
        return []
    page.wait_for_selector("#ol-results a")
    return page.locator("#ol-results a").all_inner_texts()


def test_a_reader_finds_a_post_by_keyboard_from_any_page(browser: Browser, output: Path) -> None:
    page, asked, said = opened(browser, output, "/blog/2026/01/b/")
    page.locator("#ol-site-search").focus()
    page.keyboard.type("gwendoline printers")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ol-results a")
    assert page.url == "https://example.org/blog/search/?q=gwendoline+printers"
    assert page.locator("#ol-search-state").inner_text() == "Results: 1"
    page.locator("#ol-query").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#ol-results') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/2026/01/a/**")
    assert page.evaluate("document.querySelector('h1').textContent") == "The day it broke"
    assert said == []
    assert all(path.startswith(BASE) for path in asked)
    page.context.close()


def test_nothing_is_loaded_before_the_reader_types(browser: Browser, output: Path) -> None:
    page, asked, said = opened(browser, output, "/blog/search/")
    page.locator("#ol-query").focus()
    page.wait_for_timeout(300)
    assert [path for path in asked if "pagefind" in path] == []
    page.keyboard.type("coffee")
    page.wait_for_selector("#ol-results a")
    assert [path for path in asked if "pagefind" in path] != []
    assert said == []
    page.context.close()


def test_words_are_found_as_readers_write_them(browser: Browser, output: Path) -> None:
    page, _, said = opened(browser, output, "/blog/search/")
    found = {
        "printers": "The day it broke",  # by its stem
        '"called Gwendoline"': "The day it broke",
        "“called Gwendoline”": "The day it broke",
        "cafe mawr": "Coffee",  # without the accent
        "café": "Coffee",
        "CAFÉ": "Coffee",
        "grenouille": "Un guichet",  # in another language than the page's
    }
    assert {words: title for words, title in found.items() if title not in titles(page, words)} == {}
    for words in ("zeppelin", "marmalade"):  # Pagefind offers words that begin like it
        assert not {"Hidden", "Ended"} & set(titles(page, words)), words
    assert titles(page, '"Gwendoline called"') == []
    assert page.locator("#ol-search-state").inner_text().startswith("Nothing found.")
    assert said == []
    page.context.close()


def test_results_are_narrowed_down_and_shown_ten_at_a_time(browser: Browser, output: Path) -> None:
    page, _, said = opened(browser, output, "/blog/search/")
    assert len(titles(page, "government")) == 10
    page.locator("#ol-more-results").click()
    page.locator("#ol-results li").nth(19).wait_for()
    assert page.evaluate("document.activeElement.closest('li') === document.querySelectorAll('#ol-results li')[10]")
    everything = int(re.sub(r"\D", "", page.locator("#ol-search-state").inner_text()))
    year = page.locator("select[name=year]")
    options = [text for text in year.locator("option").all_inner_texts() if text != "All"]
    assert sum(int(text.partition("(")[2].rstrip(")")) for text in options) == everything
    chosen, _, count = options[0].partition(" (")
    year.select_option(chosen)
    wanted = f"Results: {count.rstrip(')')}"
    settled(page, wanted)
    assert f"year={chosen}" in page.url
    address = page.url
    page.goto("https://example.org/blog/")
    page.go_back()
    page.wait_for_selector("#ol-results a")
    assert (page.url, page.locator("#ol-search-state").inner_text()) == (address, wanted)
    assert page.locator("select[name=year]").input_value() == chosen
    assert said == []
    page.context.close()


def test_the_words_are_marked_on_the_page(browser: Browser, output: Path) -> None:
    page, _, _ = opened(browser, output, "/blog/search/")
    titles(page, '"called Gwendoline"')
    link = page.locator("#ol-results a").first
    assert (link.get_attribute("href") or "").endswith("/2026/01/a/#:~:text=called%20Gwendoline")
    link.click()
    page.wait_for_url("**/2026/01/a/**")
    yellow = "255, 233, 168"
    page.wait_for_timeout(300)
    assert yellow in _colours(page.locator(".e-content").screenshot())
    page.context.close()


def _colours(picture: bytes) -> set[str]:
    from io import BytesIO

    from PIL import Image

    found = Image.open(BytesIO(picture)).convert("RGB").getcolors(1 << 20) or []
    return {", ".join(map(str, colour)) for _, colour in found}  # type: ignore[arg-type]


def test_without_javascript_the_page_leads_to_the_archive(browser: Browser, output: Path) -> None:
    page, asked, _ = opened(browser, output, "/blog/search/?q=printer", scripts=False)
    assert "turn on JavaScript" in page.inner_text("main")
    page.locator("noscript a, main p a").first.click()
    page.wait_for_url("**/blog/archive/")
    assert [path for path in asked if "pagefind" in path] == []
    page.context.close()


def test_an_index_that_is_missing_is_said_in_words(browser: Browser, output: Path) -> None:
    page, _, _ = opened(browser, output, "/blog/search/")
    page.route("**/pagefind.js", lambda route: route.abort())
    page.fill("#ol-query", "printer")
    settled(page, re.compile("not available"))
    page.context.close()
