"""The machine with processes that are started anew: a build on macOS or Windows, and a live preview everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from multiprocessing.connection import wait

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.engine.processes import background_renderers, render_pool
from generator.engine.processes.background_renderers import BackgroundRenderers
from generator.engine.processes.spawned_renderers import Portable, render_spawned
from generator.engine.rendering import RenderResult
from generator.engine.request import ANY
from generator.errors import ConfigError
from generator.model import BuildReport, Target
from tests.factories import tree
from tests.soak.builds import differences
from tests.soak.machine import Edits

Left = Mapping[str, Target]


def spawn_for_few(patch: pytest.MonkeyPatch) -> list[int]:
    """Have builds of this process render even a few pages in processes that are started anew; list how many each."""
    noted: list[int] = []

    def note_and_render(
        targets: Sequence[Target], portable: Portable, workers: int
    ) -> Iterator[tuple[Target, RenderResult | None]]:
        noted.append(len(targets))
        return render_spawned(targets, portable, workers)

    patch.setattr(render_pool, "render_spawned", note_and_render)
    patch.setattr(render_pool, "SPAWN_FROM", 3)
    patch.setattr(render_pool, "can_fork", lambda: False)
    return noted


def render_elsewhere(patch: pytest.MonkeyPatch) -> list[str]:
    """Have even small previews rendered beside this process, which waits for it; returns a list of those outputs."""
    noted: list[str] = []
    take = BackgroundRenderers.take

    def wait_and_take(self: BackgroundRenderers, left: dict[str, Target]) -> tuple[Target, RenderResult | None]:
        if self._portable is not None:
            self._receive()
            self._hand_out(left)
            while not self._ready and (owing := [each.pipe for each in self._processes if each.owed]):
                wait(owing)
                self._receive()
                self._hand_out(left)
        target, result = take(self, left)
        noted.extend([target.path] * (result is not None))
        return target, result

    patch.setattr(BackgroundRenderers, "take", wait_and_take)
    patch.setattr(background_renderers, "HELP_FROM", 1)
    return noted


def anything(left: Left) -> str | None:
    return ANY if left else None


def some(count: int) -> Callable[[Left], str | None]:
    """Ask for that many pages, whichever come first."""
    numbers = iter(range(count))
    return lambda left: anything(left) if next(numbers, None) is not None else None


class SpawnedEdits(Edits):
    """The same edits. Two live previews follow them: one is helped by another process, the other works alone."""

    jobs = 2

    def __init__(self) -> None:
        super().__init__()
        self.previews: dict[str, Engine] = {}

    def build_with_hint(self) -> BuildReport:
        """Tell both previews what was touched, and have them render all of it; returns the report of the helped one."""
        for ask in (some(self.steps % 3), some(self.steps % 7), anything):
            reports = self._build_both({"helped": ask, "alone": anything})
        assert not reports["helped"].left
        assert not reports["alone"].left
        return reports["helped"]

    @rule(count=st.integers(0, 12))
    def build_some_with_hint(self, count: int) -> None:
        """Build a change and leave most of its pages to a later build, some of them rendered but not yet taken."""
        self._build_both({"helped": some(count), "alone": some(count)})
        if self.previews:
            self._build_both({"helped": some(count), "alone": some(count)})

    def _build_both(self, asks: Mapping[str, Callable[[Left], str | None]]) -> dict[str, BuildReport]:
        hint = frozenset(self.site.touched)
        self.site.touched.clear()
        reports, refused = dict[str, BuildReport](), list[ConfigError]()
        for name, ask in asks.items():
            try:
                reports[name] = self._build_one(name, hint, ask)
            except ConfigError as refusal:
                refused.append(refusal)
        if refused:
            assert not reports
            raise refused[0]
        return reports

    def _build_one(self, name: str, hint: Set[str], ask: Callable[[Left], str | None]) -> BuildReport:
        if name not in self.previews:
            place = self.folder / name
            options = BuildOptions(
                place / "output", state=place / "state", live=True, jobs=2 if name == "helped" else 1
            )
            self.previews[name] = Engine(self.site.root, options).__enter__()
        self.previews[name].clock = Clock(self.now)
        return self.previews[name].build(hint=hint, choose=ask)

    def stop_watching(self) -> None:
        for engine in self.previews.values():
            engine.__exit__(None, None, None)
        self.previews = {}

    @rule()
    def build_with_hint_and_compare(self) -> None:
        report = self.build_with_hint()
        again = self._build_both({"helped": anything, "alone": anything})
        assert again["helped"].problems == again["alone"].problems == report.problems
        assert differences(tree(self.folder / "helped/output"), tree(self.folder / "alone/output")) == []
        self.counts["compared, hinted"] += 1
