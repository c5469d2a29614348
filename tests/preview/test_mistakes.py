"""Every kind of mistake: shown over the last good page, and gone when it is mended."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories import plain_post, write_files
from tests.preview.conftest import CONFIG, FILES, OpenWindow, Preview, Serve, Window, until

pytestmark = [pytest.mark.outside, pytest.mark.slow]

FIRST = "content/posts/2024-01-01-first.md"
GOOD = FILES[FIRST]
TEMPLATE = "themes/ours/templates/post.html"
OURS = CONFIG + 'theme = "ours"\n'

MISTAKES: dict[str, tuple[str, str | bytes, str, str]] = {
    "front matter": (
        FIRST,
        "---\ntitle: [First\ndate: 2024-01-01\n---\nThe first of all.\n",
        "front-matter",
        "title: [First",
    ),
    "no title": (FIRST, "---\ndate: 2024-01-01\n---\nThe first of all.\n", "title", ""),
    "bad date": (FIRST, GOOD.replace("2024-01-01", "12/31"), "date", "date: 12/31"),
    "not text": (FIRST, b"\xff\xfe\x00\xd8broken", "UTF-16", ""),
    "missing picture": (FIRST, GOOD + "\n![A lamp](lamp.jpg)\n", "dead-picture", "![A lamp](lamp.jpg)"),
    "dead link": (FIRST, GOOD + "\n[there](nowhere.md)\n", "dead-link", "[there](nowhere.md)"),
    "template syntax": (TEMPLATE, "{% extends '@default/post.html' %}\n{% block main %}\n", "template-syntax", ""),
    "template name": (
        TEMPLATE,
        "{% extends '@default/post.html' %}\n{% block main %}{{ nobody.knows }}{% endblock %}\n",
        "template-failed",
        "{{ nobody.knows }}",
    ),
    "configuration syntax": ("site.toml", OURS + "broken = [\n", "config-syntax", ""),
    "configuration value": ("site.toml", OURS.replace("UTC", "Nowhere/Else"), "config-timezone", "Nowhere/Else"),
    "unknown theme": ("site.toml", CONFIG + 'theme = "theirs"\n', "theme-unknown", "theirs"),
    "theme settings": ("themes/ours/theme.toml", "options = 5\n[", "config-syntax", ""),
}


@pytest.fixture
def ours(root: Path, serve: Serve) -> Preview:
    """Give a preview of the site in a theme of its own."""
    write_files(root, {"site.toml": OURS})
    write_files(root, {TEMPLATE: "{% extends '@default/post.html' %}\n"})
    return serve()


def problems(seen: Window) -> Callable[[], str]:
    return lambda: seen.tool(".problems").inner_text() if seen.tool(".problems").is_visible() else ""


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_shown_over_the_last_good_page_and_goes_when_mended(
    ours: Preview, window: OpenWindow, mistake: str
) -> None:
    path, broken, code, line = MISTAKES[mistake]
    good = ours.read(path) if (ours.root / path).is_file() else None
    seen = window(ours.url + "2024/01/first/")
    assert not seen.tool(".problems").is_visible()
    ours.write(path, broken)
    seen.tool(".problems").wait_for(state="visible")
    said = until(problems(seen))
    assert path in said
    assert code in said
    assert line in said
    seen.see("The first of all.")
    until(lambda: any(path in each and code in each for each in ours.errors), "the terminal says the same")
    if good is None:
        (ours.root / path).unlink()
    else:
        ours.write(path, good)
    seen.tool(".problems").wait_for(state="hidden")
    seen.see("The first of all.")


def test_a_mistake_elsewhere_is_shown_too_but_a_warning_elsewhere_only_counted(
    ours: Preview, window: OpenWindow
) -> None:
    seen = window(ours.url)
    ours.write(FIRST, MISTAKES["dead link"][1])
    until(lambda: "1 warning" in seen.tool(".toggle").inner_text())
    assert not seen.tool(".problems").is_visible()
    ours.write(FIRST, MISTAKES["bad date"][1])
    seen.tool(".problems").wait_for(state="visible")
    assert "1 error" in seen.tool(".toggle").inner_text()
    ours.write(FIRST, GOOD)
    seen.tool(".problems").wait_for(state="hidden")
    assert seen.tool(".chip").is_hidden()


def test_a_list_that_was_dismissed_stays_away_until_it_changes(ours: Preview, window: OpenWindow) -> None:
    seen = window(ours.url + "2024/01/first/")
    ours.write(FIRST, MISTAKES["bad date"][1])
    seen.tool(".problems").wait_for(state="visible")
    seen.tool(".problems header button").click()
    assert seen.tool(".problems").is_hidden()
    seen.page.reload()
    until(lambda: "1 error" in seen.tool(".toggle").inner_text())
    assert seen.tool(".problems").is_hidden()
    ours.write(FIRST, MISTAKES["no title"][1])
    seen.tool(".problems").wait_for(state="visible")
    seen.page.keyboard.press("Tab")


def test_a_content_folder_that_is_deleted_does_not_end_the_preview(ours: Preview, window: OpenWindow) -> None:
    kept = ours.root.parent / "kept"
    shutil.copytree(ours.root / "content", kept)
    seen = window(ours.url)
    seen.see("First")
    shutil.rmtree(ours.root / "content")
    seen.page.get_by_text("First").first.wait_for(state="detached")
    shutil.copytree(kept, ours.root / "content")
    seen.see("First")
    assert not seen.tool(".problems").is_visible()


def test_a_site_that_is_wrong_from_the_start_is_served_once_it_is_mended(
    root: Path, serve: Serve, window: OpenWindow
) -> None:
    write_files(root, {"site.toml": CONFIG + "broken = [\n"})
    preview = serve()
    seen = window(preview.url)
    seen.tool(".problems").wait_for(state="visible")
    assert "site.toml" in problems(seen)()
    write_files(root, {"site.toml": CONFIG})
    seen.see("Letters")
    seen.tool(".problems").wait_for(state="hidden")


def test_a_source_can_be_opened_from_its_problem(root: Path, serve: Serve, window: OpenWindow) -> None:
    opened = root.parent / "opened"
    preview = serve("--editor", f"sh -c 'echo \"$0\" > {opened}' {{file}}:{{line}}")
    seen = window(preview.url)
    preview.write(FIRST, GOOD.replace("2024-01-01", "12/31"))
    seen.tool(".problems .place button").click()
    until(opened.is_file)
    until(lambda: opened.read_text().strip() == f"{root / FIRST}:3", opened.read_text())


def test_new_posts_and_many_problems_do_not_drown_the_page(ours: Preview, window: OpenWindow) -> None:
    seen = window(ours.url)
    for number in range(150):
        ours.write(f"content/posts/2024-06-01-{number}.md", plain_post(f"Wrong {number}", date="12/31"))
    until(lambda: "150 errors" in seen.tool(".toggle").inner_text())
    assert seen.tool(".problems li").count() == 100
    assert "150 errors; the first 100 are listed" in seen.tool(".problems h2").inner_text()


def test_the_head_counts_this_page_and_the_others_notes_included(ours: Preview, window: OpenWindow) -> None:
    ours.write(FIRST, GOOD + "\n[there](nowhere.md) [idea](2099-01-01-later.md) ![](https://pictures.example/x.png)\n")
    ours.write("content/posts/2024-02-03-other.md", plain_post("Other", "[a](no.md) [b](no2.md)", date="2024-02-03"))
    seen = window(ours.url + "2024/01/first/")
    until(lambda: "2 more on other pages" in problems(seen)())
    assert "1 warning, 2 notes; 2 more on other pages" in problems(seen)()
    seen.page.goto(ours.url + "about/")
    until(lambda: "3 warnings" in seen.tool(".toggle").inner_text())
    assert not seen.tool(".problems").is_visible()
    seen.tool(".toggle").click()
    assert "5 problems on other pages" in seen.tool(".panel").inner_text()
    seen.tool(".panel .link").click()
    assert "3 warnings, 2 notes" in problems(seen)()
