"""The whole plan of a build: every output file, decided before the first is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from functools import cached_property
from itertools import chain

from generator.errors import Problem, error
from generator.model import Target
from generator.render.added import plan_added
from generator.render.context import RenderContext
from generator.render.documents import DOCUMENTS
from generator.render.kinds import Phase
from generator.render.listings import LISTINGS
from generator.render.output_kinds import BUILT_IN
from generator.site.addresses import file_key, root_relative
from generator.site.discussion import needs_thread_pages
from generator.site.editions import edition_of
from generator.site.index_model import Card, SiteIndex
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

    def __init__(self, context: RenderContext, paths: Set[str] | None = None) -> None:
        """Plan a site. `paths` are those of all targets where they are known to be the last build's."""
        self._context = context
        self._known_paths = paths
        context.queries.supply(OUTPUT, lambda path: path in self.paths)
        context.queries.supply(SITEMAP, lambda _: self._map)
        context.queries.supply(PAGE_COUNT, lambda _: len(self._pages))

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """All targets in the order in which they are written, no two of one path."""
        return self._distinct[0]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of the plan: documents at the address of a generated page."""
        return self._distinct[1]

    @cached_property
    def paths(self) -> Set[str]:
        """The paths of all targets."""
        if self._known_paths is not None:
            return self._known_paths
        return frozenset(target.path for target in self.targets)

    @cached_property
    def _listed(self) -> list[Target]:
        return [
            target
            for kind in BUILT_IN
            if kind.is_page and kind is not DOCUMENTS
            for target in kind.plan_all(self._context)
        ]

    @cached_property
    def _listing_addresses(self) -> frozenset[str]:
        return frozenset(map(_address, self._listed))

    @cached_property
    def _documents(self) -> list[Target]:
        """Plan a page for each document, but for the pages that introduce a listing: they are shown there."""
        return [
            target
            for target in DOCUMENTS.plan(self._context)
            if target.kind != "page" or _address(target) not in self._listing_addresses
        ]

    @cached_property
    def _pages(self) -> list[Target]:
        return [*self._documents, *self._listed]

    @cached_property
    def _map(self) -> tuple[SitemapEntry, ...]:
        """List each page's root-relative URL and the day of its last change ("" where none is known), sorted."""
        config, index = self._context.config, self._context.queries.index
        changes = {key: _changed(card) for key, card in index.cards.items()}
        documents = [SitemapEntry(index.urls[key], changes[key]) for key in (each.args[0] for each in self._documents)]
        listed = [
            SitemapEntry(root_relative(config, _address(target)), self._last_change(target, changes))
            for target in self._listed
        ]
        return tuple(sorted(documents + listed))

    def _last_change(self, target: Target, changes: Mapping[str, str]) -> str:
        """Give the day of the last change of any document that a page lists, "" where none is known."""
        edition = edition_of(target.path, self._context.queries.editions)
        queries = self._context.queries.editions[edition] if edition else self._context.queries
        index = queries.index
        keys: Iterable[str] = index.posts
        if target.kind in LISTINGS.names:
            keys = queries.chunk("|".join(target.args)).posts
        elif target.kind == "series":
            keys = index.series[target.args[0]].posts
        elif target.kind == "year":
            keys = chain.from_iterable(posts for name, posts in index.months.items() if name[:4] == target.args[0])
        return max((changes[key] for key in keys), default="")

    @cached_property
    def _distinct(self) -> tuple[tuple[Target, ...], tuple[Problem, ...]]:
        """Keep the first target of each path: a file of content/static comes before a generated one.

        A generated page that a document displaces is a problem of the document.
        """
        context = self._context
        before = (target for kind in BUILT_IN if kind.phase < Phase.PAGES for target in kind.plan_all(context))
        after = (
            target
            for kind in BUILT_IN
            if kind.phase >= Phase.PAGES and not kind.is_page
            for target in kind.plan_all(context)
        )
        kept: dict[str, Target] = {}
        problems = []
        for target in chain(before, self._pages, after):
            other = kept.setdefault(file_key(target.path), target)
            if other is not target and other.kind in DOCUMENTS.names:
                message = f"Openletter makes a page of its own at this address, /{target.path}."
                hint = "Set another slug or permalink."
                problems.append(error(other.args[0], "address-taken", message, hint))
        added, refused = plan_added(context, kept.values())
        return (*kept.values(), *added), (*problems, *refused)


def _changed(card: Card) -> str:
    """Return the day of a document's last change, "" where none is known."""
    last = max(card.updated, card.date) if card.updated and card.date else card.updated or card.date
    return last.date().isoformat() if last else ""


def _address(target: Target) -> str:
    return "/" + target.path.removesuffix("index.html")
