"""The targets of a site by what they are planned from, so that an edit plans only what it changes.

An update gives the targets of a whole plan. With OPENLETTER_DEBUG=1 the two are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from generator.errors import Problem, error
from generator.model import Target
from generator.render.added import plan_added
from generator.render.context import RenderContext
from generator.render.documents import DOCUMENTS, plan_document
from generator.render.files import FILES
from generator.render.kinds import OutputKind, Phase, contexts_by_edition
from generator.render.listings import find_listings, plan_listing
from generator.render.output_kinds import BUILT_IN
from generator.render.overviews import OVERVIEWS
from generator.render.pictures import RENDITIONS
from generator.site.addresses import file_key, output_path
from generator.site.index_model import SiteIndex

_PLANNED_FROM: Mapping[OutputKind, tuple[str, ...]] = {
    FILES: ("files",),
    RENDITIONS: ("files", "pictures", "shown_pictures"),
}
"""The parts of the index that kinds with many targets are planned from: with the same settings, while they stay, so do
the targets."""


class PlannedListing(Struct, frozen=True):
    """The targets of a listing, and what decides how many there are."""

    count: int
    per_page: int
    targets: list[Target]


class PlannedPages(Struct, frozen=True):
    """The pages of a site: of documents by the document's path, of listings by edition and name, and the overviews."""

    documents: Mapping[str, Target]
    listings: Mapping[tuple[str, str], PlannedListing]
    overviews: list[Target]

    def __len__(self) -> int:
        return len(self.documents) + len(self.overviews) + sum(len(each.targets) for each in self.listings.values())

    def lists(self) -> Iterable[Target]:
        """List the pages that are not of documents."""
        return chain(*(each.targets for each in self.listings.values()), self.overviews)


class Planned(Struct, frozen=True):
    """All targets: `pages`, and the others by their kind.

    `kept` are the targets of the plan in the order in which they are written, by the key of their path: the first of
    each path. `is_simple` is True if none had to be left out and no extension adds any.
    """

    pages: PlannedPages
    others: Mapping[OutputKind, list[Target]]
    kept: Mapping[str, Target]
    problems: tuple[Problem, ...] = ()
    is_simple: bool = True


class PlanChanges(Struct, frozen=True):
    """What differs from the last plan: targets that are new or are other ones now, and paths that have none now."""

    planned: tuple[Target, ...]
    gone: frozenset[str]


def plan_pages(context: RenderContext) -> PlannedPages:
    """Plan the pages of a site: of documents, but for those that introduce a list, for they are shown there."""
    listings = {
        (tag, listing): _plan_listing(own, f"{tag}/" if tag else "", kind, listing, address)
        for tag, own in contexts_by_edition(context)
        for kind, listing, address in find_listings(own)
    }
    pages = PlannedPages({}, listings, list(OVERVIEWS.plan_all(context)))
    introduced = frozenset(target.path for target in pages.lists())
    documents = {
        target.args[0]: target
        for target in DOCUMENTS.plan(context)
        if target.kind != "page" or target.path not in introduced
    }
    return replace(pages, documents=documents)


def _plan_listing(context: RenderContext, folder: str, kind: str, listing: str, address: str) -> PlannedListing:
    count, per_page = len(context.queries.listing(listing)), context.queries.per_page(listing)
    targets = plan_listing(kind, listing, address, count, per_page)
    if folder:
        targets = [replace(target, path=folder + target.path) for target in targets]
    return PlannedListing(count, per_page, targets)


def plan_others(context: RenderContext, pages: PlannedPages) -> Planned:
    """Plan everything else.

    Of several targets of a path the first is kept: a file of content/static comes before a generated one. A generated
    page that a document displaces is a problem of the document.
    """
    others = {kind: list(kind.plan_all(context)) for kind in BUILT_IN if not kind.is_page}
    before = [targets for kind, targets in others.items() if kind.phase < Phase.PAGES]
    after = [targets for kind, targets in others.items() if kind.phase >= Phase.PAGES]
    everything = [*chain(*before), *pages.documents.values(), *pages.lists(), *chain(*after)]
    kept: dict[str, Target] = {}
    problems = []
    for target in everything:
        other = kept.setdefault(file_key(target.path), target)
        if other is not target and other.kind in DOCUMENTS.names:
            message = f"Openletter makes a page of its own at this address, /{target.path}."
            hint = "Set another slug or permalink."
            problems.append(error(other.args[0], "address-taken", message, hint))
    is_simple = len(kept) == len(everything) and not context.additions.kinds
    added, refused = plan_added(context, kept.values())
    kept |= {file_key(target.path): target for target in added}
    return Planned(pages, others, kept, (*problems, *refused), is_simple)


class PlanUpdate:
    """An update of the plan of the index that was `replaced`, with the theme of before.

    With other settings than before, which that index was not made from, the index is still the same.
    `changes` are complete after both steps: first `pages`, then `others`.
    """

    def __init__(self, before: Planned, context: RenderContext, replaced: SiteIndex, *, same_settings: bool) -> None:
        self._same_settings = same_settings
        self._before = before
        self._context = context
        self._replaced = replaced
        self._put: list[Target] = []
        self._dropped: list[Target] = []

    def pages(self) -> PlannedPages | None:
        """Update the pages; None if all must be planned."""
        old, index = self._replaced, self._context.queries.index
        if not self._before.is_simple or self._context.additions.kinds or index.editions or old.editions:
            return None
        if (old.pages, old.issues) != (index.pages, index.issues):
            return None
        documents = self._documents()
        if documents is None:
            return None
        listings, overviews = self._listings(), list(OVERVIEWS.plan(self._context))
        self._exchange(self._before.pages.overviews, overviews)
        changes = self.changes
        introduced = {output_path(index.addresses[key]) for key in index.pages}
        if not introduced.isdisjoint(changes.gone) or any(each.path in introduced for each in changes.planned):
            return None  # a page may introduce a list that is new, or stand alone where a list was
        return PlannedPages(documents, listings, overviews)

    def _documents(self) -> Mapping[str, Target] | None:
        """Update the pages of posts with another address; None if a document that is no post has one."""
        old, index, known = self._replaced, self._context.queries.index, self._before.pages.documents
        addresses = old.addresses
        if addresses is index.addresses:
            return known
        moved = [key for key, address in index.addresses.items() if addresses.get(key) != address]
        gone = [*(addresses.keys() - index.addresses.keys()), *(key for key in moved if key in addresses)]
        if any(old.cards[key].kind != "post" for key in gone) or any(index.cards[key].kind != "post" for key in moved):
            return None
        documents = dict(known)
        self._dropped += [documents.pop(key) for key in gone]
        made = {key: plan_document(index, "post", key) for key in moved}
        self._put += made.values()
        return documents | made

    def _listings(self) -> Mapping[tuple[str, str], PlannedListing]:
        """Plan the listings that have another number of posts."""
        queries, before = self._context.queries, self._before.pages.listings
        listings = {}
        for kind, listing, address in find_listings(self._context):
            name = ("", listing)
            known, count, per_page = before.get(name), len(queries.listing(listing)), queries.per_page(listing)
            if known is None or (known.count, known.per_page) != (count, per_page):
                made = _plan_listing(self._context, "", kind, listing, address)
                self._exchange(known.targets if known is not None else [], made.targets)
                known = made
            listings[name] = known
        self._dropped += chain(*(each.targets for name, each in before.items() if name not in listings))
        return listings

    def others(self, pages: PlannedPages) -> Planned | None:
        """Plan all other kinds, but for those with many targets that stay; None if all must be planned."""
        old, index = self._replaced, self._context.queries.index
        others = {}
        for kind, known in self._before.others.items():
            parts = _PLANNED_FROM.get(kind)
            stays = (
                self._same_settings
                and parts is not None
                and all(getattr(old, part) == getattr(index, part) for part in parts)
            )
            others[kind] = known if stays else list(kind.plan_all(self._context))
            self._exchange(known, others[kind])
        kept = self._kept()
        return None if kept is None else Planned(pages, others, kept)

    def _exchange(self, known: list[Target], made: list[Target]) -> None:
        """Note that some targets are planned instead of others."""
        if made is not known and made != known:
            self._dropped += known
            self._put += made

    @property
    def changes(self) -> PlanChanges:
        """What differs from the targets of before."""
        dropped = {target.path: target for target in self._dropped}
        planned = tuple(target for target in self._put if dropped.get(target.path) != target)
        return PlanChanges(planned, frozenset(dropped.keys() - {target.path for target in self._put}))

    def _kept(self) -> Mapping[str, Target] | None:
        """Update the targets by path; None if two want the same path."""
        changes, kept = self.changes, dict(self._before.kept)
        dropped, new = {target.path for target in self._dropped}, set[str]()
        for path in changes.gone:
            del kept[file_key(path)]
        for target in changes.planned:
            key = file_key(target.path)
            if key in new or (key in kept and target.path not in dropped):
                return None
            new.add(key)
            kept[key] = target
        return kept
