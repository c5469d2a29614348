"""The editor's bar: what it says, what it does, that it is in nobody's way."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.factories import plain_post, write_files
from tests.preview.conftest import FILES, OpenWindow, Preview, Serve, Window, until

pytestmark = [pytest.mark.outside, pytest.mark.slow]

AXE = "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"


def panel(seen: Window) -> str:
    """Open the panel and read it."""
    toggle = seen.tool(".toggle")
    if toggle.get_attribute("aria-expanded") == "false":  # the panel itself is hidden until the style sheet is loaded
        toggle.click()
    return str(seen.tool(".panel").inner_text())


def says(seen: Window, words: str) -> Callable[[], bool]:
    return lambda: words in seen.tool(".toggle").inner_text()


def test_it_says_what_the_page_is(serve: Serve, window: OpenWindow) -> None:
    preview = serve("--future")
    seen = window(preview.url + "2024/03/idea/")
    until(says(seen, "Draft · 2 words, 1 min"))
    assert "content/posts/2024-03-03-idea.md" in panel(seen)
    seen.page.goto(preview.url + "2099/01/later/")
    until(says(seen, "Scheduled for 1 Jan 2099"))
    seen.page.goto(preview.url + "2024/01/first/")
    until(says(seen, "Public"))
    assert "Public since 1 Jan 2024" in panel(seen)
    seen.page.goto(preview.url + "archive/")
    until(says(seen, "Preview"))
    assert "content/" not in panel(seen)


def test_it_follows_what_is_written(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url + "2024/01/first/")
    until(says(seen, "4 words"))
    preview.write(
        "content/posts/2024-01-01-first.md", plain_post("First", "Now five words are here.", date="2024-01-01")
    )
    until(says(seen, "5 words"))


def test_this_page_s_problems_are_told_from_others(preview: Preview, window: OpenWindow) -> None:
    preview.write("content/posts/2024-01-01-first.md", FILES["content/posts/2024-01-01-first.md"] + "\n[x](gone.md)\n")
    seen = window(preview.url + "2024/01/first/")
    until(says(seen, "1 warning"))
    assert "1 problem here" in panel(seen)
    seen.page.goto(preview.url)
    until(says(seen, "1 warning"))
    assert "1 problem on other pages" in panel(seen)
    seen.tool(".panel .link").click()
    assert "gone.md" in seen.tool(".problems").inner_text()


def test_drafts_scheduled_posts_and_the_day_are_chosen_for_all(preview: Preview, window: OpenWindow) -> None:
    seen, other = window(preview.url), window(preview.url)
    seen.see("Idea")
    panel(seen)
    seen.tool("#drafts").uncheck()
    for each in (seen, other):
        each.page.get_by_text("Idea").first.wait_for(state="detached")
    seen.tool("#future").check()
    seen.see("Later")
    seen.tool("#future").uncheck()
    seen.tool("#at").fill("2024-01-15")
    seen.page.get_by_text("Second").first.wait_for(state="detached")
    seen.see("First")
    assert until(lambda: other.tool("#at").input_value()) == "2024-01-15"
    seen.tool("button:has-text('Today')").click()
    seen.see("Second")
    assert preview.get("2024/03/idea/").status_code == 404


def test_the_path_can_be_copied(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url + "2024/01/first/", permissions=["clipboard-read", "clipboard-write"])
    until(says(seen, "Public"))
    panel(seen)
    seen.tool("button:has-text('Copy path')").click()
    seen.tool("button:has-text('Copied')").wait_for()
    assert seen.ask("navigator.clipboard.readText()") == "content/posts/2024-01-01-first.md"


def test_the_source_opens_in_the_editor(serve: Serve, window: OpenWindow) -> None:
    preview = serve("--editor", "sh -c 'echo \"$0\" > opened' {file}")
    seen = window(preview.url + "2024/01/first/")
    until(says(seen, "Public"))
    panel(seen)
    seen.tool("button:has-text('Open in editor')").click()
    until((preview.root / "opened").is_file)
    until(lambda: (preview.root / "opened").read_text().strip().endswith("content/posts/2024-01-01-first.md"))


def test_it_closes_and_remembers(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url)
    seen.tool(".close").click()
    assert seen.tool(".pill").is_hidden()
    seen.page.goto(preview.url + "2024/01/first/")
    seen.tool(".handle").wait_for(state="visible")
    assert seen.tool(".pill").is_hidden()
    seen.tool(".handle").click()
    seen.page.reload()
    seen.tool(".pill").wait_for(state="visible")


def test_it_is_reached_and_left_by_keyboard(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url + "2024/01/first/")
    until(says(seen, "Public"))
    focused = "document.querySelector('openletter-preview').shadowRoot.activeElement?.className"

    def press_until(wanted: str, key: str = "Tab") -> None:
        for _ in range(60):
            seen.page.keyboard.press(key)
            if wanted in (seen.ask(focused) or ""):
                return
        raise AssertionError(f"{wanted} is not reached")

    press_until("toggle")
    seen.page.keyboard.press("Enter")
    assert seen.tool(".panel").is_visible()
    assert seen.tool(".toggle").get_attribute("aria-expanded") == "true"
    seen.page.keyboard.press("Escape")
    assert seen.tool(".panel").is_hidden()
    assert "toggle" in seen.ask(focused)
    press_until("close")
    seen.page.keyboard.press("Enter")
    assert "handle" in seen.ask(focused)


def test_it_takes_no_room_in_the_page(serve: Serve, window: OpenWindow) -> None:
    boxes = """() => [...document.querySelectorAll('html, body, body *')].map((each) => {
        const box = each.getBoundingClientRect(); return [each.tagName, box.x, box.y, box.width, box.height] })"""
    with_bar, without = serve(), serve("--no-reload")
    seen = window(with_bar.url + "2024/02/second/")
    until(says(seen, "Public"))
    panel(seen)
    bare = seen.context.new_page()
    bare.goto(without.url + "2024/02/second/")
    assert seen.ask(f"({boxes})()") == bare.evaluate(f"({boxes})()")
    assert seen.ask("document.body.children.length") == bare.evaluate("document.body.children.length")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(preview: Preview, window: OpenWindow, axe: str, scheme: str, width: int) -> None:
    preview.write("content/posts/2024-01-01-first.md", plain_post("First", "[x](gone.md)", date="2024-01-01"))
    preview.write("content/posts/2024-02-02-second.md", plain_post("Second", date="12/31"))
    seen = window(preview.url + "2024/01/first/", width=width, color_scheme=scheme, bypass_csp=True)
    until(says(seen, "1 error"))
    seen.ask(axe)
    assert violations(seen) == []
    seen.tool(".problems header button").click()
    panel(seen)
    assert violations(seen) == []
    seen.tool(".close").click()
    assert violations(seen) == []
    seen.page.goto(preview.url + "__openletter/phone?url=/2024/01/first/")
    seen.ask(axe)
    assert violations(seen) == []


def violations(seen: Window) -> list[Any]:
    found = seen.page.evaluate(AXE)["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


def test_on_a_phone_the_page_is_as_narrow_as_one_and_follows_edits(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url + "2024/01/first/")
    panel(seen)
    seen.tool("a:has-text('On a phone')").click()
    seen.page.wait_for_url("**/__openletter/phone?*")
    inner = seen.page.frame_locator("iframe")
    inner.get_by_text("The first of all.").wait_for()
    assert seen.page.frames[1].evaluate("[innerWidth, document.querySelector('openletter-preview') !== null]") == [
        390,
        True,
    ]
    assert inner.locator("openletter-preview .dock").count() == 0
    preview.edit("content/posts/2024-01-01-first.md", "The first of all.", "Seen on a phone.")
    inner.get_by_text("Seen on a phone.").wait_for()
    seen.page.get_by_role("button", name="320").click()
    assert seen.page.frames[1].evaluate("innerWidth") == 320
    inner.get_by_role("link", name="Archive").first.click()
    until(
        lambda: (seen.page.get_by_role("link", name="Desktop width").get_attribute("href") or "").endswith("/archive/")
    )
    seen.page.get_by_role("link", name="Desktop width").click()
    seen.page.wait_for_url("**/archive/")


def test_a_hidden_tab_gives_its_connection_back_and_catches_up(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url + "2024/01/first/")
    until(says(seen, "Public"))
    streams = (
        """() => performance.getEntriesByType('resource').filter((each) => each.name.includes('/events?')).length"""
    )
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true})"
    seen.ask(hide % "true")
    seen.ask("document.dispatchEvent(new Event('visibilitychange'))")
    until(lambda: seen.page.evaluate(streams) == 1)
    preview.edit("content/posts/2024-01-01-first.md", "The first of all.", "Seen on return.")
    until(lambda: "Seen on return." in preview.text("2024/01/first/"))
    assert seen.page.get_by_text("Seen on return.").count() == 0
    seen.ask(hide % "false")
    seen.ask("document.dispatchEvent(new Event('visibilitychange'))")
    seen.see("Seen on return.")


def test_when_the_preview_comes_back_the_page_goes_on(serve: Serve, window: OpenWindow) -> None:
    preview = serve()
    seen = window(preview.url + "2024/01/first/")
    until(says(seen, "Public"))
    assert preview.stop() == 0
    until(says(seen, "The preview has stopped"))
    again = serve(port=preview.port)
    assert again.port == preview.port
    again.edit("content/posts/2024-01-01-first.md", "The first of all.", "Back again.")
    seen.see("Back again.")
    seen.complaints[:] = [said for said in seen.complaints if "ERR_CONNECTION_REFUSED" not in said]


def test_the_bar_says_which_moment_is_shown(serve: Serve, window: OpenWindow) -> None:
    preview = serve("--at", "2024-02-10T09:30")
    seen = window(preview.url + "2024/01/first/")
    until(says(seen, "As of 10 Feb 2024"))
    assert "The site as of 10 February 2024 at 09:30" in panel(seen)
    seen.tool("#at").fill("2024-03-04")
    until(says(seen, "As of 4 Mar 2024"))
    seen.tool("button:has-text('Today')").click()
    until(lambda: "As of" not in seen.tool(".toggle").inner_text())
    assert "The site as of now" in panel(seen)


HIDDEN = {
    "2024/03/idea/": ("This page is a draft", "turn on Drafts"),
    "2099/01/later/": ("This page is scheduled for later", "turn on Scheduled posts"),
    "2024/01/gone/": ("This page has expired", "choose a day"),
    "2099/": ("This list has no public post yet", "turn them on"),
    "2024/03/idea/notes.pdf": ("This page is a draft", "turn on Drafts"),
}


def test_a_page_that_the_view_hides_explains_itself(root: Path, serve: Serve, window: OpenWindow) -> None:
    write_files(root, {"content/posts/2024-01-02-gone.md": plain_post("Gone", date="2024-01-02", expires="2024-01-03")})
    preview = serve("--no-drafts")
    for path, words in HIDDEN.items():
        answer = preview.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 404
        assert [each for each in words if each not in re.sub(r"</?b>", "", answer.text)] == []
    assert "Page not found" in preview.get("2024/03/nothing/", headers={"accept": "text/html"}).text
    seen = window(preview.url + "2024/03/idea/")
    seen.see("This page is a draft")
    panel(seen)
    seen.tool("#drafts").check()
    seen.see("Not yet.")
    panel(seen)
    seen.tool("#drafts").uncheck()
    seen.see("This page is a draft")
    seen.complaints[:] = [said for said in seen.complaints if "404" not in said]  # as the browser says of any such page


def test_without_the_bar_pages_are_those_that_are_built(serve: Serve) -> None:
    preview = serve("--no-drafts", "--no-reload")
    assert "Page not found" in preview.get("2024/03/idea/", headers={"accept": "text/html"}).text
