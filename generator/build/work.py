"""The work of a build that has something to do: convert, index, render, commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from generator.build import indexing, ledger
from generator.build.indexing import Known
from generator.build.made import Made, Parsed
from generator.build.outputs import Outputs, encode_args
from generator.build.rendering import Renders, render_all
from generator.build.scan import Changes
from generator.build.sources import forget, problems_of, remake
from generator.build.surroundings import gather_world
from generator.build.trace import Trace, compact
from generator.errors import Problem, warning
from generator.model import BuildReport, Target
from generator.render.plan import Plan
from generator.render.world import World
from generator.store import TargetRow

if TYPE_CHECKING:
    from generator.build.run import Run


class Work:
    """What a build does after its scan. `light` says that perhaps only the texts of a few documents have changed."""

    def __init__(self, run: Run, changes: Changes, outputs: Outputs, damaged: frozenset[str], light: bool) -> None:
        self._run = run
        self._store = run.store
        self._changes = changes
        self._outputs = outputs
        self._damaged = damaged
        self._light = light
        self._made_way: tuple[str, ...] = ()

    def build(self) -> BuildReport:
        """Run the stages; the state is whole again only with the last line."""
        run, store = self._run, self._store
        before = {item.path: store.made_of(item.path, Made) for item in self._changes.changed} if self._light else {}
        ledger.begin(store)
        with run.timings.stage("documents"):
            made = self._remake()
        same = self._light and self._unnamed(made) and all(_same_but_text(before[p], made[p]) for p in made)
        facts: dict[str, Any] = {}
        with run.timings.stage("index"):
            fetched = indexing.fetch(store) if same else None
            light = fetched is not None
            known = self._index(facts) if fetched is None else self._with_new_texts(fetched, made, facts)
        world, plan = self._world(known)
        with run.timings.stage("render"):
            trace = Trace(store.keys())
            names = [f"{kind}|{path}" for path in made for kind in ("body", "lines")] if light else None
            trace.recheck(world.queries, names)
            renders = self._render(world, plan, trace, light)
        with run.timings.stage("commit"):
            deleted = self._commit(plan, trace, renders, light, facts)
        rows = self._outputs.rows.values()
        return ledger.report(store, run.inputs, run.timings, rows, renders.reasons, renders.written, deleted)

    def _remake(self) -> Mapping[str, Made]:
        run = self._run
        self._store.touch_sources(self._changes.touched)
        forget(self._changes.removed, self._store)
        changed, inputs = self._changes.changed, run.inputs
        extensions = inputs.extensions if inputs.additions().documents else None
        return remake(
            run.root, changed, inputs.config, run.settings, self._store, run.jobs, run.note, extensions
        ).values

    def _index(self, facts: dict[str, Any]) -> Known:
        """Build the index anew from all that is stored of the sources."""
        indexed = indexing.build(self._run.inputs, self._run.root, dict(self._store.made(Made)))
        indexing.keep(self._store, indexed)
        index = indexed.known.index
        facts["counts"] = (len(index.posts), len(index.pages), len(index.issues))
        facts["source-problems"] = indexed.source_problems
        facts["site-problems"] = indexed.problems
        facts["theme-problems"] = (*self._run.inputs.theme.check(), *self._unused())
        return indexed.known

    def _unused(self) -> Iterator[Problem]:
        inputs = self._run.inputs
        engine = inputs.config.markup.engine
        if engine != "markdown" and inputs.additions().markdown:
            message = f'An extension adds to Python-Markdown, but [markup] engine is "{engine}": that part is not used.'
            yield warning("site.toml", "extension-unused", message, 'Write engine = "markdown", or do without it.')

    def _unnamed(self, made: Mapping[str, Made]) -> bool:
        """Say whether no problem of the index names a source that has changed: its line may be another now."""
        problems: tuple[Problem, ...] = self._store.fact("site-problems", tuple[Problem, ...]) or ()
        return not any(problem.path in made for problem in problems)

    def _with_new_texts(self, known: Known, made: Mapping[str, Made], facts: dict[str, Any]) -> Known:
        """Take over the index, but for the digests of the texts that have changed."""
        bodies = {**known.bodies, **{path: value.body for path, value in made.items() if isinstance(value, Parsed)}}
        facts["bodies"] = bodies
        problems = self._store.fact("source-problems", dict[str, tuple[Problem, ...]]) or {}
        for path in made:
            problems.pop(path, None)
        facts["source-problems"] = problems | problems_of(made)
        return replace(known, bodies=bodies)

    def _world(self, known: Known) -> tuple[World, Plan]:
        world = gather_world(self._run.root, self._run.inputs, known, self._store)
        return world, Plan(world)

    def _render(self, world: World, plan: Plan, trace: Trace, light: bool) -> Renders:
        """Render what is stale: everything of which a key has changed, what is new, what failed or was damaged."""
        if light:
            rows = (row for row in self._outputs.rows.values() if trace.stale(row))
            targets: Iterable[Target] = [_target(row) for row in rows]
        else:
            targets = plan.targets
            planned = {target.path: target for target in targets}
            self._made_way = self._outputs.make_way(planned)
            self._outputs.begin(planned)
        stale = {target: reasons for target in targets if (reasons := self._reasons(target, trace))}
        return render_all(stale, world, self._outputs, trace, self._run.jobs, self._run.note)

    def _reasons(self, target: Target, trace: Trace) -> tuple[str, ...]:
        row = self._outputs.rows[target.path]
        if not row.digest:
            return ("new",) if not row.reads and row.problems == b"[]" else ("failed before",)
        if row.kind != target.kind or row.args != encode_args(target):
            return ("another page stood here",)
        return trace.stale(row) or (("the file was changed or is missing",) if target.path in self._damaged else ())

    def _commit(
        self, plan: Plan, trace: Trace, renders: Renders, light: bool, facts: dict[str, Any]
    ) -> tuple[str, ...]:
        """Delete what is no longer planned, then let the state know, in one transaction."""
        store, outputs = self._store, self._outputs
        deleted = () if light else tuple(sorted(outputs.rows.keys() - plan.paths))
        outputs.delete(deleted)
        deleted = tuple(sorted((*deleted, *self._made_way)))
        store.put_targets(row for row in outputs.touched if row.path in outputs.rows)
        store.put_targets(renders.rows)
        outputs.rows.update((row.path, row) for row in renders.rows)
        self._keep_keys(trace, light)
        if not light:
            facts["site-problems"] = (*facts["site-problems"], *plan.problems)
        ledger.finish(store, self._run.inputs, facts)
        return deleted

    def _keep_keys(self, trace: Trace, light: bool) -> None:
        """Keep the questions asked, with their answers; after a whole build only those that a page still asks."""
        keys = {**trace.keys, **trace.fresh}
        kept = keys if light else compact(self._outputs.rows.values(), keys)
        if not light and len(kept) < len(keys):
            self._store.drop_keys()
            changed = kept
        else:
            changed = trace.fresh
        self._store.set_keys((number, name, now) for name, (number, now) in changed.items())


def _target(row: TargetRow) -> Target:
    return Target(row.path, row.kind, msgspec.json.decode(row.args, type=tuple[str, ...]))


def _same_but_text(before: Made | None, now: Made) -> bool:
    """Say whether nothing but a document's text has changed: nothing that a listing or the index could show."""
    if not (isinstance(before, Parsed) and isinstance(now, Parsed)) or now.meta is None:
        return False
    shown = (before.meta, before.lead, before.minutes, before.pictures)
    return shown == (now.meta, now.lead, now.minutes, now.pictures)
