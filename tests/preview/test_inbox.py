"""When a burst is over, and what is known of it then."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from generator.preview.inbox import MOST_PATHS, OPEN_S, Changed, ClosedError, Inbox

PATIENCE_S = 60.0


def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def never_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a file that is still open longer than any of these tests does."""
    module = sys.modules[Inbox.__module__]
    for name in ("OPEN_S", "BURST_S"):
        monkeypatch.setattr(module, name, 10 * PATIENCE_S)


def test_a_save_is_handed_on_without_the_wait_for_a_file_that_is_open(never_closed: None) -> None:
    box = inbox()
    box.add("content/posts/a.md")
    assert box.wait(PATIENCE_S) == Changed(frozenset({"content/posts/a.md"}))


def test_a_hundred_files_are_one_burst() -> None:
    box = inbox()
    paths = [f"content/posts/{number}.md" for number in range(100)]

    def save() -> None:
        for path in paths:
            box.add(path)
            time.sleep(0.002)

    saving = threading.Thread(target=save)
    box.add(*paths[:5])
    saving.start()
    assert box.wait(PATIENCE_S) == Changed(frozenset(paths))
    saving.join()
    assert box.wait(0.05) is None


def test_a_file_that_is_being_written_is_waited_for() -> None:
    box = inbox()
    box.add("content/posts/a.md", settled=False)
    begun = time.monotonic()
    assert box.wait(PATIENCE_S) == Changed(frozenset({"content/posts/a.md"}))
    assert time.monotonic() - begun >= OPEN_S * 0.9


def test_one_that_has_been_written_is_not_waited_for(never_closed: None) -> None:
    box = inbox()
    box.add("content/posts/a.md", settled=False)
    box.add("content/posts/a.md", settled=True)
    assert box.wait(PATIENCE_S) == Changed(frozenset({"content/posts/a.md"}))


def test_a_writer_that_never_ends_is_not_waited_for_forever() -> None:
    box = inbox()
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.01):
            box.add("content/posts/log.md", settled=False)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        assert box.wait(PATIENCE_S) == Changed(frozenset({"content/posts/log.md"}))
    finally:
        stop.set()
        writing.join()


def test_a_doubt_asks_for_everything() -> None:
    box = inbox()
    box.add("content/posts/a.md")
    box.doubt()
    assert box.wait(PATIENCE_S) == Changed(None)
    box.add(*(f"content/{number}" for number in range(MOST_PATHS + 1)))
    assert box.wait(PATIENCE_S) == Changed(None)


def test_errands_come_first_and_the_burst_is_not_lost() -> None:
    box = inbox()
    done: list[str] = []
    box.add("content/posts/a.md")
    box.errand(lambda: done.append("errand"))
    errand = box.wait(PATIENCE_S)
    assert callable(errand)
    errand()
    assert done == ["errand"]
    assert box.wait(PATIENCE_S) == Changed(frozenset({"content/posts/a.md"}))


def test_a_build_is_expected_as_soon_as_something_is_known_to_have_changed() -> None:
    box = inbox()
    seen = [box.pending]
    box.add("content/posts/a.md")
    seen.append(box.pending)
    box.wait(PATIENCE_S)
    seen.append(box.pending)
    box.begun()
    seen.append(box.pending)
    box.errand(lambda: None)
    seen.append(box.pending)
    box.errand(lambda: None, builds=True)
    seen.append(box.pending)
    assert seen == [False, True, True, False, False, True]


def test_closing_ends_the_wait() -> None:
    box = inbox()
    threading.Timer(0.05, box.close).start()
    with pytest.raises(ClosedError):
        box.wait(PATIENCE_S)
