"""A build as its stages, in order: what each one takes and returns, and what runs at the same time.

scan → documents → index → render → commit; after it, the search index

If a template fails, the build ends after rendering and changes no output.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from generator.engine.cache import EngineCache
from generator.engine.facts import commit_stopped, make_report, mark_building
from generator.engine.request import BuildRequest
from generator.engine.stages.scan import ScanResult, scan_site
from generator.engine.timings import Timings
from generator.model import BuildReport

# At run time a stage is imported when it is reached: a build with nothing to do imports the scan alone.
if TYPE_CHECKING:
    from generator.engine.outputs import Outputs
    from generator.engine.portable_context import PortableContext
    from generator.engine.records import Record
    from generator.engine.stages.index import IndexResult
    from generator.engine.stages.plan import SitePlan
    from generator.engine.trace import Trace
    from generator.model import Target
    from generator.store.rows import TargetRow

LARGE = 20_000  # sources from which the index is made in a fork, for its memory


class RenderReport(Struct, frozen=True):
    """What the render stage did: path → reasons, the files written, and those deleted as they were in the way.

    `left` are the stale outputs that it left to the next build.
    """

    reasons: Mapping[str, tuple[str, ...]]
    written: tuple[str, ...]
    deleted: tuple[str, ...]
    left: frozenset[str] = frozenset()


class StoppedRender(Struct, frozen=True):
    """A render stage that wrote nothing, because a template failed: the rows that a report takes problems from."""

    rows: tuple[TargetRow, ...] = ()


def run_pipeline(request: BuildRequest, cache: EngineCache, timings: Timings) -> BuildReport:
    """Build what has changed since the last build. If nothing has, this costs no more than the scan."""
    with timings.stage("scan"):
        scan = scan_site(request, cache)
    if scan.nothing_to_do:
        return _report_unchanged(request, scan, cache, timings)
    return _rebuild(request, scan, cache, timings)


def _report_unchanged(request: BuildRequest, scan: ScanResult, cache: EngineCache, timings: Timings) -> BuildReport:
    """Report on an unchanged site; store new stamps."""
    store, outputs = cache.store, cache.outputs
    if scan.sources.touched or scan.outputs.touched:
        store.touch_sources(scan.sources.touched)
        cache.sources.update((row.path, row) for row in scan.sources.touched)
        store.touch_targets(scan.outputs.touched)
        store.commit()
    cache.inputs = request.inputs
    if cache.kept:
        _ = outputs.rows  # what is damaged must show within a build, which heals it
    searched = _search(request, None, cache, timings)
    return make_report(store, request.inputs, timings, outputs.files, searched=searched)


def _rebuild(request: BuildRequest, scan: ScanResult, cache: EngineCache, timings: Timings) -> BuildReport:
    """Run the other stages. The state is consistent again only after the last one."""
    mark_building(cache.store)
    with timings.stage("documents"):
        records, only_texts = _convert(request, scan, cache)
    with timings.stage("index"):
        index = _index(request, scan, records, cache, only_texts=only_texts)
        timings.work["cards"] = index.made_cards
        del records  # a hundred megabytes less while 100,000 posts are rendered
    with timings.stage("render"):
        site, trace = _plan(request, scan, index, cache)
        timings.work.update(keys=trace.asked, targets=len(site.planned))
        rendered = _render(request, scan, index, site, trace, cache)
    if isinstance(rendered, StoppedRender):
        return _report_stopped(request, scan, site, rendered, cache, timings)
    with timings.stage("compress"):
        rendered = _compress(request, scan, site, rendered, cache)
    with timings.stage("commit"):
        deleted = _commit(request, index, site, trace, cache, rendered.left)
    searched = _search(request, index, cache, timings)
    rows, gone = cache.outputs.rows.values(), tuple(sorted((*rendered.deleted, *deleted)))
    left = len(rendered.left)
    return make_report(
        cache.store, request.inputs, timings, rows, rendered.reasons, rendered.written, gone, searched, left=left
    )


def _convert(request: BuildRequest, scan: ScanResult, cache: EngineCache) -> tuple[Mapping[str, Record], bool]:
    """Convert the changed sources; returns their records by path, and whether they differ in their texts alone.

    There are no records if no later stage needs them in memory.
    """
    from generator.engine.stages import documents

    few, inputs, changed = scan.few_edits, request.inputs, scan.sources.changed
    before = {item.path: cache.record_of(item.path) for item in changed} if few else {}
    remember = cache.kept or few or len(changed) < LARGE
    documents.store_source_changes(scan.sources, cache.store)
    conversion = documents.start_conversion(
        request.root, changed, inputs.config, request.options.jobs, inputs.document_extensions(), stock=inputs.stock
    )
    # Worker processes convert the texts; until the first results come, this process is idle.
    _import_renderers()
    changes = documents.store_records(
        conversion,
        request.root,
        scan.settings,
        cache.store,
        request.progress,
        keep_good=request.options.live,
        remember=remember,
    )
    if cache.kept:
        cache.update_sources((*scan.sources.touched, *changes.rows), changes.records, scan.sources.removed)
    return changes.records, few and documents.differ_in_text_alone(before, changes.records)


def _index(
    request: BuildRequest, scan: ScanResult, records: Mapping[str, Record], cache: EngineCache, *, only_texts: bool
) -> IndexResult:
    """Reuse the last index if only texts, or settings that it is not made from, have changed.

    Otherwise update it if this engine still has it, or build it.
    """
    from generator.engine.index_update import check_reused_index, update_kept_index
    from generator.engine.stages import index

    taken_over = index.take_over_index(records, cache) if only_texts else None
    if taken_over is not None and not scan.reuse.settings:
        check_reused_index(request, taken_over, cache)
    updated = taken_over or update_kept_index(request, scan, records, cache)
    return updated or index.make_index(request, records, cache, large=LARGE)


def _plan(request: BuildRequest, scan: ScanResult, index: IndexResult, cache: EngineCache) -> tuple[SitePlan, Trace]:
    """Plan the outputs, and find the keys whose results have changed since pages read them."""
    from generator.engine.stages import plan

    site = plan.plan_site(request, scan, index, cache)
    return site, plan.check_keys(request, scan, index, site, cache)


def _render(
    request: BuildRequest, scan: ScanResult, index: IndexResult, site: SitePlan, trace: Trace, cache: EngineCache
) -> RenderReport | StoppedRender:
    """Render what is stale, then write it if no template failed; store the index while pages are rendered.

    A live preview writes each page as it comes, and keeps the last good version of one that fails. It deletes first:
    what it does not render may be read at once.
    """
    from generator.engine.stages import render
    from generator.engine.stages.pictures import PictureDrawing
    from generator.engine.staging import Staging

    outputs, damaged, live = cache.outputs, scan.outputs.damaged, request.options.live
    stops = not live and site.template_fails
    stale = {} if stops else render.find_stale(site, outputs, trace, damaged, scan.outputs.left)
    pictures = PictureDrawing(stale, site.context, request, cache.store)
    if live and request.choose is not None:
        if _begin_in_background(request, scan, index, stale, cache):
            pictures.draw()  # other processes may render them
        rendering = render.start_chosen(stale, site.context, trace, request.choose, cache.background, pictures.before)
    else:
        pictures.draw()
        portable = partial(_make_portable, request, index, site, cache)
        rendering = render.start_rendering(stale, site.context, request.options.jobs, trace, portable)
    # Forks render the pages; before it takes the first one, this process stores what no page waits for. In a preview
    # it renders alone, and someone waits for the first.
    store = partial(_store_index, index, cache)
    waits = live and request.choose is not None
    if not waits:
        store()
    cache.store.touch_targets(scan.outputs.touched)
    if stops:
        return StoppedRender()
    with nullcontext() if live else Staging(cache.store.folder) as staging:
        if staging is not None:
            rendering, failed = render.stage_results(rendering, outputs, damaged, staging, request.progress)
            if failed:
                return StoppedRender(_rows_with_problems(site, outputs, render.find_problems(rendering)))
        deleted = _make_room(request, site, outputs)
        deleted += _delete_unplanned(request, site, cache) if live else ()
        written = render.write_results(rendering, outputs, trace, damaged, request.progress)
    if waits:
        store()
    left = {target.path: target for target in stale if target.path not in written.rendered}
    if site.whole:  # else the plan is that of the last build
        outputs.plan_again(left.values())
    reasons = {target.path: reasons for target, reasons in stale.items() if target.path not in left}
    return RenderReport(reasons, written.changed, deleted, frozenset(left))


def _store_index(index: IndexResult, cache: EngineCache) -> None:
    from generator.engine.stages.index import store_index

    if index.unstored is not None:
        store_index(cache.store, index.unstored, index.replaced)


def _compress(
    request: BuildRequest, scan: ScanResult, site: SitePlan, rendered: RenderReport, cache: EngineCache
) -> RenderReport:
    """Bring the compressed copies up to date, if the build wants any."""
    if not request.options.precompress:
        return rendered
    from generator.engine.stages.compress import compress_outputs

    paths, jobs = site.plan.paths, request.options.jobs
    written, deleted = compress_outputs(cache.outputs, paths, scan.outputs.damaged, jobs, request.progress)
    return replace(rendered, written=(*rendered.written, *written), deleted=(*rendered.deleted, *deleted))


def _make_room(request: BuildRequest, site: SitePlan, outputs: Outputs) -> tuple[str, ...]:
    """Prepare the output folder for the planned files; returns the files of ours that were in the way."""
    outputs.folder.claim()
    if not site.whole:
        return ()
    planned = tuple(target.path for target in site.planned)
    copies: tuple[str, ...] = ()
    if request.options.precompress:
        from generator.engine.stages.compress import copies_of

        copies = tuple(copy for path in planned for _, copy in copies_of(path))
    deleted = outputs.make_room(planned, site.find_unplanned(outputs.rows.keys()))
    outputs.announce((*planned, *copies))
    return deleted


def _rows_with_problems(site: SitePlan, outputs: Outputs, rendered: Iterable[TargetRow]) -> tuple[TargetRow, ...]:
    """Return the rows of all planned outputs, with the problems that this build found."""
    rows = {path: row for path, row in outputs.rows.items() if path in site.plan.paths}
    rows.update((row.path, row) for row in rendered)
    return tuple(rows.values())


def _report_stopped(
    request: BuildRequest,
    scan: ScanResult,
    site: SitePlan,
    rendered: StoppedRender,
    cache: EngineCache,
    timings: Timings,
) -> BuildReport:
    """Report on a build that wrote nothing; the state keeps what the last good build stored of the output."""
    found = {"plan-problems": site.plan.problems} if site.whole else {}
    commit_stopped(cache.store, {**site.facts, **found}, interrupted=scan.reuse.interrupted)
    cache.stopped = True
    return make_report(cache.store, request.inputs, timings, rendered.rows, stopped=True)


def _make_portable(request: BuildRequest, index: IndexResult, site: SitePlan, cache: EngineCache) -> PortableContext:
    from generator.engine.portable_context import make_portable

    return make_portable(request, index.snapshot, site, cache.store)


def _begin_in_background(
    request: BuildRequest, scan: ScanResult, index: IndexResult, stale: Iterable[Target], cache: EngineCache
) -> bool:
    """Tell the processes that help a preview what is stale; returns whether they may render it.

    They read the state on the disk. It has all that pages are rendered from if this build goes on where the last one
    ended; in a build of a change, it is complete only when that ends.
    """
    from generator.engine.portable_context import StoredContext

    same = scan.reuse.everything and not (scan.sources.changed or scan.sources.removed or index.is_new)
    stored = partial(StoredContext, request.root, cache.store.folder, request.inputs)
    cache.background.begin(tuple(stale), stored if same else None)
    return same


def _delete_unplanned(request: BuildRequest, site: SitePlan, cache: EngineCache) -> tuple[str, ...]:
    from generator.engine.stages import commit

    return commit.delete_unplanned(site, cache, keep_copies=request.options.precompress)


def _commit(
    request: BuildRequest,
    index: IndexResult,
    site: SitePlan,
    trace: Trace,
    cache: EngineCache,
    left: frozenset[str],
) -> tuple[str, ...]:
    """Delete outputs that are no longer planned, then commit everything; returns what was deleted."""
    from generator.engine.stages import commit, publication

    deleted = _delete_unplanned(request, site, cache)
    facts = {**index.facts, **cache.outputs.leave(left)}
    if (index.is_new or site.whole) and not request.options.preview:
        facts["address-problems"] = publication.record_addresses(request.inputs, index, site, cache)
    commit.commit_state(request, index, site, trace, cache, facts)
    cache.remember(request.inputs, index, site.context, site.plan)
    return deleted


def _search(request: BuildRequest, index: IndexResult | None, cache: EngineCache, timings: Timings) -> int:
    """Bring the search index of a public build up to date; returns the number of pages of a new one."""
    wanted = request.inputs.config.search.engine != "none"
    if request.options.preview or not request.options.search or not (wanted or index is not None):
        return 0
    from generator.engine.stages.search import update_search

    with timings.stage("search"):
        return update_search(request, index, cache)


def _import_renderers() -> None:
    """Import the renderers before the first page needs them."""
    import generator.engine.stages.plan
    import generator.engine.stages.render  # noqa: F401


def import_stages() -> None:
    """Import all stages now, for a program that must build without delay later."""
    import generator.engine.stages.commit
    import generator.engine.stages.documents
    import generator.engine.stages.publication  # noqa: F401

    _import_renderers()
