"""Every kind of file: saved, built, on the screen."""

from __future__ import annotations

import time

import pytest

from tests.factories import plain_post
from tests.preview.conftest import CONFIG, OpenWindow, Preview, Serve, until

pytestmark = [pytest.mark.outside, pytest.mark.slow]

FIRST = "content/posts/2024-01-01-first.md"
SECOND = "content/posts/2024-02-02-second.md"


def test_an_edited_text_appears_with_the_scroll_position_kept(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url + "2024/02/second/", height=400)
    seen.ask("scrollTo({top: 700, behavior: 'instant'})")
    preview.edit(SECOND, "Paragraph 30.", "Paragraph thirty.")
    seen.see("Paragraph thirty.")
    assert seen.ask("scrollY") == 700


def test_a_changed_page_is_what_a_fresh_load_shows(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url + "2024/02/second/")
    preview.edit(SECOND, "title: Second", "title: Second thoughts\ntags: [new, ideas]")
    seen.see("Second thoughts")
    kept = "[document.head.innerHTML, document.body.outerHTML]"
    changed = seen.ask(kept)
    seen.page.reload()
    seen.page.locator("openletter-preview").wait_for(state="attached")
    assert changed == seen.ask(kept)


def test_a_style_sheet_is_exchanged_without_loading_the_page_again(serve: Serve, window: OpenWindow) -> None:
    preview = serve()
    preview.write("site.toml", CONFIG + 'theme = "ours"\n')
    preview.write("themes/ours/static/style.css", "body { background: rgb(1, 2, 3) }\n")
    colour = "getComputedStyle(document.body).backgroundColor"
    seen = window(preview.url)
    until(lambda: seen.ask(colour) == "rgb(1, 2, 3)")
    seen.ask("document.body.dataset.mine = 'kept'")
    preview.write("themes/ours/static/style.css", "body { background: rgb(4, 5, 6) }\n")
    until(lambda: seen.ask(colour) == "rgb(4, 5, 6)")
    assert seen.ask("document.body.dataset.mine") == "kept"


def test_a_template_a_setting_and_a_new_post_appear(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url)
    preview.write("site.toml", CONFIG.replace("Letters", "Notes from the yard") + 'theme = "ours"\n')
    seen.see("Notes from the yard")
    preview.write(
        "themes/ours/templates/home.html", "{% extends '@default/home.html' %}{% block main %}Ours{% endblock %}"
    )
    seen.see("Ours")
    (preview.root / "themes/ours/templates/home.html").unlink()
    preview.write("content/posts/2024-04-04-new.md", plain_post("Brand new", date="2024-04-04"))
    seen.see("Brand new")
    (preview.root / "content/posts/2024-04-04-new.md").unlink()
    seen.page.get_by_text("Brand new").wait_for(state="detached")


def test_a_picture_that_changes_under_its_name_is_shown(preview: Preview, window: OpenWindow) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="10"><rect width="{0}" height="10"/></svg>'
    preview.write("content/posts/2024-05-05-drawn/plan.svg", drawing.format(40))
    preview.write(
        "content/posts/2024-05-05-drawn/index.md", plain_post("Drawn", "![A plan](plan.svg)", date="2024-05-05")
    )
    until(lambda: preview.get("2024/05/drawn/").status_code == 200)
    seen = window(preview.url + "2024/05/drawn/")
    width = "document.querySelector('.prose img')?.naturalWidth"
    until(lambda: seen.ask(width) == 40)
    preview.write("content/posts/2024-05-05-drawn/plan.svg", drawing.format(60))
    until(lambda: seen.ask(width) == 60)


def test_comments_and_newsletters_appear(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url + "2024/01/first/")
    comment = "- {id: c1, author: Ida Okafor, date: 2024-01-02, body: Well said.}\n"
    preview.write("content/posts/2024-01-01-first.comments.yaml", comment)
    seen.see("Well said.")
    seen.page.goto(preview.url + "newsletter/spring/")
    issue = "---\ntitle: Spring\ndate: 2024-04-01\nposts: [first]\n---\nDear readers.\n"
    preview.write("content/newsletters/spring.md", issue)
    seen.see("Dear readers.")
    seen.complaints[:] = [said for said in seen.complaints if "404" not in said]  # the page was not there at first


def test_a_page_that_goes_and_comes_back_is_followed(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url + "2024/01/first/")
    text = preview.read(FIRST)
    (preview.root / FIRST).unlink()
    seen.see("Page not found")
    preview.write(FIRST, text)
    seen.see("The first of all.")
    seen.complaints[:] = [said for said in seen.complaints if "404" not in said]


def test_two_browsers_both_follow(preview: Preview, window: OpenWindow) -> None:
    one, other = window(preview.url + "2024/01/first/"), window(preview.url, width=390)
    preview.edit(FIRST, "title: First", "title: First of two")
    one.see("First of two")
    other.see("First of two")


def test_edits_in_quick_succession_end_with_the_last(preview: Preview, window: OpenWindow) -> None:
    seen = window(preview.url + "2024/01/first/")
    for number in range(30):
        preview.write(FIRST, plain_post("First", f"Version {number}.", date="2024-01-01"))
        time.sleep(0.02)
    seen.see("Version 29.")


def test_a_page_with_a_strict_policy_or_a_base_elsewhere_is_followed_too(preview: Preview, window: OpenWindow) -> None:
    policy = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'">"""
    base = '<base href="https://elsewhere.example/">'
    page = '<!doctype html><html lang="en"><head>{}<title>x</title></head><body><p>{}</p></body></html>'
    for name, head in (("strict", policy), ("based", base)):
        preview.write(f"content/static/{name}.html", page.format(head, "One"))
        until(lambda name=name: preview.get(f"{name}.html").status_code == 200)  # type: ignore[misc]
        seen = window(f"{preview.url}{name}.html")
        seen.tool(".toggle").wait_for(state="visible")
        preview.write(f"content/static/{name}.html", page.format(head, "Two"))
        seen.see("Two")


def test_a_page_with_a_script_of_its_own_is_loaded_again(preview: Preview, window: OpenWindow) -> None:
    preview.write("content/static/own.js", "document.documentElement.dataset.ran = performance.timeOrigin\n")
    page = '<!doctype html><html lang="en"><head><title>x</title><script src="own.js"></script></head><body>{}</html>'
    preview.write("content/static/own.html", page.format("One"))
    until(lambda: preview.get("own.html").status_code == 200)
    seen = window(preview.url + "own.html")
    before = seen.ask("document.documentElement.dataset.ran")
    preview.write("content/static/own.html", page.format("Two"))
    seen.see("Two")
    assert seen.ask("document.documentElement.dataset.ran") != before
