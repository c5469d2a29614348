"""The whole plan of a build: every output file, decided before the first is rendered."""

from __future__ import annotations

import os
from collections.abc import Set
from functools import cached_property

from generator.errors import Problem
from generator.model import Target
from generator.render.context import RenderContext
from generator.render.planned import PlanChanges, Planned, PlannedPages, PlanUpdate, plan_others, plan_pages
from generator.render.sitemap_entries import MapEntries, list_entries
from generator.site.addresses import file_key
from generator.site.discussion import needs_thread_pages
from generator.site.index_model import SiteIndex
from generator.site.keys import OUTPUT, PAGE_COUNT, SITEMAP
from generator.site.results import SitemapEntry
from generator.theming import Theme

PARTS = (
    "addresses",
    "aliases",
    "authors",
    "blocks",
    "editions",
    "files",
    "issue_layouts",
    "issues",
    "months",
    "pages",
    "pictures",
    "posts",
    "series",
    "shown_pictures",
    "tags",
)
"""The parts of the index that targets are planned from, beside the cards."""


def keeps_plan(before: SiteIndex, after: SiteIndex, context: RenderContext) -> bool:
    """Return True if two indexes lead to the same targets, with the same theme and settings, as far as is known."""
    config = context.config
    if context.additions.kinds or config.social.cards or needs_thread_pages(config):
        return False  # extensions plan from anything, and some targets follow from the cards
    return all(getattr(before, part) == getattr(after, part) for part in PARTS)


def keeps_plan_of_theme(before: Theme, context: RenderContext) -> bool:
    """Return True if the theme leads to the same targets as the one before it, with the same index and settings."""
    if context.additions.kinds or context.config.social.cards:
        return False
    return _planned_from(before) == _planned_from(context.theme)


def _planned_from(theme: Theme) -> object:
    """Give what targets are planned from: the names of the theme's files and templates."""
    static = {path: file.output_path for path, file in theme.static.items()}
    return static, [layer.keys() for layer in theme.layers]


class OutputPlan:
    """All targets of a build, made when first asked for.

    It also answers what is only known of the plan as a whole: `OUTPUT` (is there such an output?), `SITEMAP` (its
    pages) and `PAGE_COUNT`.
    """

    def __init__(self, context: RenderContext, paths: Set[str] | None = None, before: OutputPlan | None = None) -> None:
        """Plan a site, as far as the targets are not known to be those of the last build, `before`.

        Then `paths` are those of its outputs: all targets, if `before` has no plan either.
        """
        self._context = context
        self._known_paths = paths
        self.changes: PlanChanges | None = None
        """What differs from the plan before, if this one is an update of it."""
        self.mapped: MapEntries | None = before.mapped if before is not None else None
        """The last entries of the sitemap that were listed, in this build or before."""
        if paths is not None and before is not None and (known := before.planned):
            self._pages, self._all = known.pages, known
        context.queries.supply(OUTPUT, self._has)
        context.queries.supply(SITEMAP, lambda _: self._map)
        context.queries.supply(PAGE_COUNT, lambda _: len(self._pages))

    def update(self, before: OutputPlan, replaced: SiteIndex, *, same_settings: bool = True) -> None:
        """Plan only what differs from the plan of the index that was `replaced`, if possible: see `changes`."""
        if before.planned is None:
            return
        update = PlanUpdate(before.planned, self._context, replaced, same_settings=same_settings)
        pages = update.pages()
        if pages is None:
            return
        self._pages = pages
        planned = update.others(pages)
        if planned is not None:
            self._all, self.changes = planned, update.changes
        if os.environ.get("OPENLETTER_DEBUG") == "1":
            _compare(planned, pages, plan_others(self._context, plan_pages(self._context)))

    @property
    def planned(self) -> Planned | None:
        """The targets, if they have been planned."""
        known: Planned | None = self.__dict__.get("_all")
        return known

    def find(self, path: str) -> Target | None:
        """Return the target of a path; None if there is none."""
        target = self._all.kept.get(file_key(path))
        return target if target is not None and target.path == path else None

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """All targets in the order in which they are written, no two of one path; in any order after an update."""
        return tuple(self._all.kept.values())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of the plan: documents at the address of a generated page."""
        return self._all.problems

    @cached_property
    def paths(self) -> Set[str]:
        """The paths of all targets."""
        if self._known_paths is not None and self.planned is None:
            return self._known_paths
        return frozenset(target.path for target in self.targets)

    def _has(self, path: str) -> bool:
        """Return True if a path is that of a target, without listing the paths of all."""
        if self._known_paths is not None and self.planned is None:
            return path in self._known_paths
        return self.find(path) is not None

    @cached_property
    def _pages(self) -> PlannedPages:
        return plan_pages(self._context)

    @cached_property
    def _all(self) -> Planned:
        return plan_others(self._context, self._pages)

    @cached_property
    def _map(self) -> tuple[SitemapEntry, ...]:
        """List each page's root-relative URL and the day of its last change ("" where none is known), sorted."""
        self.mapped = list_entries(self._context, self._pages, self.mapped)
        if os.environ.get("OPENLETTER_DEBUG") == "1":
            whole = list_entries(self._context, plan_pages(self._context), None)
            assert self.mapped.ordered() == whole.ordered(), "the sitemap has other entries"
        return self.mapped.ordered()


def _compare(planned: Planned | None, pages: PlannedPages, whole: Planned) -> None:
    """Compare an updated plan with a whole one. Raises: AssertionError."""
    for name in PlannedPages.__struct_fields__:
        assert getattr(pages, name) == getattr(whole.pages, name), f"the updated plan has other {name}"
    if planned is not None:
        assert planned.others == whole.others, "the updated plan has other files"
        assert planned.kept == whole.kept, "the updated plan has other targets"
        assert whole.is_simple, "the updated plan has problems"
