"""After the render stage of a public build: which addresses are public now, and which were and are gone."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from generator.engine.cache import EngineCache
from generator.engine.facts import Problems
from generator.engine.inputs import Inputs
from generator.engine.records import DocumentRecord, Record
from generator.engine.stages.index import IndexResult
from generator.engine.stages.plan import SitePlan
from generator.engine.stored_index import StoredCards
from generator.errors import Level
from generator.model import Document
from generator.site.index_model import SiteIndex
from generator.site.lost_addresses import CurrentSite, Lost, explain_lost, find_lost, pages_at
from generator.site.lost_feeds import explain_lost_feeds, explain_moved_feeds, feed_addresses, moved_feeds
from generator.store.published import PUBLISHED_FEED, PublishedPage, load_published, save_published
from generator.store.state import Store


class _Headline(Struct, frozen=True):
    """The part of a stored card that is needed here: reading no more of 100,000 cards saves their memory."""

    key: str
    id: str
    title: str


def record_addresses(inputs: Inputs, index: IndexResult, site: SitePlan, cache: EngineCache) -> Problems:
    """Add this build's addresses, of feeds too, to those published before; return a problem for each that is gone.

    The list is saved before the state: a build that is killed in between has published its pages already.
    """
    state, known = cache.store.folder, index.snapshot.index
    before = load_published(state)
    now = dict(pages_at(known.addresses, known.aliases, _pages(known, cache.store)))
    now |= dict.fromkeys(feed_addresses(site.plan.paths), PUBLISHED_FEED)
    if (published := before | now) != before:
        save_published(state, published)
    lost = find_lost(published, site.plan.paths, inputs.config.gone.addresses)
    feeds = [address for address, page in lost.items() if page == PUBLISHED_FEED]
    moved = moved_feeds(feeds, known)
    pages = {address: page for address, page in lost.items() if page != PUBLISHED_FEED}
    return (
        *_explain_pages(pages, inputs, index, cache),
        *explain_moved_feeds(moved),
        *explain_lost_feeds([feed for feed in feeds if feed not in moved], site.plan.paths, posts=bool(known.posts)),
    )


def _explain_pages(lost: Lost, inputs: Inputs, index: IndexResult, cache: EngineCache) -> Problems:
    if not lost:
        return ()
    known = index.snapshot.index
    faulty = {problem.path for problem in _source_problems(inputs, cache.store) if problem.level is Level.ERROR}
    return explain_lost(lost, CurrentSite(_documents(cache), known.addresses, faulty, inputs.now))


def _pages(index: SiteIndex, store: Store) -> dict[str, PublishedPage]:
    """Describe the documents of the index: path → page."""
    if isinstance(index.cards, StoredCards):
        cards = (card for card, _ in store.named_blobs("card|", _Headline))
        return {card.key: PublishedPage(card.id, card.key, card.title) for card in cards}
    return {path: PublishedPage(card.id, path, card.title) for path, card in index.cards.items()}


def _source_problems(inputs: Inputs, store: Store) -> Problems:
    of_sources: dict[str, Problems] = store.fact("source-problems", dict[str, Problems]) or {}
    of_site: Problems = store.fact("site-problems", Problems) or ()
    return (*inputs.problems, *of_site, *(problem for found in of_sources.values() for problem in found))


def _documents(cache: EngineCache) -> Iterator[Document]:
    records = cache.records.items() if cache.kept else cache.store.records(Record)
    for path, record in records:
        if isinstance(record, DocumentRecord) and (document := record.document(path, 0)) is not None:
            yield document
