"""Between index and render: gather what pages are rendered from, plan the targets, find the changed keys."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from generator.engine.cache import EngineCache
from generator.engine.compiled_templates import fetch_templates
from generator.engine.drawn_files import drawn_folder
from generator.engine.facts import Problems
from generator.engine.index_snapshot import IndexSnapshot
from generator.engine.inputs import Inputs
from generator.engine.locator import Locator
from generator.engine.mail_pictures import MailPictures
from generator.engine.page_problems import stops_build
from generator.engine.publisher import Publisher
from generator.engine.renditions import Renditions
from generator.engine.request import BuildRequest
from generator.engine.social_cards import SocialCards
from generator.engine.stages.index import IndexResult
from generator.engine.stages.scan import ScanResult
from generator.engine.suspect_keys import find_suspects
from generator.engine.trace import Trace
from generator.errors import Problem, warning
from generator.model import Target
from generator.render.compiled import KnownTemplates
from generator.render.context import RenderContext, make_render_context
from generator.render.environment import Templates
from generator.render.facade import Site
from generator.render.later import check_scheduled
from generator.render.output_kinds import output_kinds
from generator.render.plan import OutputPlan, keeps_plan, keeps_plan_of_theme
from generator.render.planned import PlanChanges
from generator.render.setting_links import check_settings
from generator.render.social_cards import check_cards
from generator.site.index_model import SiteIndex
from generator.site.keys import LINES, PROGRAM, SITEMAP, SOURCE, keys_of_texts
from generator.site.queries import Queries
from generator.store.rows import BrokenStateError
from generator.store.state import Store

_ENTRIES = frozenset({f"{SITEMAP.name}|"})


class SitePlan(Struct, frozen=True):
    """What pages are rendered from, and the planned targets.

    `whole` is True if the plan may have other targets than the last one; else only existing outputs can be stale. Then
    every target must be checked, unless `changes` are known. `facts` are to be stored with the build.
    """

    context: RenderContext
    plan: OutputPlan
    whole: bool
    facts: Mapping[str, Any]

    @property
    def changes(self) -> PlanChanges | None:
        """What differs from the last plan; None if that is not known, or may be anything."""
        return self.plan.changes if self.whole else None

    @property
    def planned(self) -> tuple[Target, ...]:
        """The targets that were planned for this build: all, those that differ from the last plan, or none."""
        if self.changes is not None:
            return self.changes.planned
        return self.plan.targets if self.whole else ()

    def find_unplanned(self, known: Set[str]) -> Set[str]:
        """Choose the outputs that are no longer planned from the `known` ones."""
        if self.changes is not None:
            return self.changes.gone & known
        return known - self.plan.paths if self.whole else frozenset()

    @property
    def template_fails(self) -> bool:
        """Whether a template of the theme cannot be read or is not valid."""
        return any(map(stops_build, self.facts.get("theme-problems", ())))


def plan_site(request: BuildRequest, scan: ScanResult, index: IndexResult, cache: EngineCache) -> SitePlan:
    """Make the context and the plan, or reuse those of the last build if nothing they are made of has changed."""
    changed = index.is_new or not scan.reuse.everything
    unfinished = _is_unfinished(scan, cache)
    if cache.context is not None and cache.plan is not None and not changed:
        context = _renew_context(cache.context, request, index, cache.store)
        return SitePlan(context, cache.plan, unfinished, _later_problems(context, request))
    templates = _open_templates(request, cache)
    facts: dict[str, Any] = {"theme-problems": tuple(_theme_problems(request.inputs))} if changed else {}
    context = gather_context(request.root, request.inputs, index.snapshot, cache.store, templates)
    whole = unfinished or (changed and not _keeps_plan(scan, index, context, cache))
    plan = OutputPlan(context, None if whole else cache.outputs.rows.keys(), cache.plan)
    known = _find_planned_index(request, scan, index) if whole and not unfinished else None
    if known is not None and cache.plan is not None:
        plan.update(cache.plan, known, same_settings=scan.reuse.plan)
    if changed:
        facts["setting-problems"] = (*check_settings(Site(context)), *check_cards(context))
    return SitePlan(context, plan, whole, {**facts, **_later_problems(context, request)})


def _is_unfinished(scan: ScanResult, cache: EngineCache) -> bool:
    """Return True if outputs must be planned because they have no good file, and this engine has no plan of them."""
    if cache.plan is not None and cache.plan.planned is not None:
        return False
    return bool(scan.outputs.damaged or scan.outputs.left - cache.outputs.rows.keys())


def _find_planned_index(request: BuildRequest, scan: ScanResult, index: IndexResult) -> SiteIndex | None:
    """Return the index of the last plan if perhaps only a part of the targets must be planned, else None.

    Compressed copies have no plan.
    """
    if request.options.precompress or not scan.reuse.theme:
        return None
    if not index.is_new:
        return index.snapshot.index
    updated = index.updated is not None and scan.reuse.everything
    return index.replaced.index if updated and index.replaced else None


def _keeps_plan(scan: ScanResult, index: IndexResult, context: RenderContext, cache: EngineCache) -> bool:
    """Return True if the targets are those of the last build, although the index, a setting or the theme is another.

    Settings that are only shown move no target but a social card.
    """
    if not scan.reuse.plan:
        return False
    if not index.is_new:
        if scan.reuse.theme:
            return keeps_plan_of_theme(context.theme, context)
        return cache.inputs is not None and keeps_plan_of_theme(cache.inputs.theme, context)
    before = index.replaced
    return scan.reuse.everything and before is not None and keeps_plan(before.index, index.snapshot.index, context)


def _later_problems(context: RenderContext, request: BuildRequest) -> Mapping[str, Problems]:
    """Check the scheduled documents, each time: what they link to may have changed. A live preview skips this."""
    return {"later-problems": () if request.options.live else check_scheduled(Site(context))}


def check_keys(
    request: BuildRequest, scan: ScanResult, index: IndexResult, site: SitePlan, cache: EngineCache
) -> Trace:
    """Compute the results of keys that pages read again: of all keys, or of those that can have changed.

    If someone waits for a page, the entries of the sitemap are listed only when it is rendered.
    Raises: BrokenStateError if the keys are lost.
    """
    trace = Trace(cache.keys)
    if not trace.had_any and any(row.reads for row in cache.outputs.rows.values()):
        raise BrokenStateError("pages read keys, and there is none")
    queries = site.context.queries
    moved = find_moved(site, cache)
    suspects = find_suspects(scan, index, cache, queries.per_page, moved, replanned=site.whole)
    trace.recheck(queries, suspects, unasked=_ENTRIES if request.choose is not None else frozenset())
    if os.environ.get("OPENLETTER_DEBUG") == "1":
        trace.check_completeness(queries)
    return trace


def find_moved(site: SitePlan, cache: EngineCache) -> Set[str]:
    """List the paths of outputs that come or go."""
    rows = cache.outputs.rows
    if site.changes is not None:
        return site.changes.gone | {target.path for target in site.changes.planned if target.path not in rows}
    return site.plan.paths ^ (rows.keys() | cache.outputs.left) if site.whole else frozenset()


def _open_templates(request: BuildRequest, cache: EngineCache) -> Templates:
    """Return the templates of the last build if nothing they depend on has changed, else what is compiled of them."""
    before, inputs = cache.inputs, request.inputs
    if cache.context is None or before is None or before.extensions is not None or inputs.extensions is not None:
        return open_templates(request.root, inputs, cache.store)
    if before.basis.theme != inputs.basis.theme:
        return open_templates(request.root, inputs, cache.store, cache.context.templates.known)
    inputs.theme.named.update(before.theme.named)
    return cache.context.templates


def open_templates(root: Path, inputs: Inputs, store: Store, known: KnownTemplates | None = None) -> Templates:
    """Open the theme's templates, with those that were compiled before: the `known` ones, else those of the state."""
    found = known if known is not None else fetch_templates(root, store.folder, inputs.basis.generator)
    inputs.theme.named.update(found.named)
    return Templates(inputs.theme, inputs.additions(), found, stock=inputs.stock)


def gather_context(
    root: Path, inputs: Inputs, snapshot: IndexSnapshot, store: Store, templates: Templates
) -> RenderContext:
    """Gather what targets are rendered from."""
    queries = Queries(snapshot.index, inputs.config, snapshot.texts(store), snapshot.cards)
    queries.supply(SOURCE, lambda path: snapshot.files[path][0])
    queries.supply(LINES, store.digest_of)
    queries.supply(PROGRAM, lambda _: (inputs.basis.generator, inputs.basis.extensions))
    publisher = Publisher(root, inputs.found, snapshot, store)
    drawn, font = drawn_folder(root, store.folder), inputs.config.social.font
    rendition = Renditions(drawn, publisher, snapshot.index.pictures)
    for_mail = _mail_pictures(drawn, publisher, snapshot)
    cards = SocialCards(drawn, root / font if font else None, inputs.theme.card_colours)
    locate = Locator(root, inputs.found)
    additions = inputs.additions()
    return make_render_context(
        inputs.config,
        queries,
        inputs.theme,
        publisher,
        rendition,
        for_mail,
        cards,
        locate,
        inputs.banner,
        store.reopen,
        additions,
        output_kinds(additions),
        templates,
    )


def _renew_context(context: RenderContext, request: BuildRequest, index: IndexResult, store: Store) -> RenderContext:
    """Return the last build's context access to the changed texts."""
    found, snapshot = request.inputs.found, index.snapshot
    context.forget(keys_of_texts(index.edited))
    context.queries.renew(snapshot.texts(store))
    publisher = Publisher(request.root, found, snapshot, store)
    drawn = drawn_folder(request.root, store.folder)
    rendition = Renditions(drawn, publisher, snapshot.index.pictures)
    for_mail = _mail_pictures(drawn, publisher, snapshot)
    locate = Locator(request.root, found)
    return replace(context, source=publisher, rendition=rendition, for_mail=for_mail, locate=locate)


def _mail_pictures(drawn: Path, publisher: Publisher, snapshot: IndexSnapshot) -> MailPictures:
    pictures, files = snapshot.index.pictures, snapshot.files
    return MailPictures(drawn, publisher, lambda path: (pictures[path].kind, files[path][0]))


def _theme_problems(inputs: Inputs) -> Iterator[Problem]:
    yield from inputs.theme.check()
    engine = inputs.config.markup.engine
    if engine != "markdown" and inputs.additions().markdown:
        message = f'An extension adds to Python-Markdown, but [markup] engine is "{engine}", so that part is not used.'
        yield warning("site.toml", "extension-unused", message, 'Write engine = "markdown", or leave it as it is.')
