"""Pages rendered in processes that are started anew, as on macOS and Windows, are the pages rendered in this one."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.engine.processes import render_pool, spawned_renderers
from generator.engine.rendering import RenderResult
from generator.model import BuildReport, Target
from tests.factories import post, tree, write_files

Site = Callable[[Mapping[str, str]], Path]
Build = Callable[..., BuildReport]
TEMPLATE = "themes/mine/templates/post.html"

pytestmark = pytest.mark.slow


@pytest.fixture
def root(site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a site that is rendered by processes started anew."""
    monkeypatch.setattr(render_pool, "SPAWN_FROM", 2)
    monkeypatch.setattr(render_pool, "can_fork", lambda: False)
    posts = {f"posts/2024-01-{n:02}-p{n}.md": post(f"P{n}", "Text [x](p.md)", tags=[f"t{n % 3}"]) for n in range(1, 28)}
    theme = {
        "site.toml": 'title = "T"\nurl = "https://example.org/"\ntheme = "mine"\n',
        "themes/mine/theme.toml": 'extends = "default"\n',
        TEMPLATE: "{% extends '@default/post.html' %}",
    }
    return site({**theme, **posts})


def rebuilt(root: Path, place: Path, build: Build) -> dict[str, bytes]:
    """Build a copy of the site from nothing in this process."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(root, place, ignore=shutil.ignore_patterns("output", ".openletter"))
    build(place, jobs=1)
    return tree(place / "output")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note for each chunk whether a worker rendered it: what none renders, the parent does."""
    noted: list[bool] = []
    take = spawned_renderers._or_nothing

    def note(results: Any, chunk: Sequence[Target]) -> Sequence[RenderResult | None]:
        noted.append(isinstance(results, list))
        return take(results, chunk)

    monkeypatch.setattr(spawned_renderers, "_or_nothing", note)
    return noted


def test_after_each_edit_the_output_is_that_of_one_process(
    root: Path, build: Build, tmp_path: Path, given: list[bool]
) -> None:
    edits = {
        TEMPLATE: "{% extends '@default/post.html' %}{% block main %}{{ super() }}New{% endblock %}",
        "content/posts/2024-01-05-p5.md": post("Other", "Another text", tags=["new"]),
        "content/posts/2024-01-31-new.md": post("New", "[P5](2024-01-05-p5.md)", tags=["t1"]),
        "site.toml": 'title = "Other"\nurl = "https://example.org/"\ntheme = "mine"\n',
    }
    first = build(root, jobs=2)
    assert [problem.code for problem in first.problems]
    assert first.problems == build(root, jobs=1).problems
    assert tree(root / "output") == rebuilt(root, tmp_path / "other", build)
    for path, text in edits.items():
        write_files(root, {path: text})
        assert build(root, jobs=2).written
        assert tree(root / "output") == rebuilt(root, tmp_path / "other", build), path
        assert build(root, jobs=2).rendered == {}
    assert len(given) > len(edits)
    assert all(given), "the parent had to render a chunk"


def test_a_broken_template_is_named(root: Path, build: Build) -> None:
    write_files(root, {"themes/mine/templates/tag.html": "\n{{ 1 / 0 }}"})
    (problem,) = [problem for problem in build(root, jobs=2).problems if problem.level == "error"]
    assert (problem.path, problem.line, problem.code) == ("themes/mine/templates/tag.html", 2, "template-failed")


@pytest.mark.parametrize("chunks", [1, 2, 4])
def test_a_worker_that_dies_costs_nothing(
    root: Path, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[bool], chunks: int
) -> None:
    monkeypatch.setattr(spawned_renderers, "ChunkRenderer", lambda portable: Dying(portable, chunks))
    build(root, jobs=2)
    assert not all(given)
    assert tree(root / "output") == rebuilt(root, tmp_path / "other", build)


class Dying(spawned_renderers.ChunkRenderer):
    """A worker's step that kills its process at the given chunk."""

    def __init__(self, portable: spawned_renderers.Portable, chunks: int) -> None:
        super().__init__(portable)
        self.left = chunks

    def __call__(self, chunk: Sequence[Target]) -> list[RenderResult] | None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(chunk)


@pytest.mark.parametrize("done", [1, 30])
def test_no_process_is_left_if_the_build_ends_in_the_middle(root: Path, done: int) -> None:
    class Ended(BaseException):
        pass

    def end(stage: str, so_far: int, _total: int) -> None:
        if stage == "render" and so_far == done:
            raise Ended

    with pytest.raises(Ended):
        Engine(root, BuildOptions(jobs=2)).build(end)
    assert multiprocessing.active_children() == []
