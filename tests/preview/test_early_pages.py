"""A long build: the page that is looked at comes first, and nobody sees half of anything."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.factories import write_files
from tests.preview.conftest import CONFIG, OpenWindow, Serve

pytestmark = [pytest.mark.outside, pytest.mark.slow]
POSTS = 4000  # some seconds of rendering: a browser on a busy machine takes one to show a page


@pytest.fixture
def large(root: Path) -> Path:
    for number in range(POSTS):
        text = f"---\ntitle: Post {number}\n---\n" + "Some words to render.\n\n" * 10
        write_files(root, {f"content/posts/2023-01-01-{number}.md": text})
    write_files(root, {"site.toml": CONFIG + 'theme = "ours"\n'})
    write_files(root, {"themes/ours/templates/post.html": "{% extends '@default/post.html' %}"})
    return root


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


def test_who_asks_for_another_page_meanwhile_sees_how_far_it_is(large: Path, serve: Serve, window: OpenWindow) -> None:
    preview = serve()
    seen = window(preview.url)
    preview.write("site.toml", CONFIG.replace("Letters", "Other letters") + 'theme = "ours"\n')
    time.sleep(0.05)
    seen.page.goto(preview.url + "2023/01/17/")
    seen.see("Other letters")
