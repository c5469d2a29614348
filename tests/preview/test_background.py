"""Other processes render what nobody waits for: the right pages under fire, and none of them outlives the preview."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.factories import write_files
from tests.preview.conftest import CONFIG, PATIENCE_S, Preview, Serve, helpers, until
from tests.preview.test_pages_first import FOOT, TEMPLATE, all_rendered, fill

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes in /proc"),
    pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor has no other process to help"),
]
POSTS = 600


def is_running(process: int) -> bool:
    """Say whether a process is there; one that has ended may wait for its parent to ask how."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.fixture
def large(root: Path) -> Path:
    return fill(root, POSTS)


def save(preview: Preview, words: str) -> None:
    preview.write(TEMPLATE, FOOT.replace("WORDS", words))


def shows(preview: Preview, words: str) -> bool:
    return words in preview.text("2023/01/1/")


def helps_or_is_done(preview: Preview, words: str) -> bool:
    return bool(helpers(preview)) or all_rendered(preview.root, words)


def is_longer(seen: list[int], length: int) -> bool:
    return len(seen) > length


@pytest.mark.parametrize(
    ("number", "moment"),
    [(signal.SIGINT, "at work"), (signal.SIGTERM, "at work"), (signal.SIGKILL, "at work"), (signal.SIGKILL, "idle")],
)
def test_no_process_outlives_the_preview(large: Path, serve: Serve, number: int, moment: str) -> None:
    preview = serve(at=large)
    assert helpers(preview) == []
    save(preview, "New foot.")
    started = until(lambda: helpers(preview))
    if moment == "idle":
        until(lambda: all_rendered(preview.root, "New foot."))
    if number == signal.SIGKILL:
        preview.kill()
    else:
        preview.process.send_signal(number)
    assert preview.process.wait(PATIENCE_S) == (-number if number == signal.SIGKILL else 0)
    until(lambda: not any(map(is_running, started)))


def test_edits_and_requests_while_other_processes_render(large: Path, serve: Serve) -> None:
    """Save templates, settings and a post while five readers ask: no answer is older than the save before it."""
    preview = serve("--no-reload", at=large)
    saved, seen, wrong = [0], list[int](), list[str]()
    end = threading.Event()

    def read(first: int) -> None:
        number = first
        while not end.is_set():
            number = (number + 7) % POSTS
            least = saved[0]
            text = preview.text(f"2023/01/{number}/")
            found = int(text.partition("Foot number ")[2].partition(".")[0] or 0)
            seen.append(found)
            if found < least:
                wrong.append(f"{number}: {found} after {least}")

    helped = False
    with ThreadPoolExecutor(5) as readers:
        for first in range(5):
            readers.submit(read, first * 100)
        try:
            for number in range(1, 9):
                save(preview, f"Foot number {number}.")
                until(partial(shows, preview, f"Foot number {number}."))
                saved[0] = number
                if number % 4 == 0:
                    preview.write("site.toml", CONFIG.replace("Letters", f"Letters {number}") + 'theme = "ours"\n')
                if number % 4 == 2:
                    write_files(large, {"content/posts/2023-01-01-1.md": f"---\ntitle: One {number}\n---\nText.\n"})
                until(partial(is_longer, seen, len(seen) + 20))
                helped = helped or bool(helpers(preview))
        finally:
            end.set()
    assert wrong == []
    until(lambda: all_rendered(preview.root, "Foot number 8."))
    until(lambda: all_rendered(preview.root, "Letters 8"))
    assert "One 6" in preview.text("2023/01/1/")
    assert helped


def test_a_process_that_is_killed_or_stopped_is_not_waited_for(large: Path, serve: Serve) -> None:
    preview = serve(at=large)
    for round_, number in enumerate((signal.SIGKILL, signal.SIGSTOP, signal.SIGKILL)):
        found, words = list[int](), ""
        for attempt in range(20):  # on a busy machine, too little may be left to do when others are asked for help
            words = f"Save {round_} {attempt}."
            save(preview, words)
            until(partial(helps_or_is_done, preview, words))
            if found := helpers(preview):
                break
        assert found
        for process in found:
            os.kill(process, number)
        until(partial(all_rendered, preview.root, words))
