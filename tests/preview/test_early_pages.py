"""A long build: the page that is looked at comes first, and nobody sees half of anything."""

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


@pytest.mark.outside
def test_the_open_page_is_shown_before_the_others_are_rendered(large: Path, serve: Serve, window: OpenWindow) -> None:
    preview = serve()
    seen = window(preview.url + "2023/01/300/")
    seen.ask("addEventListener('pagehide', () => sessionStorage.setItem('left', 'yes'))")
    said = len(preview.lines)
    preview.write(
        "themes/ours/templates/post.html",
        "{% extends '@default/post.html' %}{% block main %}{{ super() }}<p>New foot.</p>{% endblock %}",
    )
    seen.see("New foot.")
    assert preview.lines[said:] == [], "the build was over"
    assert "New foot." in preview.text("2023/01/599/")
    assert seen.ask("sessionStorage.getItem('left')") is None


@pytest.mark.outside
def test_who_asks_for_another_page_meanwhile_sees_how_far_it_is(large: Path, serve: Serve, window: OpenWindow) -> None:
    preview = serve()
    seen = window(preview.url)
    preview.write("site.toml", CONFIG.replace("Letters", "Other letters") + 'theme = "ours"\n')
    time.sleep(0.05)
    seen.page.goto(preview.url + "2023/01/17/")
    seen.see("Other letters")


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
        said = len(preview.lines)
        preview.write("site.toml", CONFIG.replace("Letters", "Other letters") + 'theme = "ours"\n')
        until(lambda: "Other letters" in preview.text(SHOWING[0]))
        assert preview.lines[said:] == [], "the build was over"
        preview.write(LATEST, "---\ntitle: Latest\ntags: [news]\n---\nAfter.\n")
        time.sleep(0.2)  # the event arrives
        assert preview.lines[said:] == [], "the build was over"
        found = list(pool.map(preview.text, SHOWING))
    assert [path for path, text in zip(SHOWING, found, strict=True) if "After." not in text] == []
    assert all("Other letters" in text for text in found)
