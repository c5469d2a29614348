"""When a burst is over, and what is known of it then."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from generator.preview.task_queue import MAX_PATHS, UNCLOSED_S, ChangedSources, QueueClosedError, TaskQueue

PATIENCE_S = 60.0


def queue() -> TaskQueue:
    return TaskQueue()


@pytest.fixture
def never_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a file that is still open longer than any of these tests does."""
    module = sys.modules[TaskQueue.__module__]
    for name in ("UNCLOSED_S", "BURST_S"):
        monkeypatch.setattr(module, name, 10 * PATIENCE_S)


def test_a_save_is_handed_on_without_the_wait_for_a_file_that_is_open(never_closed: None) -> None:
    box = queue()
    box.add_paths("content/posts/a.md")
    assert box.take(PATIENCE_S) == ChangedSources(frozenset({"content/posts/a.md"}))


def test_a_hundred_files_are_few_bursts() -> None:
    """They are one, unless the machine is so busy that saving pauses for longer than the end of a burst."""
    box = queue()
    paths = [f"content/posts/{number}.md" for number in range(100)]

    def save() -> None:
        for path in paths:
            box.add_paths(path)
            time.sleep(0.002)

    saving = threading.Thread(target=save)
    box.add_paths(*paths[:5])
    saving.start()
    bursts: list[frozenset[str]] = []
    while frozenset().union(*bursts) != frozenset(paths):
        item = box.take(PATIENCE_S)
        assert isinstance(item, ChangedSources)
        assert item.hint
        bursts.append(item.hint)
    saving.join()
    assert len(bursts) <= 10
    assert box.take(0.05) is None


def test_a_file_that_is_being_written_is_waited_for() -> None:
    box = queue()
    box.add_paths("content/posts/a.md", settled=False)
    begun = time.monotonic()
    assert box.take(PATIENCE_S) == ChangedSources(frozenset({"content/posts/a.md"}))
    assert time.monotonic() - begun >= UNCLOSED_S * 0.9


def test_one_that_has_been_written_is_not_waited_for(never_closed: None) -> None:
    box = queue()
    box.add_paths("content/posts/a.md", settled=False)
    box.add_paths("content/posts/a.md", settled=True)
    assert box.take(PATIENCE_S) == ChangedSources(frozenset({"content/posts/a.md"}))


def test_a_writer_that_never_ends_is_not_waited_for_forever() -> None:
    box = queue()
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.01):
            box.add_paths("content/posts/log.md", settled=False)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        assert box.take(PATIENCE_S) == ChangedSources(frozenset({"content/posts/log.md"}))
    finally:
        stop.set()
        writing.join()


def test_a_rescan_asks_for_everything() -> None:
    box = queue()
    box.add_paths("content/posts/a.md")
    box.request_rescan()
    assert box.take(PATIENCE_S) == ChangedSources(None)
    box.add_paths(*(f"content/{number}" for number in range(MAX_PATHS + 1)))
    assert box.take(PATIENCE_S) == ChangedSources(None)


def test_tasks_come_first_and_the_burst_is_not_lost() -> None:
    box = queue()
    done: list[str] = []
    box.add_paths("content/posts/a.md")
    box.add_task(lambda: done.append("task"))
    task = box.take(PATIENCE_S)
    assert callable(task)
    task()
    assert done == ["task"]
    assert box.take(PATIENCE_S) == ChangedSources(frozenset({"content/posts/a.md"}))


def test_a_build_is_due_as_soon_as_something_is_known_to_have_changed() -> None:
    box = queue()
    seen = [box.builds_due]
    box.add_paths("content/posts/a.md")
    seen.append(box.builds_due)
    box.take(PATIENCE_S)
    seen.append(box.builds_due)
    box.mark_build_started()
    seen.append(box.builds_due)
    box.add_task(lambda: None)
    seen.append(box.builds_due)
    box.add_task(lambda: None, builds=True)
    seen.append(box.builds_due)
    assert seen == [0, 1, 1, 0, 0, 1]


def test_a_change_behind_the_one_that_was_taken_needs_a_second_build() -> None:
    box = queue()
    box.add_paths("site.toml")
    box.take(PATIENCE_S)
    box.add_paths("content/posts/a.md", "content/posts/b.md")
    assert box.builds_due == 2
    box.mark_build_started()
    assert box.builds_due == 1


def test_a_task_that_builds_covers_the_paths_behind_it_but_no_other_task() -> None:
    box = queue()
    box.add_paths("content/posts/a.md")
    box.add_task(lambda: None, builds=True)
    assert box.builds_due == 1
    box.add_task(lambda: None, builds=True)
    assert box.builds_due == 2


def test_closing_ends_the_wait() -> None:
    box = queue()
    threading.Timer(0.05, box.close).start()
    with pytest.raises(QueueClosedError):
        box.take(PATIENCE_S)
