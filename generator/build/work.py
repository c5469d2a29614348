"""The work of a build that has something to do: convert, index, render, commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from generator.build import indexing, ledger
from generator.build.copies import done_in_copy
from generator.build.indexing import Indexed, Known, Publisher
from generator.build.ledger import Standing
from generator.build.locate import Locator
from generator.build.made import Made, Parsed
from generator.build.outputs import encode_args
from generator.build.scan import Changes
from generator.build.sources import Remade, forget, problems_of, remake
from generator.build.stored import StoredCards
from generator.build.trace import Trace, unread
from generator.digest import canonical
from generator.errors import Problem, warning
from generator.model import BuildReport, Target
from generator.site.keys import keys_of_texts, keys_of_theme
from generator.store import TargetRow

if TYPE_CHECKING:
    from generator.build.rendering import Renders
    from generator.build.run import Run
    from generator.render.plan import Plan
    from generator.render.world import World

LARGE = 20_000  # sources from which the index is made in a copy of the process, for its memory
_MANY = 400  # stale targets from which all cards are fetched at once


class Work:
    """What a build does after its scan.

    `standing` says what of the last build can be taken over, `few` that perhaps only the texts of a few documents have
    changed.
    """

    def __init__(self, run: Run, changes: Changes, damaged: frozenset[str], standing: Standing, *, few: bool) -> None:
        self._run = run
        self._recall = run.recall
        self._store = run.recall.store
        self._outputs = run.recall.outputs
        self._changes = changes
        self._damaged = damaged
        self._standing = standing
        self._few = few and standing.index
        self._made_way: tuple[str, ...] = ()
        self._facts: dict[str, Any] = {}
        self._indexed: Indexed | None = None
        self._before: Known | None = None

    def build(self) -> BuildReport:
        """Run the stages; the state is whole again only with the last line."""
        run = self._run
        before = {item.path: self._made_before(item.path) for item in self._changes.changed} if self._few else {}
        ledger.begin(self._store)
        with run.timings.stage("documents"):
            made = self._remake().values
        with run.timings.stage("index"):
            stands = self._few and self._unnamed(made) and all(_same_but_text(before[p], made[p]) for p in made)
            known = self._recall.known if stands else None
            fresh = known is None
            known = self._index(made) if known is None else self._with_new_texts(known, made)
            made = {} if fresh else made  # a hundred megabytes less, of 100,000 posts
        with run.timings.stage("render"):
            world, plan = self._surroundings(known, made, fresh=fresh)
            planned = fresh or not self._standing.theme or bool(self._damaged)
            trace = Trace(self._recall.keys)
            trace.recheck(world.queries, None if fresh else self._questions(made))
            renders = self._render(world, plan if planned else None, trace)
        with run.timings.stage("commit"):
            deleted = self._commit(plan if planned else None, trace, renders)
            self._recall.inputs, self._recall.world, self._recall.plan = run.inputs, world, plan
        rows = self._outputs.rows.values()
        return ledger.report(self._store, run.inputs, run.timings, rows, renders.reasons, renders.written, deleted)

    def _made_before(self, path: str) -> Made | None:
        made: Made | None = self._recall.made.get(path) if self._recall.kept else self._store.made_of(path, Made)
        return made

    def _remake(self) -> Remade:
        run, recall = self._run, self._recall
        self._store.touch_sources(self._changes.touched)
        forget(self._changes.removed, self._store)
        inputs = run.inputs
        extensions = inputs.extensions if inputs.additions().documents else None
        changed, jobs = self._changes.changed, run.options.jobs
        remade = remake(
            run.root,
            changed,
            inputs.config,
            run.settings,
            self._store,
            jobs,
            run.note,
            extensions,
            keep_good=run.options.live,
            remember=recall.kept or self._few or len(changed) < LARGE,
            meanwhile=_get_ready,
            stock=inputs.stock,
        )
        if recall.kept:
            recall.made.update(remade.values)
            recall.sources.update((row.path, row) for row in (*self._changes.touched, *remade.rows))
            for path in self._changes.removed:
                recall.made.pop(path, None)
                recall.sources.pop(path, None)
        return remade

    def _index(self, new: Mapping[str, Made]) -> Known:
        """Build the index anew from all that is stored of the sources; `new` is what was made in this build."""
        recall, count = self._recall, len(self._run.inputs.found.found)
        if count >= LARGE and not recall.kept:
            self._store.commit()
            if done_in_copy(self._index_in_copy):
                known = indexing.fetch(self._store, whole=True)
                assert known is not None, "the copy has put it there"
                recall.known = known
                return known
        whole = new if len(new) == count else recall.made if recall.kept else None
        made = dict(self._store.made(Made)) if whole is None else dict(sorted(whole.items()))
        self._indexed = indexing.build(self._run.inputs, self._run.root, made)
        self._before = recall.known if recall.inputs else None
        recall.known = self._indexed.known
        return recall.known

    def _index_in_copy(self) -> None:
        self._store.reopen()
        indexed = indexing.build(self._run.inputs, self._run.root, dict(self._store.made(Made)))
        indexing.keep(self._store, indexed)
        self._store.commit()

    def _theme_problems(self) -> Iterator[Problem]:
        inputs = self._run.inputs
        yield from inputs.theme.check()
        engine = inputs.config.markup.engine
        if engine != "markdown" and inputs.additions().markdown:
            message = f'An extension adds to Python-Markdown, but [markup] engine is "{engine}": that part is not used.'
            yield warning("site.toml", "extension-unused", message, 'Write engine = "markdown", or do without it.')

    def _unnamed(self, made: Mapping[str, Made]) -> bool:
        """Say whether no problem of the index names a source that has changed: its line may be another now."""
        problems: tuple[Problem, ...] = self._store.fact("site-problems", tuple[Problem, ...]) or ()
        return not any(problem.path in made for problem in problems)

    def _with_new_texts(self, known: Known, made: Mapping[str, Made]) -> Known:
        """Take over the index, but for the digests of the texts that have changed."""
        if not made:
            return known
        bodies = {**known.bodies, **{path: value.body for path, value in made.items() if isinstance(value, Parsed)}}
        self._facts["bodies"] = bodies
        problems = self._store.fact("source-problems", dict[str, tuple[Problem, ...]]) or {}
        for path in made:
            problems.pop(path, None)
        self._facts["source-problems"] = problems | problems_of(made)
        self._recall.known = replace(known, bodies=bodies)
        return self._recall.known

    def _surroundings(self, known: Known, made: Mapping[str, Made], *, fresh: bool) -> tuple[World, Plan]:
        """Make what pages are rendered from, or take over that of the last build where only texts have changed."""
        run, recall = self._run, self._recall
        inputs, store = run.inputs, self._store
        if recall.world is not None and recall.plan is not None and not fresh and self._standing.theme:
            recall.world.forget(keys_of_texts(made))
            recall.world.queries.renew(indexing.texts(known, store))
            publisher = Publisher(run.root, inputs.found, known, store)
            return replace(recall.world, source=publisher, locate=Locator(run.root, inputs.found)), recall.plan
        if fresh or not self._standing.theme:
            self._facts["theme-problems"] = tuple(self._theme_problems())
        from generator.build.surroundings import gather_world
        from generator.render.plan import Plan

        world = gather_world(run.root, inputs, known, store)
        planned = not fresh and self._standing.theme and not self._damaged
        return world, Plan(world, self._outputs.rows.keys() if planned else None)

    def _questions(self, made: Mapping[str, Made]) -> Iterator[str]:
        """Name the questions that may have another answer although the index stands."""
        yield from keys_of_texts(made)
        if not self._standing.theme:
            yield from keys_of_theme(self._recall.keys.all())

    def _render(self, world: World, plan: Plan | None, trace: Trace) -> Renders:
        """Render what is stale: everything of which a key has changed, what is new, what failed or was damaged."""
        if plan is None:
            rows = (row for row in self._outputs.rows.values() if trace.stale(row))
            targets: Iterable[Target] = [_target(row) for row in rows]
        else:
            targets = plan.targets
            planned = {target.path: target for target in targets}
            self._made_way = self._outputs.make_way(planned)
            self._outputs.plan(planned)
        stale = {target: reasons for target in targets if (reasons := self._reasons(target, trace))}
        cards = world.queries.index.cards
        if isinstance(cards, StoredCards) and len(stale) >= _MANY:
            cards.load()
        if first := frozenset(self._run.first):
            stale = dict(sorted(stale.items(), key=lambda each: each[0].kind != "asset" and each[0].path not in first))
        from generator.build.rendering import render_all

        meanwhile = partial(self._meanwhile, plan is not None)
        return render_all(stale, world, self._outputs, trace, self._run.options.jobs, self._run.note, meanwhile)

    def _meanwhile(self, planned: bool) -> None:
        """Keep what no page waits for."""
        if self._indexed is not None:
            indexing.keep(self._store, self._indexed, self._before)
            self._indexed = None
        self._outputs.begin(planned=planned)

    def _reasons(self, target: Target, trace: Trace) -> tuple[str, ...]:
        row = self._outputs.rows.get(target.path)
        if row is None:
            return ("new",)
        if not row.digest:
            return ("new",) if not row.reads and row.problems == b"[]" else ("failed before",)
        if row.kind != target.kind or row.args != encode_args(target):
            return ("another page stood here",)
        return trace.stale(row) or (("the file was changed or is missing",) if target.path in self._damaged else ())

    def _commit(self, plan: Plan | None, trace: Trace, renders: Renders) -> tuple[str, ...]:
        """Delete what is no longer planned, then let the state know, in one transaction."""
        store, outputs = self._store, self._outputs
        deleted = tuple(sorted(outputs.rows.keys() - plan.paths)) if plan else ()
        outputs.delete(deleted)
        deleted = tuple(sorted((*deleted, *self._made_way)))
        self._keep_keys(trace, whole=plan is not None)
        if plan:
            self._facts["plan-problems"] = plan.problems
        ledger.finish(store, self._run.inputs, self._facts)
        return deleted

    def _keep_keys(self, trace: Trace, *, whole: bool) -> None:
        """Keep the questions asked, with their answers; after a whole build only those that a page still asks."""
        trace.keep()
        if whole and trace.had_any:
            trace.keys.drop(unread(self._outputs.rows.values(), trace.keys.all()))


def _get_ready() -> None:
    """Import what renders: until the first texts are converted there is nothing else to do."""
    import generator.build.rendering
    import generator.build.surroundings  # noqa: F401  # and with it all that pages are made of


def _target(row: TargetRow) -> Target:
    return Target(row.path, row.kind, msgspec.json.decode(row.args, type=tuple[str, ...]))


def _same_but_text(before: Made | None, now: Made) -> bool:
    """Say whether nothing but a document's text has changed: nothing that a listing or the index could show.

    The bytes of values are compared: to Python true equals 1, and a page shows which of them it is.
    """
    if not (isinstance(before, Parsed) and isinstance(now, Parsed)) or now.meta is None:
        return False
    shown = canonical((before.meta, before.lead, before.minutes, before.pictures))
    return shown == canonical((now.meta, now.lead, now.minutes, now.pictures))
