"""What the watcher makes of how editors, git and people treat files."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.preview.task_queue import ChangedSources, Hint, TaskQueue
from generator.preview.watcher import Watcher
from tests.preview.conftest import until

pytestmark = pytest.mark.slow
Settle = Callable[[], list[Hint]]
POST = "content/posts/a.md"


@pytest.fixture(params=["events", "polling"])
def seen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settle]:
    """Watch a site; gives a function that waits until nothing more comes, and lists the hints of what came."""
    for folder in ("content/posts", "themes/ours", "output", ".openletter/preview"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / POST).write_text("one")
    (tmp_path / "site.toml").write_text("title = 'x'")
    queue = TaskQueue()
    watcher = Watcher(tmp_path, queue, poll=request.param == "polling")
    watcher.start()

    def settle() -> list[Hint]:
        hints = []
        while isinstance(mail := queue.take(1.2), ChangedSources):
            if mail.hint is None:
                watcher.refresh()
            hints.append(mail.hint)
        return hints

    settle()
    yield settle
    watcher.stop()


def everything(hints: list[Hint]) -> set[str]:
    return {path for hint in hints for path in (hint or ["*"])}


def test_a_saved_file_is_named(seen: Settle, tmp_path: Path) -> None:
    (tmp_path / POST).write_text("two, and longer")
    assert seen() == [frozenset({POST})]


def test_a_save_by_rename_names_the_file(seen: Settle, tmp_path: Path) -> None:
    (tmp_path / "content/posts/.a.md.tmp").write_text("two, and longer")
    (tmp_path / "content/posts/.a.md.tmp").replace(tmp_path / POST)
    assert POST in everything(seen())


def test_a_save_as_vim_does_it_names_the_file_alone(seen: Settle, tmp_path: Path) -> None:
    (tmp_path / "content/posts/4913").write_text("")
    (tmp_path / "content/posts/4913").unlink()
    (tmp_path / POST).rename(tmp_path / "content/posts/a.md~")
    (tmp_path / POST).write_text("two, and longer")
    (tmp_path / "content/posts/a.md~").unlink()
    (tmp_path / "content/posts/.a.md.swp").write_text("litter")
    assert everything(seen()) == {POST}


def test_a_hundred_files_come_together(seen: Settle, tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"content/posts/{number}.md").write_text("x")
    hints = seen()
    assert len(hints) <= 3, "on a busy machine, writing them takes longer than the watcher waits"
    assert len(everything(hints)) == 100


def test_litter_and_our_own_folders_are_passed_over(seen: Settle, tmp_path: Path) -> None:
    for path in ("content/posts/.#a.md", "content/posts/#a.md#", "content/.DS_Store", "output/index.html"):
        (tmp_path / path).write_text("x")
    (tmp_path / ".openletter/preview/state").write_text("x")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / POST).read_text()
    assert seen() == []


def test_settings_and_themes_are_watched(seen: Settle, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("title = 'another'")
    assert everything(seen()) == {"site.toml"}
    (tmp_path / "themes/ours/theme.toml").write_text("x = 1")
    assert "themes/ours/theme.toml" in everything(seen())


def test_a_folder_that_comes_with_files_in_it_is_looked_at_whole(seen: Settle, tmp_path: Path) -> None:
    (tmp_path / "elsewhere/deep").mkdir(parents=True)
    (tmp_path / "elsewhere/deep/index.md").write_text("x")
    (tmp_path / "elsewhere").rename(tmp_path / "content/posts/bundle")
    found = everything(seen())
    assert "*" in found or "content/posts/bundle/deep/index.md" in found
    (tmp_path / "content/posts/bundle/deep/index.md").write_text("changed")
    assert "content/posts/bundle/deep/index.md" in everything(seen())


def test_a_content_folder_that_goes_and_comes_back_is_watched_again(seen: Settle, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "content")
    assert None in seen()
    (tmp_path / "content/posts").mkdir(parents=True)
    assert None in seen()
    (tmp_path / POST).write_text("back")
    assert POST in everything(seen())


def test_a_content_folder_put_in_the_other_s_place_is_watched(seen: Settle, tmp_path: Path) -> None:
    (tmp_path / "other/posts").mkdir(parents=True)
    (tmp_path / "content").rename(tmp_path / "old")
    (tmp_path / "other").rename(tmp_path / "content")
    assert None in seen()
    (tmp_path / POST).write_text("new")
    assert POST in everything(seen())


def test_where_the_system_watches_no_more_folders_they_are_looked_at(tmp_path: Path, monkeypatch: Any) -> None:
    from watchdog.observers import Observer

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "schedule", refuse)
    (tmp_path / "content").mkdir()
    queue = TaskQueue()
    watcher = Watcher(tmp_path, queue, poll=False)
    watcher.start()
    try:
        (tmp_path / "content/a.md").write_text("x")
        assert until(lambda: queue.take(0.1)) == ChangedSources(frozenset({"content/a.md"}))
    finally:
        watcher.stop()


def test_what_watchdog_warns_of_is_a_doubt(tmp_path: Path) -> None:
    import logging

    queue = TaskQueue()
    watcher = Watcher(tmp_path, queue, poll=False)
    watcher.start()
    try:
        logging.getLogger("watchdog.observers.inotify_c").warning(
            "Inotify queue overflowed; filesystem events were lost"
        )
        assert until(lambda: queue.take(0.1)) == ChangedSources(None)
    finally:
        watcher.stop()
