"""Update an index after a few documents were edited, added or deleted: what the others made of it stays.

The result equals a whole index of the same documents. With OPENLETTER_DEBUG=1 the engine compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Set
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from generator.config import Config
from generator.config.label_options import find_language
from generator.digest import encode_canonical
from generator.errors import Locate, Problem, ProblemCollector
from generator.model import Document, Kind
from generator.site.blocks import gather_blocks
from generator.site.cards import CardContext, make_card
from generator.site.contacts import find_contacts
from generator.site.editions import MAIN, configs_by_language
from generator.site.files_beside import references, without_owner
from generator.site.hidden import with_faulty
from generator.site.in_order import leave_out, put_in_order
from generator.site.index import (
    BuiltIndex,
    Indexed,
    IndexSources,
    find_shared_titles,
    find_shown_pictures,
    list_documents,
)
from generator.site.index_model import Author, Card, Label, SiteIndex
from generator.site.issues import lay_out_issues
from generator.site.list_update import update_lists
from generator.site.listings import listing_addresses_of
from generator.site.publication import Publication
from generator.site.routes import Routes, update_routes
from generator.site.series import gather_series
from generator.site.source_names import SourceNames
from generator.site.taxonomies import Taxonomies, gather, update_labels
from generator.site.used_words import UsedWords, count_words, exchange_words

Changes = Mapping[str, Document | None]
"""Path → the new version of a document; None if there is none any more."""


class _Edit(Struct, frozen=True):
    """What changes: `before` are the old versions of edited and deleted documents, `after` the new versions.

    `documents` are all there are now, by path; `sources` what else there is.
    """

    before: Mapping[str, Document]
    after: Mapping[str, Document]
    documents: Mapping[str, Document]
    sources: IndexSources
    locate: Locate

    @property
    def paths(self) -> frozenset[str]:
        """The paths of all changed documents."""
        return frozenset((*self.before, *self.after))

    @property
    def gone(self) -> Set[str]:
        """The paths of deleted documents."""
        return self.before.keys() - self.after.keys()

    @property
    def only_words(self) -> bool:
        """Whether the documents differ in nothing but what only their cards show."""
        return self.differ_in(_without_words) == set()

    def differ_in(self, part: Callable[[Document], object]) -> set[str]:
        """Choose the documents in which a part differs, and those that are new or gone.

        Compares encoded bytes: one moment in two time zones is equal, and shown otherwise.
        """
        both = self.before.keys() & self.after.keys()
        pairs = ((path, part(self.before[path]), part(self.after[path])) for path in both)
        return {path for path, one, other in pairs if encode_canonical(one) != encode_canonical(other)} | (
            self.paths - both
        )

    def versions(self) -> Iterable[Document]:
        """List the old and the new versions."""
        return (*self.before.values(), *self.after.values())


def update_index(
    built: BuiltIndex, changes: Changes, publication: Publication, locate: Locate, faulty: Collection[str] = ()
) -> BuiltIndex | None:
    """Return an index with changed documents; None if it must be made from all documents.

    No date may have passed since the index was made, and nothing but the documents may have changed. No file may
    belong to a document that is new or gone. `faulty` are those of the changed ones that have an error now.
    """
    before = {path: built.documents[path] for path in changes if path in built.documents}
    after = {path: each for path, each in changes.items() if each is not None}
    documents = put_in_order(leave_out(built.documents, changes.keys() - after.keys()), after)
    known = (built.sources.faulty - changes.keys()) | frozenset(faulty)
    edit = _Edit(before, after, documents, replace(built.sources, publication=publication, faulty=known), locate)
    public = _update(built.public, edit)
    later = built.later and _update(built.later, edit)
    if public is None or (built.later is not None and later is None):
        return None
    return BuiltIndex(documents, edit.sources, public, later)


def _update(indexed: Indexed, edit: _Edit) -> Indexed | None:
    named = {problem.path for problem in indexed.others} | indexed.index.scheduled.keys()
    if not edit.paths.isdisjoint(named):
        return None  # what is shown of a scheduled document, or the line of a problem, may be another
    hidden = with_faulty(indexed.index.hidden, edit.sources.faulty)
    if hidden != indexed.index.hidden:
        if indexed.of_issues:
            return None  # an issue may name what has an error now, or no longer has one
        indexed = replace(indexed, index=replace(indexed.index, hidden=hidden))
    return _with_words(indexed, edit) if edit.only_words else _with_lists(indexed, edit)


# What only cards show


def _without_words(document: Document) -> Document:
    meta = replace(
        document.meta,
        title="",
        summary=None,
        description=None,
        image_alt=None,
        pinned=False,
        learning_points=(),
        rating=None,
        rating_note=None,
        action=None,
        owner=None,
        approved_by=None,
        review_by=None,
        extra={},
    )
    return replace(document, meta=meta, lead="", minutes=0, comment_count=0)


def _with_words(indexed: Indexed, edit: _Edit) -> Indexed | None:
    """Update the cards of documents of which nothing else has changed."""
    named = (*indexed.of_labels, *indexed.of_series, *indexed.of_issues)
    if any(problem.path in edit.paths for problem in named):
        return None  # its line may be another
    contexts = {tag: replace(each, now=edit.sources.publication.now) for tag, each in indexed.contexts.items()}
    made = _make_cards(indexed, contexts, edit, edit.paths)
    if made is None:
        return None
    cards, of_cards = made
    index = _with_cards(indexed.index, cards, edit)
    return replace(indexed, index=_with_blocks(index, edit), contexts=contexts, of_cards=of_cards)


def _make_cards(
    indexed: Indexed, contexts: Mapping[str, CardContext], edit: _Edit, paths: Collection[str]
) -> tuple[dict[str, Card], tuple[Problem, ...]] | None:
    """Make the cards of some documents that were public before or are new; None if other cards show their titles."""
    findings = ProblemCollector(edit.locate)
    known = indexed.index.cards
    new: dict[str, Card] = {}
    for path in sorted(paths):
        if path in edit.documents and (path in known or path not in edit.before):
            document = edit.documents[path]
            context = contexts[find_language(document.meta.lang, edit.sources.config.languages)]
            if path in context.translations:
                return None
            new[path] = make_card(document, context, findings)
    cards = put_in_order(leave_out(known, edit.gone), new)
    kept = (problem for problem in indexed.of_cards if problem.path not in paths)
    return cards, (*kept, *findings.problems)


def _with_cards(index: SiteIndex, cards: Mapping[str, Card], edit: _Edit) -> SiteIndex:
    """Return an index with other cards, and what follows from them alone."""
    shown = [document for path, document in edit.after.items() if path in cards]
    contacts = {path: found for path, found in index.contacts.items() if path not in edit.paths}
    contacts |= find_contacts(shown, cards, {}, (), edit.sources.config)
    retitled = _titles(index.cards, edit.paths) ^ _titles(cards, edit.paths)
    titles = index.shared_titles
    if retitled:
        shared = find_shared_titles(cards.values(), among={title for title, _ in retitled})
        titles = tuple(sorted({*titles}.difference(title for title, _ in retitled).union(shared)))
    return replace(index, cards=cards, contacts=dict(sorted(contacts.items())), shared_titles=titles)


def _titles(cards: Mapping[str, Card], paths: Iterable[str]) -> set[tuple[str, str]]:
    return {(cards[path].title, path) for path in paths if path in cards}


def _with_blocks(index: SiteIndex, edit: _Edit) -> SiteIndex:
    """Return an index with the blocks of all documents, if any has some: issues carry the changes of others."""
    metas = (document.meta for document in edit.after.values())
    if not index.blocks and not any(meta.blocks or meta.fenced or meta.event for meta in metas):
        return index
    placed = (edit.documents[path] for path in index.cards)
    return replace(index, blocks=gather_blocks(placed, index, configs_by_language(edit.sources.config)))


# What lists show: tags, dates, series, authors, and posts that come and go


class _NewLists(Struct, frozen=True):
    """What is known before the cards are made: the words in use, their labels, and the addresses of all listings.

    `relabelled` are the documents with a tag, a series or an author that is shown otherwise now.
    """

    words: tuple[UsedWords, UsedWords]
    labels: Taxonomies
    of_labels: tuple[Problem, ...]
    listings: frozenset[str]
    relabelled: frozenset[str]


def _with_lists(indexed: Indexed, edit: _Edit) -> Indexed | None:
    """Update the lists of a site of one language after changes of public posts."""
    if not _is_simple(indexed, edit):
        return None
    config, context = edit.sources.config, indexed.contexts[MAIN]
    new = _name_lists(indexed, edit)
    added = new.listings - indexed.listings
    if any(indexed.registry.owner(address.strip("/")) for address in added):
        return None  # something is where a new listing or its older pages will be
    if added:
        indexed.registry.generate(added)
    routes = _update_routes(indexed, edit)
    if routes is None:
        return None
    names = SourceNames(routes.urls, indexed.index.unpublished)
    context = replace(context, routes=routes, labels=new.labels, names=names, now=edit.sources.publication.now)
    changed = edit.paths | new.relabelled
    made = _make_cards(indexed, {MAIN: context}, edit, changed)
    if made is None:
        return None
    cards, of_cards = made
    index = _with_cards(indexed.index, cards, edit)
    index = replace(
        index,
        **(_list(indexed, new, cards, changed, config) | {"series": index.series}),
        urls=routes.urls,
        addresses=routes.documents,
        aliases=routes.aliases,
    )
    index = replace(index, shown_pictures=_pictures(index, cards, names, edit))
    index, of_series = _with_series(indexed, index, changed, edit)
    of_issues = ProblemCollector(edit.locate)
    index = replace(index, issue_layouts=lay_out_issues(index, edit.documents.values(), of_issues))
    return Indexed(
        _with_blocks(index, edit),
        {MAIN: context},
        new.listings,
        indexed.registry,
        of_cards,
        new.of_labels,
        of_series,
        tuple(of_issues.problems),
        indexed.others,
        new.words,
    )


def _name_lists(indexed: Indexed, edit: _Edit) -> _NewLists:
    """Fold the labels of all words in use, and list the addresses of listings."""
    config, index, before = edit.sources.config, indexed.index, indexed.contexts[MAIN].labels
    known = indexed.words or _count_words(indexed, edit)
    gone, new = ([each.meta for each in some.values()] for some in (edit.before, edit.after))
    words = exchange_words(known[0], gone, new), exchange_words(known[1], gone, new)
    of_labels: tuple[Problem, ...] = ()
    labels = None if indexed.of_labels else update_labels(before, known[0], words[0], config)
    if labels is None:
        findings = ProblemCollector(edit.locate)
        labels, of_labels = gather(_placed(index, edit), config, findings), tuple(findings.problems)
    pages = {index.addresses[key] for key in index.pages}
    listings = listing_addresses_of(words[1], pages, labels, config)
    return _NewLists(words, labels, of_labels, listings, _relabelled(before, labels, index, edit))


def _count_words(indexed: Indexed, edit: _Edit) -> tuple[UsedWords, UsedWords]:
    """Count the words of the documents that were public before the edit: of all, and of posts."""
    old = [edit.before.get(path) or edit.documents[path] for path in indexed.index.cards]
    posts = (each.meta for each in old if each.meta.kind is Kind.POST)
    return count_words(each.meta for each in old), count_words(posts)


def _placed(index: SiteIndex, edit: _Edit) -> list[Document]:
    """List the documents that are public now, by path."""
    paths = (index.cards.keys() - edit.before.keys()) | edit.after.keys()
    return [edit.documents[path] for path in sorted(paths)]


_FEW = 100  # with more cards that changed, making all lists again costs less


def _list(
    indexed: Indexed, new: _NewLists, cards: Mapping[str, Card], changed: frozenset[str], config: Config
) -> dict[str, Any]:
    """List the documents: of authors of one address but several names, the order of all posts decides."""
    if indexed.of_labels or new.of_labels or len(changed) > _FEW:
        return asdict(list_documents(cards.values(), config))
    return asdict(update_lists(indexed.index, cards, changed, config))


def _with_series(
    indexed: Indexed, index: SiteIndex, changed: frozenset[str], edit: _Edit
) -> tuple[SiteIndex, tuple[Problem, ...]]:
    """Return an index with its series, and their problems: those of before if no part of a series has changed."""
    both = (cards.get(path) for cards in (indexed.index.cards, index.cards) for path in changed)
    named = any(problem.path in changed for problem in indexed.of_series)
    if not named and not any(card is not None and card.series is not None for card in both):
        return index, indexed.of_series
    findings = ProblemCollector(edit.locate)
    series = gather_series(index, edit.documents.values(), edit.sources.config, findings)
    return replace(index, series=series), tuple(findings.problems)


def _is_simple(indexed: Indexed, edit: _Edit) -> bool:
    """Return True if only public posts change, and nothing depends on them but lists and other cards."""
    index, sources = indexed.index, edit.sources
    if sources.config.languages or indexed.contexts[MAIN].translations:
        return False
    posts = all(each.meta.kind is Kind.POST and not each.meta.translation_of for each in edit.versions())
    public = edit.before.keys() <= index.cards.keys() and all(map(sources.publication.shows, edit.after.values()))
    if not posts or not public or any(problem.code != "not-published" for problem in indexed.others):
        return False
    if edit.paths - (edit.before.keys() & edit.after.keys()) and _guesses(indexed.of_cards):
        return False
    loose = without_owner(sources.files)
    names = SourceNames(sources.files, ())
    return not loose or not any(any(references(each, loose, names)) for each in edit.versions())


def _guesses(problems: Iterable[Problem]) -> bool:
    """Return True if a problem may suggest the name of another document."""
    return any(problem.code in ("dead-picture", "dead-audio") for problem in problems)


def _update_routes(indexed: Indexed, edit: _Edit) -> Routes | None:
    """Update the routes; None if a path or an id is not free."""
    routes = indexed.contexts[MAIN].routes
    moved = edit.differ_in(_routed)
    if not moved:
        return routes
    new = [edit.after[path] for path in sorted(moved & edit.after.keys())]
    ids = {each.meta.id for each in new}
    if len(ids) < len(new) or any(card.id in ids and path not in moved for path, card in indexed.index.cards.items()):
        return None
    return update_routes(routes, indexed.registry, moved & edit.before.keys(), new, edit.sources.config)


def _routed(document: Document) -> object:
    """Return what decides the addresses of a post."""
    meta = document.meta
    return meta.id, meta.date, meta.slug, meta.permalink, meta.aliases


def _relabelled(before: Taxonomies, after: Taxonomies, index: SiteIndex, edit: _Edit) -> frozenset[str]:
    """List the documents with a tag, a series or an author that is shown otherwise now."""
    tags, series, authors = (
        {word for word, label in one.items() if other.get(word, label) != label}
        for one, other in zip(_all_labels(before), _all_labels(after), strict=True)
    )
    if not (tags or series or authors):
        return frozenset()
    metas = ((each.path, each.meta) for each in _placed(index, edit))
    return frozenset(
        path
        for path, meta in metas
        if meta.series in series or not tags.isdisjoint(meta.tags) or not authors.isdisjoint(meta.authors)
    )


def _all_labels(labels: Taxonomies) -> tuple[Mapping[str, Label | Author], ...]:
    return labels.tags, labels.series, labels.authors


def _pictures(index: SiteIndex, cards: Iterable[str], names: SourceNames, edit: _Edit) -> tuple[str, ...]:
    """Return the pictures that the site shows: those of before, unless the changed documents show others."""
    differing = edit.differ_in(_shown_in)
    if not any(_shown_in(each) != ((), None) for each in edit.versions() if each.path in differing):
        return index.shown_pictures
    placed = (edit.documents[path] for path in cards)
    return find_shown_pictures(placed, index, names, [edit.sources.config])


def _shown_in(document: Document) -> object:
    return document.images, document.meta.image
