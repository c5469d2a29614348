"""The fourth stage: find the stale targets, render them, write them, and store what each read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Set

import msgspec
from msgspec import Struct

from generator.engine.outputs import Outputs, encode_args
from generator.engine.page_problems import stops_build
from generator.engine.processes.background_renderers import BackgroundRenderers
from generator.engine.processes.render_pool import PackedResult, render_chosen, render_targets
from generator.engine.processes.spawned_renderers import Portable
from generator.engine.processes.start import start_first
from generator.engine.request import Choose
from generator.engine.stages.plan import SitePlan
from generator.engine.staging import UNCHANGED, Content, Staging
from generator.engine.stored_index import StoredCards
from generator.engine.trace import Trace
from generator.errors import OpenletterError, OutputError, Problem
from generator.model import Target
from generator.progress import Progress
from generator.render.context import RenderContext
from generator.render.output_kinds import place_of
from generator.render.planned import PlanChanges
from generator.store.rows import TargetRow

Reasons = Mapping[Target, tuple[str, ...]]
"""The targets to render, in order, each with what makes it stale."""
_BATCH = 512  # rows stored together
_MANY = 400  # with this many stale targets, all cards are fetched at once
_LEFT = ("left by the last build",)
_encode = msgspec.json.Encoder().encode
_args = msgspec.json.Decoder(tuple[str, ...]).decode


class RenderStage(Struct, frozen=True):
    """Running renders, or finished ones: `results` come in the order of writing, `count` of them.

    `name` is the name of the step for those who follow the progress.
    """

    count: int
    results: Iterator[tuple[Target, PackedResult]]
    name: str = "render"


class WrittenResults(Struct, frozen=True):
    """The paths of the outputs that were rendered, and of those whose bytes have changed."""

    rendered: Set[str]
    changed: tuple[str, ...]


def find_stale(
    site: SitePlan, outputs: Outputs, trace: Trace, damaged: Set[str], left: Set[str] = frozenset()
) -> Reasons:
    """Find the targets that read a changed key, are new, failed, were damaged, or were `left` by the last build.

    Raises: BrokenStateError.
    """
    if not site.whole or site.changes is not None:
        return _find_among_readers(site, outputs, trace, damaged, left)
    found = ((target, _reasons(target, outputs, trace, damaged)) for target in site.plan.targets)
    return {target: reasons or _LEFT for target, reasons in found if reasons or target.path in left}


def _find_among_readers(site: SitePlan, outputs: Outputs, trace: Trace, failed: Set[str], left: Set[str]) -> Reasons:
    """Find the stale targets of a plan of which all changes are known: other outputs are stale by what they read.

    Those that failed or were left are tried again.
    """
    rows, changes = outputs.rows, site.changes or PlanChanges((), frozenset())
    found = {target: _reasons(target, outputs, trace, frozenset()) for target in changes.planned}
    known = changes.gone.union(target.path for target in changes.planned)
    paths = [*outputs.find_readers().of(trace.changed), *failed, *left] if outputs.stays else rows
    for path in dict.fromkeys(paths):
        target = _find_target(path, site, outputs) if path not in known else None
        if target is not None:
            found[target] = _reasons(target, outputs, trace, frozenset())
    if os.environ.get("OPENLETTER_DEBUG") == "1":
        missed = {row.path for row in rows.values() if trace.stale(row)} - known - {target.path for target in found}
        assert not missed, f"these outputs are stale, and were not found: {sorted(missed)[:10]}"
    ordered = sorted(found, key=lambda target: place_of(target.kind))
    return {target: found[target] or _LEFT for target in ordered if found[target] or target.path in left}


def _find_target(path: str, site: SitePlan, outputs: Outputs) -> Target | None:
    """Return the target of an output: as it is planned if that is known, else as it was rendered."""
    if site.plan.planned is not None:
        return site.plan.find(path)
    row = outputs.rows.get(path)
    return None if row is None else Target(row.path, row.kind, _args(row.args))


def _reasons(target: Target, outputs: Outputs, trace: Trace, damaged: Set[str]) -> tuple[str, ...]:
    row = outputs.rows.get(target.path)
    if row is None:
        return ("new",)
    if not row.digest:
        return ("new",) if not row.reads and row.problems == b"[]" else ("failed before",)
    if row.kind != target.kind or row.args != encode_args(target):
        return ("another page was here",)
    return trace.stale(row) or (("the file was changed or is missing",) if target.path in damaged else ())


def start_rendering(
    stale: Reasons,
    context: RenderContext,
    jobs: int | None,
    trace: Trace,
    portable: Callable[[], Portable],
) -> RenderStage:
    """Start to render the stale targets; if there are many, other processes are working when this returns.

    Nothing is written yet. `jobs` bounds the processes; `portable` makes what they need where they are no forks.
    """
    cards = context.queries.index.cards
    if isinstance(cards, StoredCards) and len(stale) >= _MANY:
        cards.load()
    return RenderStage(len(stale), start_first(render_targets(tuple(stale), context, jobs, trace.record, portable)))


def start_chosen(
    stale: Reasons,
    context: RenderContext,
    trace: Trace,
    choose: Choose,
    background: BackgroundRenderers,
    prepare: Callable[[Target], None],
) -> RenderStage:
    """Start to render the stale targets one by one as `choose` chooses. `background` has begun with them.

    `prepare` is called before a target is rendered here.
    """
    return RenderStage(len(stale), render_chosen(tuple(stale), context, trace.record, choose, background, prepare))


def stage_results(
    stage: RenderStage, outputs: Outputs, damaged: Set[str], staging: Staging, progress: Progress
) -> tuple[RenderStage, bool]:
    """Render all targets and write none; returns them, ready to be written, and whether a template failed.

    Then only the problems of the results count.
    """
    results, failed = [], False
    for done, (target, result) in enumerate(stage.results, 1):
        failed = failed or any(map(stops_build, result.problems))
        content: Content | None = result.content
        if isinstance(content, bytes):
            current = failed or outputs.is_current(target, result.digest, damaged=target.path in damaged)
            content = UNCHANGED if current else staging.add(content)
        results.append((target, result._replace(content=content)))
        progress("render", done, stage.count)
    return RenderStage(stage.count, iter(results), "write"), failed


def write_results(
    stage: RenderStage, outputs: Outputs, trace: Trace, damaged: Set[str], progress: Progress
) -> WrittenResults:
    """Write the rendered targets, in this process only.

    A target that fails has no output, and its old file is deleted except in a live preview. Its problems are stored
    with what it read before and now.
    Raises: OutputError if the output cannot be written.
    """
    written: list[str] = []
    rendered: list[str] = []
    rows: list[TargetRow] = []
    for done, (target, result) in enumerate(stage.results, 1):
        row, differed = _write(target, result, outputs, damaged)
        rows.append(row)
        rendered.append(target.path)
        written += [target.path] * differed
        if len(rows) >= _BATCH:
            _store(rows, outputs, trace)
            rows = []
        progress(stage.name, done, stage.count)
    _store(rows, outputs, trace)
    return WrittenResults(frozenset(rendered), tuple(written))


def find_problems(stage: RenderStage) -> Iterator[TargetRow]:
    """Make the rows of results that are never written: only their problems count."""
    for target, result in stage.results:
        yield TargetRow(target.path, target.kind, b"[]", "", 0, 0, b"", _encode(result.problems))


def _store(rows: list[TargetRow], outputs: Outputs, trace: Trace) -> None:
    """Store rows with their keys."""
    outputs.keep(rows)
    trace.keep()


def _write(target: Target, result: PackedResult, outputs: Outputs, damaged: Set[str]) -> tuple[TargetRow, bool]:
    """Write one target; returns its row, and whether its file had to be written."""
    if result.content is None:
        return _failed(target, result.reads, result.problems, outputs), False
    try:
        written, stamp = outputs.put(target, result.content, result.digest, damaged=target.path in damaged)
    except OutputError:
        raise
    except OpenletterError as failure:
        return _failed(target, result.reads, failure.problems, outputs), False
    problems = _encode(result.problems)
    args, (mtime, size, ctime, place) = encode_args(target), stamp
    what = (target.path, target.kind, args, result.digest)
    return TargetRow(*what, mtime, size, result.reads, problems, ctime, place), written


def _failed(target: Target, reads: bytes, problems: tuple[Problem, ...], outputs: Outputs) -> TargetRow:
    """Make the row of a failed target, with its old and new reads: a change of any of them may fix it."""
    if not outputs.keep_failed:
        outputs.folder.delete(target.path)
    before = outputs.rows.get(target.path)
    reads += before.reads if before else b""
    return TargetRow(target.path, target.kind, encode_args(target), "", 0, 0, reads, _encode(problems))
