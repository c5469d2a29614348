"""A live preview's stale pages, rendered by processes beside it, are those that this process would render."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from generator.engine.processes import background_renderers
from generator.engine.processes.background_renderers import BackgroundRenderers
from generator.engine.rendering import RenderResult
from generator.engine.request import ANY
from generator.model import Target
from generator.store.state import Store
from tests.engine.test_left_pages import TEMPLATE, Desk, nothing, only, page, words
from tests.factories import config, post, write_files
from tests.guards import wait_until
from tests.soak.spawned import anything, render_elsewhere, some

Site = Callable[[Mapping[str, str | bytes]], Path]
Taken = tuple[Target, RenderResult | None]
POSTS = 40
EXTENSION = "def extend(registry):\n    registry.query('shout', lambda index, text: text.upper() + 'N')\n"

pytestmark = pytest.mark.slow


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have even small sites rendered elsewhere, and wait for it: lists which outputs were."""
    return render_elsewhere(monkeypatch)


@pytest.fixture
def desk(site: Site) -> Iterator[Desk]:
    posts = {f"posts/2024-01-01-p{n}.md": post(f"P{n}", "[x](p.md)", tags=["all"], summary="S.") for n in range(POSTS)}
    theme = {"themes/mine/theme.toml": 'extends = "default"\n', TEMPLATE: "{% extends '@default/post.html' %}"}
    made = Desk(site({**posts, **theme, "site.toml": config('theme = "mine"\n')}), jobs=2)
    made.build(ask=anything, whole=True)
    yield made
    made.engine.__exit__(None, None, None)
    assert multiprocessing.active_children() == []


def background(desk: Desk) -> BackgroundRenderers:
    assert desk.engine._cache is not None
    return desk.engine._cache.background


def test_after_each_edit_the_rest_is_rendered_elsewhere_and_equals_a_clean_build(
    desk: Desk, elsewhere: list[str]
) -> None:
    edits = {
        TEMPLATE: words("New"),
        "content/posts/2024-01-01-p5.md": post("Other", "Another text", tags=["new"]),
        "content/posts/2024-02-01-new.md": post("New", "[P5](2024-01-01-p5.md)", tags=["all"]),
        "site.toml": config('theme = "mine"\ndescription = "Other"\n[permalinks]\npost = "/{slug}/"\n'),
        "themes/mine/templates/tag.html": words("Tag", "tag.html"),
        "content/static/a.txt": "A file",
    }
    for path, text in edits.items():
        desk.change(path, text)
        left = {*desk.left}
        elsewhere.clear()
        report = desk.build(ask=anything)
        assert {*report.rendered} == left
        assert len(elsewhere) == len(left), path
        assert desk.output() == desk.clean(), path
        assert desk.build(ask=anything).rendered == {}
    (process,) = background(desk)._processes
    assert process.number >= len(edits) - 1, "it was another process"


def test_what_was_rendered_before_a_change_is_never_written(desk: Desk, elsewhere: list[str]) -> None:
    changes = {
        TEMPLATE: words("Second"),
        "content/posts/2024-01-01-p5.md": post("P5 anew", tags=["all"]),
        "site.toml": config('theme = "mine"\ndescription = "Third"\n'),
    }
    for number, (path, text) in enumerate(changes.items()):
        desk.change(TEMPLATE, words(f"Before {number}"), page(1))
        desk.build(ask=some(3))
        helping = background(desk)
        assert helping._ready
        assert any(process.owed for process in helping._processes)
        desk.change(path, text, page(2))
        assert desk.output()[page(1)] != desk.clean()[page(1)] or path != TEMPLATE
        desk.build(ask=anything)
        assert desk.output() == desk.clean(), path
    assert elsewhere


def test_pages_asked_for_are_rendered_here_while_others_are_rendered_elsewhere(
    desk: Desk, elsewhere: list[str]
) -> None:
    desk.change(TEMPLATE, words("New"))
    desk.build(ask=some(2))
    asked = [page(n) for n in (30, 31, 2, 3) if page(n) in desk.left]
    elsewhere.clear()
    desk.build(ask=only(*asked))
    assert elsewhere == []
    desk.build(ask=anything)
    assert elsewhere
    assert desk.output() == desk.clean()


def kill(desk: Desk, number: int) -> None:
    for each in background(desk)._processes:
        assert each.process.pid is not None
        os.kill(each.process.pid, number)


@pytest.mark.parametrize("is_ready", [False, True])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP])
def test_a_process_that_dies_or_hangs_costs_nothing(desk: Desk, elsewhere: list[str], how: int, is_ready: bool) -> None:
    desk.change(TEMPLATE, words("New"))
    desk.build(ask=some(3 if is_ready else 0))
    if not is_ready:
        background(desk)._start()
    kill(desk, how)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BackgroundRenderers, "take", _without_waiting)
        desk.build(ask=anything)
    assert desk.output() == desk.clean()
    kill(desk, signal.SIGKILL)
    wait_until(lambda: not any(each.process.is_alive() for each in background(desk)._processes))
    desk.change(TEMPLATE, words("Newer"))
    elsewhere.clear()
    desk.build(ask=anything)
    assert elsewhere, "none was started after the next change"
    assert desk.output() == desk.clean()


_without_waiting = BackgroundRenderers.take


@pytest.mark.parametrize("fault", ["no process", "no context", "a chunk fails"])
def test_without_help_this_process_renders_all(
    desk: Desk, elsewhere: list[str], monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    if fault == "no process":
        monkeypatch.setattr(background_renderers, "start_worker", _refuse)
    elif fault == "no context":
        monkeypatch.setattr("generator.engine.portable_context.StoredContext", Unopened)
    else:
        monkeypatch.setattr(background_renderers, "JobRenderer", Failing)
    for text in ("New", "Newer"):
        desk.change(TEMPLATE, words(text))
        desk.build(ask=anything)
        assert background(desk)._processes == []
        assert desk.output() == desk.clean()
    assert elsewhere == []


def _refuse(*_: object) -> None:
    raise OSError("no more processes")


class Unopened:
    """What no process can make a context from."""

    def __init__(self, *_: object) -> None:
        pass


class Failing(background_renderers.JobRenderer):
    """A step that renders nothing."""

    def __call__(self, job: background_renderers.RenderJob) -> None:
        return None


def test_a_small_edit_starts_no_process(desk: Desk) -> None:
    desk.change(TEMPLATE, words("New"))
    desk.build(ask=anything)
    assert background(desk)._processes == []
    assert multiprocessing.active_children() == []


def test_on_one_processor_none_is_started(desk: Desk, elsewhere: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    desk.options = desk.engine.options = desk.options.__class__(
        desk.options.output, state=desk.options.state, live=True
    )
    desk.change(TEMPLATE, words("New"))
    desk.build(ask=anything)
    assert background(desk)._processes == []
    assert elsewhere == []


def test_a_process_without_work_ends_and_the_next_edit_starts_another(
    desk: Desk, elsewhere: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_renderers, "IDLE_S", 0.2)
    for text in ("New", "Newer"):
        elsewhere.clear()
        desk.change(TEMPLATE, words(text))
        desk.build(ask=anything)
        assert elsewhere
        (each,) = background(desk)._processes
        wait_until(partial(_has_ended, each.process))
        desk.build(ask=nothing)
        assert background(desk)._processes == []
        assert desk.output() == desk.clean()


def _has_ended(process: BaseProcess) -> bool:
    return not process.is_alive()


def test_no_process_is_left_if_a_build_ends_in_the_middle_or_the_state_is_another(
    desk: Desk, elsewhere: list[str]
) -> None:
    def end(left: Mapping[str, Target]) -> str | None:
        if len(left) < POSTS - 3:
            raise KeyboardInterrupt
        return ANY

    desk.change(TEMPLATE, words("New"))
    with pytest.raises(KeyboardInterrupt):
        desk.build(ask=end)
    assert elsewhere
    assert multiprocessing.active_children() == []
    desk.build(ask=nothing)
    desk.build(ask=some(2))
    assert multiprocessing.active_children()
    assert desk.options.state is not None
    with Store(desk.options.state) as other:
        other.set_fact("unknown", 1)
        other.commit()
    desk.build(ask=nothing)
    assert multiprocessing.active_children() == []
    desk.build(ask=anything)
    assert desk.output() == desk.clean()


def test_extensions_answer_elsewhere_too(desk: Desk, elsewhere: list[str]) -> None:
    write_files(desk.root, {"extensions/shout.py": EXTENSION})
    desk.change("site.toml", config('theme = "mine"\n[extensions]\nuse = ["shout"]\n'))
    desk.change(TEMPLATE, words("{{ site.query('shout', doc.title) }}"))
    elsewhere.clear()
    desk.build(ask=anything)
    assert elsewhere
    assert b"<p>P7N</p>" in desk.output()[page(7)]
    assert desk.output() == desk.clean()


def test_a_state_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        Store.of_running_build(tmp_path)
    assert not [*tmp_path.iterdir()]


def test_results_that_are_never_taken_keep_no_process(
    desk: Desk, elsewhere: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk that the pipe cannot hold blocks its process; the next build, whatever it does, takes it."""
    monkeypatch.setattr(background_renderers, "IDLE_S", 0.2)
    desk.change(TEMPLATE, words("x" * 200_000))
    desk.build(ask=some(1))
    desk.change(TEMPLATE, "{% extends '@default/post.html' %}")

    def has_ended() -> bool:
        desk.build(ask=nothing)
        return not background(desk)._processes

    wait_until(has_ended)
    desk.build(ask=anything)
    assert desk.output() == desk.clean()
