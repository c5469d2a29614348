"""The entries of the sitemap: the URL of each page, with the day of the last change of what it shows.

What one build has listed, the next one uses again as far as the cards and lists are the same.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Mapping
from itertools import chain

from msgspec import Struct

from generator.model import Target
from generator.render.context import RenderContext
from generator.render.planned import PlannedListing, PlannedPages
from generator.site.addresses import root_relative
from generator.site.editions import edition_of
from generator.site.index_model import Card
from generator.site.index_reader import IndexReader
from generator.site.pagination import chunk_span
from generator.site.results import SitemapEntry

Entries = Mapping[str, SitemapEntry]
"""Entries by the output path of their page."""


class ListingEntries(Struct, frozen=True):
    """The entries of all pages of a listing, and what they were made from, except for the days of its posts."""

    posts: tuple[str, ...]
    planned: PlannedListing
    entries: Entries


class MapEntries(Struct, frozen=True):
    """The entries of a build, and what they were made from. `paths` are those of their pages, sorted by URL.

    `days` has the day of each card's last change, "" where none is known; `listings` are by edition and name. `made` is
    how many entries were made for this build.
    """

    base_path: str
    urls: Mapping[str, str]
    cards: Mapping[str, Card]
    days: Mapping[str, str]
    listings: Mapping[tuple[str, str], ListingEntries]
    documents: Mapping[str, SitemapEntry]
    entries: Entries
    paths: list[str]
    made: int

    def ordered(self) -> tuple[SitemapEntry, ...]:
        """Return the entries, sorted."""
        return tuple(map(self.entries.__getitem__, self.paths))


_FEW = 100  # new entries that are put in one by one


def list_entries(context: RenderContext, pages: PlannedPages, before: MapEntries | None) -> MapEntries:
    """List the entries of all pages."""
    base_path, index = context.config.base_path, context.queries.index
    if before is not None and before.base_path != base_path:
        before = None
    maker = _Maker(context, before)
    documents = maker.of_documents(pages.documents, index.urls)
    listings = {name: maker.of_listing(*name, planned) for name, planned in pages.listings.items()}
    found: dict[str, SitemapEntry] = {}
    for each in listings.values():
        found.update(each.entries)
    found |= {target.path: maker.of_overview(target) for target in pages.overviews}
    found |= {pages.documents[key].path: entry for key, entry in documents.items()}
    paths = _sorted(found, before)
    return MapEntries(base_path, index.urls, index.cards, maker.days, listings, documents, found, paths, maker.made)


def _sorted(found: Mapping[str, SitemapEntry], before: MapEntries | None) -> list[str]:
    """Sort the paths of entries by their URL, beginning with the order of before: sorting all of them takes longer."""
    if before is None:
        return sorted(found, key=found.__getitem__)
    known = before.entries
    paths = before.paths if known.keys() <= found.keys() else [path for path in before.paths if path in found]
    new = [path for path in found if path not in known] if len(paths) < len(found) else []
    if len(new) > _FEW:
        return sorted([*paths, *new], key=found.__getitem__)
    paths = list(paths) if new else paths
    for path in new:
        insort(paths, path, key=found.__getitem__)
    return paths


class _Maker:
    """Makes entries, or takes them from those of `before`. `changed` are the documents with another day than then."""

    def __init__(self, context: RenderContext, before: MapEntries | None) -> None:
        self.made = 0
        self._context = context
        self._before = before
        self._known: Entries = before.entries if before is not None else {}
        self.days, self._changed = _days(context.queries.index.cards, before)
        self._newest: dict[str, str] = {}

    def of_documents(self, documents: Mapping[str, Target], urls: Mapping[str, str]) -> dict[str, SitemapEntry]:
        """Make the entries of documents, except for those with the same address and day as before."""
        before, days = self._before, self.days
        if before is None:
            kept: dict[str, SitemapEntry] = {}
        elif before.urls is urls and not self._changed and documents.keys() == before.documents.keys():
            kept = dict(before.documents)
        else:
            old = before.urls
            kept = {
                key: entry
                for key, entry in before.documents.items()
                if key in documents and old[key] == urls[key] and key not in self._changed
            }
        new = [key for key in documents if key not in kept] if len(kept) < len(documents) else []
        self.made += len(new)
        kept.update((key, SitemapEntry(urls[key], days[key])) for key in new)
        return kept

    def of_listing(self, edition: str, name: str, planned: PlannedListing) -> ListingEntries:
        """Make the entries of a listing's pages, unless its posts and their days are those of before."""
        posts = self._queries(edition).listing(name)
        known = self._before.listings.get((edition, name)) if self._before is not None else None
        same = known is not None and (known.posts, known.planned) == (posts, planned)
        if known is not None and same and (not self._changed or self._changed.isdisjoint(posts)):
            return known
        days = [self.days[key] for key in posts]
        entries = {}
        for target in planned.targets:
            number = target.args[2]
            start, stop = chunk_span(len(days), planned.per_page, int(number) if number else None)
            entries[target.path] = self._entry(target, max(days[start:stop], default=""))
        return ListingEntries(posts, planned, entries)

    def of_overview(self, target: Target) -> SitemapEntry:
        """Make the entry of an overview: it was changed with any document that it lists."""
        editions = self._context.queries.editions
        edition = edition_of(target.path, editions) if editions else ""
        return self._entry(target, max(self._days_of(edition, target), default=""))

    def _entry(self, target: Target, day: str) -> SitemapEntry:
        known = self._known.get(target.path)
        if known is not None and known.changed == day:
            return known
        self.made += 1
        address = "/" + target.path.removesuffix("index.html")
        return SitemapEntry(known.url if known is not None else root_relative(self._context.config, address), day)

    def _days_of(self, edition: str, target: Target) -> Collection[str]:
        """List the days of the last changes of all documents that an overview lists."""
        index = self._queries(edition).index
        if target.kind == "series":
            return [self.days[key] for key in index.series[target.args[0]].posts]
        if target.kind == "year":
            months = (posts for name, posts in index.months.items() if name[:4] == target.args[0])
            return [self.days[key] for key in chain.from_iterable(months)]
        if edition not in self._newest:
            self._newest[edition] = max((self.days[key] for key in index.posts), default="")
        return [self._newest[edition]]

    def _queries(self, edition: str) -> IndexReader:
        queries = self._context.queries
        return queries.editions[edition] if edition else queries


def _days(cards: Mapping[str, Card], before: MapEntries | None) -> tuple[Mapping[str, str], frozenset[str]]:
    """Map each document to the day of its last change; returns also the documents with another day than before."""
    if before is None:
        return {key: _changed(card) for key, card in cards.items()}, frozenset(cards)
    known = before.cards
    other = {} if cards is known else {key: card for key, card in cards.items() if known.get(key) is not card}
    days = {key: _changed(card) for key, card in other.items()}
    changed = frozenset(key for key, day in days.items() if before.days.get(key) != day)
    return {**before.days, **days}, changed


def _changed(card: Card) -> str:
    """Return the day of a document's last change, "" where none is known."""
    last = max(card.updated, card.date) if card.updated and card.date else card.updated or card.date
    return last.date().isoformat() if last else ""
