"""A change that makes thousands of pages stale: those that someone looks at or asks for are rendered first."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.factories import write_files
from tests.preview.conftest import CONFIG, PATIENCE_S, OpenWindow, Preview, Serve, until

pytestmark = pytest.mark.slow
POSTS = 4000  # some seconds of rendering: a browser on a busy machine takes one to show a page
LATEST = "content/posts/2025-01-01-latest.md"
SHOWING = ("2025/01/latest/index.html", "index.html", "2025/01/index.html", "tags/news/index.html", "feed.xml")


@pytest.fixture
def large(root: Path) -> Path:
    return fill(root, POSTS)


def fill(root: Path, posts: int) -> Path:
    for number in range(posts):
        text = f"---\ntitle: Post {number}\n---\n" + "Some words to render.\n\n" * 10
        write_files(root, {f"content/posts/2023-01-01-{number}.md": text})
    write_files(root, {"site.toml": CONFIG + 'theme = "ours"\n'})
    write_files(root, {"themes/ours/templates/post.html": "{% extends '@default/post.html' %}"})
    return root


FOOT = "{% extends '@default/post.html' %}{% block main %}{{ super() }}<p>WORDS</p>{% endblock %}"
TEMPLATE = "themes/ours/templates/post.html"


def all_rendered(root: Path, words: str) -> bool:
    """Say whether all posts' pages in the preview's folder have some words: asking for one would have it rendered."""
    site = root / ".openletter/preview/1/site"
    return all(words in file.read_text("utf-8") for file in site.glob("2023/01/*/index.html"))


@pytest.mark.outside
def test_the_open_page_is_shown_before_the_others_are_rendered(large: Path, serve: Serve, window: OpenWindow) -> None:
    preview = serve()
    seen = window(preview.url + "2023/01/300/")
    seen.ask("addEventListener('pagehide', () => sessionStorage.setItem('left', 'yes'))")
    preview.write(TEMPLATE, FOOT.replace("WORDS", "New foot."))
    seen.see("New foot.")
    assert not all_rendered(preview.root, "New foot."), "all pages were rendered"
    assert "New foot." in preview.text("2023/01/599/")
    assert seen.ask("sessionStorage.getItem('left')") is None


@pytest.mark.outside
def test_a_mistake_in_a_template_is_shown_before_the_others_are_rendered(
    large: Path, serve: Serve, window: OpenWindow
) -> None:
    preview = serve()
    seen = window(preview.url + "2023/01/300/")
    preview.write(TEMPLATE, FOOT.replace("WORDS", "{{ 1 / 0 }}"))
    seen.tool(".problems").wait_for(state="visible", timeout=PATIENCE_S * 1000)
    assert "division by zero" in seen.tool(".problems").inner_text()
    preview.write(TEMPLATE, FOOT.replace("WORDS", "Mended."))
    seen.see("Mended.")
    assert not all_rendered(preview.root, "Mended."), "all pages were rendered"
    seen.tool(".problems").wait_for(state="hidden", timeout=PATIENCE_S * 1000)


@pytest.mark.outside
def test_who_opens_another_page_meanwhile_sees_it_with_its_facts(large: Path, serve: Serve, window: OpenWindow) -> None:
    preview = serve()
    seen = window(preview.url)
    preview.write("site.toml", CONFIG.replace("Letters", "Other letters") + 'theme = "ours"\n')
    time.sleep(0.05)
    seen.page.goto(preview.url + "2023/01/17/")
    seen.see("Other letters")
    assert not all_rendered(preview.root, "Other letters"), "all pages were rendered"
    seen.page.locator("openletter-preview").get_by_text("2023-01-01-17.md").first.wait_for(
        state="attached", timeout=PATIENCE_S * 1000
    )


def test_pages_asked_for_are_rendered_at_once_and_the_rest_after_them(root: Path, serve: Serve) -> None:
    preview = serve(at=fill(root, 1500))
    preview.write(TEMPLATE, FOOT.replace("WORDS", "New foot."))
    until(lambda: "New foot." in preview.text("2023/01/700/"))
    for number in (1200, 900, 1300):
        assert "New foot." in preview.text(f"2023/01/{number}/")
    assert not all_rendered(preview.root, "New foot."), "all pages were rendered"
    assert preview.get("style.css").status_code == preview.get("nothing/here/").status_code == 404
    preview.write(TEMPLATE, FOOT.replace("WORDS", "Newer foot."))
    until(lambda: "Newer foot." in preview.text("2023/01/700/"))
    assert "Newer foot." in preview.text("2023/01/1200/")
    until(lambda: all_rendered(preview.root, "Newer foot."))
    until(lambda: "rebuilt" in preview.lines[-1] and "to follow" not in preview.lines[-1])


def test_a_page_that_moves_is_gone_from_its_old_address_while_others_are_stale(root: Path, serve: Serve) -> None:
    preview = serve("--no-reload", at=fill(root, 1500))
    preview.write("site.toml", CONFIG + 'theme = "ours"\n[permalinks]\npost = "/{slug}/"\n')
    until(lambda: preview.get("700/").status_code == 200)
    assert preview.get("2023/01/700/").status_code == 404
    assert preview.get("701").status_code == 307, "a page that was not rendered yet"
    assert preview.get("2023/01/702").status_code == 404
    site = preview.root / ".openletter/preview/1/site"
    assert not all((site / f"{number}/index.html").exists() for number in range(1500)), "all pages were rendered"


@contextmanager
def looked_at(preview: Preview, paths: tuple[str, ...]) -> Iterator[None]:
    """Have pages open, as a browser would: each with its stream of events."""
    end = threading.Event()

    def follow(path: str) -> None:
        events = f"{preview.url}__openletter/events?path={path}&build=-1&session=x"
        with httpx.stream("GET", events, timeout=PATIENCE_S) as stream:
            opened.release()
            for _ in stream.iter_lines():
                if end.is_set():
                    return

    opened = threading.Semaphore(0)
    threads = [threading.Thread(target=follow, args=(path,), daemon=True) for path in paths]
    for thread in threads:
        thread.start()
    assert all(opened.acquire(timeout=PATIENCE_S) for _ in threads)
    try:
        yield
    finally:
        end.set()


def test_no_answer_is_older_than_the_newest_event(root: Path, serve: Serve) -> None:
    """Save the settings; when the open pages are there early, save the post that they all show."""
    fill(root, 3000)
    write_files(root, {LATEST: "---\ntitle: Latest\ntags: [news]\n---\nBefore.\n"})
    preview = serve()
    with looked_at(preview, SHOWING), ThreadPoolExecutor(len(SHOWING)) as pool:
        assert all("Before." in text for text in pool.map(preview.text, SHOWING))
        preview.write("site.toml", CONFIG.replace("Letters", "Other letters") + 'theme = "ours"\n')
        until(lambda: "Other letters" in preview.text(SHOWING[0]))
        preview.write(LATEST, "---\ntitle: Latest\ntags: [news]\n---\nAfter.\n")
        time.sleep(0.2)  # the event arrives
        assert not all_rendered(preview.root, "Other letters"), "all pages were rendered"
        found = list(pool.map(preview.text, SHOWING))
    assert [path for path, text in zip(SHOWING, found, strict=True) if "After." not in text] == []
    assert all("Other letters" in text for text in found)
