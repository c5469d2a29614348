"""Build the index of a site from its converted documents: all cards, listings and addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import asdict, replace

from generator.config import Config
from generator.errors import Locate, Problem, ProblemCollector, nowhere
from generator.markup.links import is_internal
from generator.model import Contact, Document, Kind, MediaFacts
from generator.site.blocks import gather_blocks
from generator.site.cards import CardContext, make_card
from generator.site.contacts import find_contacts
from generator.site.editions import MAIN, configs_by_language, group_by_language, view_edition
from generator.site.files_beside import references, unused_file, without_owner
from generator.site.hidden import find_hidden, find_scheduled, with_faulty
from generator.site.index_model import (
    Author,
    AuthorPosts,
    Card,
    Edition,
    IssueLayout,
    PictureSize,
    RefusedPicture,
    Series,
    SiteIndex,
    Tag,
)
from generator.site.issues import lay_out_issues
from generator.site.later import documents_later, nothing_published, problems_later
from generator.site.listings import listing_addresses
from generator.site.media_files import find_media
from generator.site.path_registry import PathRegistry
from generator.site.publication import Publication
from generator.site.renditions import added_suffix
from generator.site.routes import Routes, decide
from generator.site.series import gather_series
from generator.site.source_names import SourceNames, source_path
from generator.site.taxonomies import Taxonomies, gather
from generator.site.translations import find_translations
from generator.site.typesetting import Typesetter
from generator.site.used_words import UsedWords


class IndexSources(Struct, frozen=True):
    """What an index is made from beside the documents.

    `files` maps the path of each file that may be published to the document whose bundle it is in, None for others;
    `pictures` has the sizes of those that are pictures and can be shown; `media` the films and sounds; `contacts` are
    those of pages and style sheets; `refused` are files that documents must not show. `faulty` are the paths of
    documents that have an error, and are none.
    """

    config: Config
    publication: Publication
    files: Mapping[str, str | None] = {}
    pictures: Mapping[str, PictureSize] = {}
    media: Mapping[str, MediaFacts] = {}
    contacts: Mapping[str, tuple[Contact, ...]] = {}
    refused: Mapping[str, RefusedPicture] = {}
    faulty: frozenset[str] = frozenset()


class Indexed(Struct, frozen=True):
    """An index with what is needed to update it: the context of the cards by edition, the addresses of all listings.

    `registry` knows the paths that are taken; an update writes into it, so an index is updated once. The problems are
    by what brought them: the cards, the labels, the series, the issues, and all the rest. `words` are those that
    all documents use, and those that posts use, once an update has counted them.
    """

    index: SiteIndex
    contexts: Mapping[str, CardContext]
    listings: frozenset[str]
    registry: PathRegistry
    of_cards: tuple[Problem, ...] = ()
    of_labels: tuple[Problem, ...] = ()
    of_series: tuple[Problem, ...] = ()
    of_issues: tuple[Problem, ...] = ()
    others: tuple[Problem, ...] = ()
    words: tuple[UsedWords, UsedWords] | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems of the index."""
        return (*self.of_cards, *self.of_labels, *self.of_series, *self.of_issues, *self.others)


class BuiltIndex(Struct, frozen=True):
    """The index of a site, `public`, and that of the time when all scheduled documents are public, if there are any.

    `documents` are all that could be read, by path.
    """

    documents: Mapping[str, Document]
    sources: IndexSources
    public: Indexed
    later: Indexed | None

    @property
    def index(self) -> SiteIndex:
        """The index of what is public."""
        return self.public.index

    def with_settings(self, config: Config) -> BuiltIndex:
        """Return the same index for settings of which only those differ that it is not made from."""
        configs = configs_by_language(config)

        def indexed(one: Indexed) -> Indexed:
            contexts = {tag: replace(context, config=configs[tag]) for tag, context in one.contexts.items()}
            return replace(one, contexts=contexts)

        sources, later = replace(self.sources, config=config), self.later and indexed(self.later)
        return replace(self, sources=sources, public=indexed(self.public), later=later)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of the site now, and those that it will have later."""
        config, publication = self.sources.config, self.sources.publication
        everything, problems = tuple(self.documents.values()), self.public.problems
        if not self.index.cards:
            problems = (*problems, nothing_published(everything, publication))
        if self.later is None:
            return problems
        return (*problems, *problems_later(self.later.problems, problems, everything, config))


def build_index(documents: Iterable[Document], sources: IndexSources, locate: Locate = nowhere) -> BuiltIndex:
    """Index a site; the result is the same for any order of `documents`.

    Linear in the number of documents, except for sorting.
    """
    everything = sorted(documents, key=lambda d: d.path)
    public = _build(everything, sources, [each for each in everything if sources.publication.shows(each)], locate)
    later = documents_later(everything, sources.publication)
    later_index = _build(everything, sources, later, locate) if later else None
    return BuiltIndex({each.path: each for each in everything}, sources, public, later_index)


def _build(everything: list[Document], sources: IndexSources, shown: list[Document], locate: Locate) -> Indexed:
    """Index the documents that are `shown`; the others are known as hidden."""
    files, pictures, refused, media = sources.files, sources.pictures, sources.refused, sources.media
    config, publication = sources.config, sources.publication
    findings, of_labels, of_cards, of_series, of_issues = (ProblemCollector(locate) for _ in range(5))
    configs = configs_by_language(config)
    routes, registry, labels, listings = _routes_and_labels(
        shown, files, _suffixes(pictures), configs, findings, of_labels
    )
    placed = [document for document in shown if document.path in routes.documents]
    unpublished = _unpublished(everything, sources, routes)
    findings.add(*_unused_files(everything, files, routes))
    translations = find_translations(placed, routes.urls, config, findings, {each.meta.id for each in everything})
    names, now, counts = SourceNames(routes.urls, unpublished), publication.now, publication.counts
    groups = group_by_language(placed, config)
    contexts: dict[str, CardContext] = {}
    cards: dict[str, Card] = {}
    for tag, own in configs.items():
        typesetter = Typesetter(own)
        contexts[tag] = context = CardContext(
            own, routes, labels[tag], pictures, refused, media, translations, now, typesetter, names, counts
        )
        cards |= {document.path: make_card(document, context, of_cards) for document in groups[tag]}
    cards = dict(sorted(cards.items()))
    lists = {tag: list_documents([cards[each.path] for each in groups[tag]], own) for tag, own in configs.items()}
    hidden = with_faulty(find_hidden(everything, publication, config), sources.faulty)
    index = replace(
        _assemble(cards, lists, routes, pictures),
        unpublished=unpublished,
        hidden=hidden,
        scheduled=find_scheduled(everything, hidden, config),
        refused=refused,
        media=find_media(media, routes.files),
        contacts=find_contacts(placed, cards, sources.contacts, routes.files, config),
    )
    index = replace(index, shown_pictures=find_shown_pictures(placed, index, names, configs.values()))
    index = _with_series_and_issues(index, everything, configs, of_series, of_issues)
    index = replace(index, blocks=gather_blocks(placed, index, configs))
    return Indexed(
        index,
        contexts,
        listings,
        registry,
        tuple(of_cards.problems),
        tuple(of_labels.problems),
        tuple(of_series.problems),
        tuple(of_issues.problems),
        tuple(findings.problems),
    )


def _unpublished(everything: list[Document], sources: IndexSources, routes: Routes) -> tuple[str, ...]:
    """List the sources and files that have no address."""
    paths = {*(document.path for document in everything), *sources.files, *sources.refused}
    return tuple(sorted(path for path in paths if path not in routes.urls))


def _with_series_and_issues(
    index: SiteIndex,
    everything: list[Document],
    configs: Mapping[str, Config],
    of_series: ProblemCollector,
    of_issues: ProblemCollector,
) -> SiteIndex:
    """Return an index with the series of each edition, and with the layouts of all issues."""
    for tag, own in configs.items():
        index = _with_series(index, tag, gather_series(view_edition(index, tag), everything, own, of_series))
    layouts: dict[str, IssueLayout] = {}
    for tag in configs:
        layouts |= lay_out_issues(view_edition(index, tag), everything, of_issues)
    return replace(index, issue_layouts=layouts)


def _with_series(index: SiteIndex, tag: str, series: Mapping[str, Series]) -> SiteIndex:
    """Return an index with the series of one edition."""
    if tag == MAIN:
        return replace(index, series=series)
    return replace(index, editions={**index.editions, tag: replace(index.editions[tag], series=series)})


def _routes_and_labels(
    documents: list[Document],
    files: Mapping[str, str | None],
    suffixes: Mapping[str, str],
    configs: Mapping[str, Config],
    findings: ProblemCollector,
    of_labels: ProblemCollector,
) -> tuple[Routes, PathRegistry, dict[str, Taxonomies], frozenset[str]]:
    """Decide addresses and labels together: a refused document adds no tag, and a tag takes an address.

    The labels are by edition; the last value is the addresses of all listings.
    """
    found, config = ProblemCollector(findings.locate), configs[MAIN]
    groups = group_by_language(documents, config)
    labels = {tag: gather(groups[tag], own, found) for tag, own in configs.items()}
    lists = (listing_addresses(groups[tag], labels[tag], own) for tag, own in configs.items())
    listings = frozenset[str]().union(*lists)
    routes, registry = decide(documents, files, suffixes, config, listings, findings)
    if len(routes.documents) < len(documents):
        kept = {tag: [each for each in group if each.path in routes.documents] for tag, group in groups.items()}
        return routes, registry, {tag: gather(kept[tag], own, of_labels) for tag, own in configs.items()}, listings
    of_labels.problems += found.problems
    return routes, registry, labels, listings


def _suffixes(pictures: Mapping[str, PictureSize]) -> dict[str, str]:
    """Map each picture that is converted to what its name gets at the end."""
    return {path: suffix for path, size in pictures.items() if (suffix := added_suffix(path, size.kind))}


def list_documents(cards: Collection[Card], config: Config) -> Edition:
    """List the documents of an edition in all ways but by series, which need the index."""
    posts = _newest_first(card for card in cards if card.kind is Kind.POST)
    return Edition(
        posts=tuple(card.key for card in posts),
        pages=tuple(sorted(card.key for card in cards if card.kind is Kind.PAGE)),
        issues=tuple(card.key for card in _newest_first(card for card in cards if card.kind is Kind.ISSUE)),
        tags=_tags(posts, config),
        authors=_authors(posts),
        months=_months(posts),
    )


def _assemble(
    cards: Mapping[str, Card], lists: Mapping[str, Edition], routes: Routes, pictures: Mapping[str, PictureSize]
) -> SiteIndex:
    return SiteIndex(
        **asdict(lists[MAIN]),
        editions={tag: edition for tag, edition in lists.items() if tag != MAIN},
        cards=cards,
        issue_layouts={},
        urls=routes.urls,
        files=routes.files,
        addresses=routes.documents,
        aliases=routes.aliases,
        pictures=pictures,
        shown_pictures=(),
        shared_titles=find_shared_titles(cards.values()),
        unpublished=(),
    )


def find_shown_pictures(
    documents: Iterable[Document], index: SiteIndex, names: SourceNames, configs: Iterable[Config]
) -> tuple[str, ...]:
    """List the pictures that bodies show, lead pictures, those of films, of authors and of the site."""
    shown = {
        names.find(document.path, src)
        for document in documents
        for src in (*document.images, document.meta.image)
        if src and is_internal(src)
    }
    of_site = [src for config in configs for src in (config.image, *(each.image for each in config.authors.values()))]
    shown.update(source_path("", src) for src in of_site if src)
    shown.update(each.poster for each in index.media.values() if each.poster)
    return tuple(sorted(path for path in shown if path in index.pictures and path in index.files))


def _unused_files(documents: list[Document], files: Mapping[str, str | None], routes: Routes) -> Iterator[Problem]:
    """Note the files beside documents that none of them refers to, not even a draft."""
    loose = without_owner(files) - routes.files.keys()
    if loose:
        names = SourceNames(files, ())
        used = {path for document in documents for path in references(document, loose, names)}
        yield from map(unused_file, sorted(loose - used))


def find_shared_titles(cards: Iterable[Card], among: Container[str] | None = None) -> tuple[str, ...]:
    """List the titles that several documents have, sorted: all of them, or those `among` some titles."""
    titles = map(attrgetter("title"), cards)
    counted = Counter(titles if among is None else filter(among.__contains__, titles))
    return tuple(sorted(title for title, count in counted.items() if count > 1))


def _newest_first(cards: Iterable[Card]) -> list[Card]:
    """Sort by date, newest first; at the same moment, the later part of a series comes first, then the later path."""
    return sorted(cards, key=lambda card: (card.date, card.part or 0, card.key), reverse=True)


def _tags(posts: Iterable[Card], config: Config) -> dict[str, Tag]:
    members: dict[str, list[str]] = {}
    labels = {}
    for card in posts:
        for label in card.tags:
            labels[label.slug] = label
            members.setdefault(label.slug, []).append(card.key)
    typeset = Typesetter(config).set
    descriptions = {slug: typeset(tag.description) for slug, tag in config.tags.items()}
    return {
        slug: Tag(labels[slug].name, slug, labels[slug].url, descriptions.get(slug, ""), tuple(members[slug]))
        for slug in sorted(members)
    }


def _authors(posts: Iterable[Card]) -> dict[str, AuthorPosts]:
    members: dict[str, list[str]] = {}
    authors: dict[str, Author] = {}
    for card in posts:
        for author in card.authors:
            authors.setdefault(author.slug, author)
            members.setdefault(author.slug, []).append(card.key)
    return {slug: AuthorPosts(authors[slug], tuple(dict.fromkeys(members[slug]))) for slug in sorted(members)}


def _months(posts: Iterable[Card]) -> dict[str, tuple[str, ...]]:
    """Group by calendar month as written, newest first."""
    months: dict[str, list[str]] = {}
    for card in posts:
        assert card.date is not None, "every post has a date"
        months.setdefault(f"{card.date.year:04}-{card.date.month:02}", []).append(card.key)
    return {month: tuple(months[month]) for month in sorted(months, reverse=True)}
