"""Update the lists of posts after a few of them changed: only the lists that have one of these are made again.

The result equals that of `index.list_documents`, apart from the order in which it was made.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from generator.config import Config
from generator.site.index_model import Author, AuthorPosts, Card, Edition, Label, SiteIndex, Tag
from generator.site.typesetting import Typesetter

T = TypeVar("T")
Keys = tuple[str, ...]


class _Exchange(Struct, frozen=True):
    """Posts that are exchanged: `gone` are the old cards of those that changed, `new` the new ones of `cards`."""

    cards: Mapping[str, Card]
    gone: Sequence[Card]
    new: Sequence[Card]

    def apply(self, keys: Keys, new: Collection[Card]) -> Keys:
        """Return a list, newest first, without the posts that are gone and with some of the new ones."""
        gone = {card.key for card in self.gone}
        kept = [key for key in keys if key not in gone]
        for card in new:
            rank = _rank(card)
            kept.insert(bisect_left(kept, True, key=lambda key: _rank(self.cards[key]) < rank), card.key)
        after = tuple(kept)
        return keys if after == keys else after


def update_lists(index: SiteIndex, cards: Mapping[str, Card], changed: Collection[str], config: Config) -> Edition:
    """Update the lists of an index for new `cards`, of which those of some posts have `changed`, come or gone.

    No two authors may share an address under different names.
    """
    gone = [index.cards[key] for key in changed if key in index.cards]
    exchange = _Exchange(cards, gone, [cards[key] for key in changed if key in cards])
    return Edition(
        posts=exchange.apply(index.posts, exchange.new),
        pages=index.pages,
        issues=index.issues,
        tags=_tags(index.tags, exchange, config),
        authors=_authors(index.authors, exchange),
        months=_months(index.months, exchange),
    )


def _rank(card: Card) -> tuple[datetime | None, int, str]:
    """Return what posts are sorted by: see `index.list_documents`."""
    return card.date, card.part or 0, card.key


def _tags(known: Mapping[str, Tag], exchange: _Exchange, config: Config) -> Mapping[str, Tag]:
    members: dict[str, list[Card]] = {label.slug: [] for card in exchange.gone for label in card.tags}
    labels: dict[str, Label] = {}
    for card in exchange.new:
        for label in card.tags:
            labels[label.slug] = label
            members.setdefault(label.slug, []).append(card)
    made: dict[str, Tag | None] = {}
    typeset = Typesetter(config).set
    for slug, new in members.items():
        posts = exchange.apply(known[slug].posts if slug in known else (), new)
        if not posts:
            made[slug] = None
        elif slug in labels:
            described = config.tags[slug].description if slug in config.tags else ""
            made[slug] = Tag(labels[slug].name, slug, labels[slug].url, typeset(described), posts)
        else:
            made[slug] = replace(known[slug], posts=posts)
    return _merged(known, made)


def _authors(known: Mapping[str, AuthorPosts], exchange: _Exchange) -> Mapping[str, AuthorPosts]:
    members: dict[str, list[Card]] = {author.slug: [] for card in exchange.gone for author in card.authors}
    authors: dict[str, Author] = {}
    for card in exchange.new:
        for author in card.authors:
            authors[author.slug] = author
            members.setdefault(author.slug, []).append(card)
    made: dict[str, AuthorPosts | None] = {}
    for slug, new in members.items():
        before = known.get(slug)
        posts = exchange.apply(before.posts if before else (), new)
        made[slug] = AuthorPosts(authors[slug] if slug in authors else known[slug].author, posts) if posts else None
    return _merged(known, made)


def _months(known: Mapping[str, Keys], exchange: _Exchange) -> Mapping[str, Keys]:
    members: dict[str, list[Card]] = {month_of(card): [] for card in exchange.gone}
    for card in exchange.new:
        members.setdefault(month_of(card), []).append(card)
    made = {month: exchange.apply(known.get(month, ()), new) or None for month, new in members.items()}
    return _merged(known, made, newest_first=True)


def month_of(card: Card) -> str:
    """Return the calendar month of a post, as written."""
    assert card.date is not None, "every post has a date"
    return f"{card.date.year:04}-{card.date.month:02}"


def _merged(known: Mapping[str, T], made: Mapping[str, T | None], *, newest_first: bool = False) -> Mapping[str, T]:
    """Return known values with others that were made; None takes one out. In the order of their names."""
    if all(known.get(name) == value for name, value in made.items()):
        return known
    merged = {name: value for name, value in {**known, **made}.items() if value is not None}
    return {name: merged[name] for name in sorted(merged, reverse=newest_first)}
