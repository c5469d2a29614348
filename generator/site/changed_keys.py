"""Find the keys whose results may differ between two indexes of a site, without asking all of them.

Settings, theme and program are the same for both. More keys than necessary may be found, never fewer:
`tests/engine/test_changed_keys.py` compares with what changed of all keys, after each of many edits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import partial
from itertools import chain
from typing import Any

from msgspec import Struct

from generator.digest import encode_canonical
from generator.site.editions import view_edition
from generator.site.index_model import Card, SiteIndex, list_posts
from generator.site.keys import KEYS, KeyKind
from generator.site.pagination import first_shown

KnownKeys = Callable[[str], Iterable[str]]
"""All keys of a kind that pages have read."""
PerPage = Callable[[str], int]
"""How many posts a page of a listing shows now."""


class _Pair(Struct, frozen=True):
    """Two indexes of one edition. `cards` are the paths of documents whose cards differ, or that only one index has.

    `known` lists the ids of a kind that pages of this edition have read. `per_page` is for the site's own edition only.
    """

    before: SiteIndex
    after: SiteIndex
    cards: Set[str]
    known: KnownKeys
    per_page: PerPage | None

    def differing_parts(self) -> frozenset[str]:
        """Name the fields that differ."""
        names = (name for name in SiteIndex.__struct_fields__ if name != "cards")
        others = (
            name for name in names if not is_same_part(name, getattr(self.before, name), getattr(self.after, name))
        )
        return frozenset((*others, *(["cards"] if self.cards else [])))

    def entries(self, part: str) -> Iterator[str]:
        """List the entries of a mapping that differ."""
        one, other = getattr(self.before, part), getattr(self.after, part)
        others = [key for key, value in other.items() if one.get(key) is not value]  # of ten thousand, a few
        return (key for key in chain(others, one.keys() - other.keys()) if not self._is_same_entry(part, key))

    def _is_same_entry(self, part: str, key: str) -> bool:
        return is_same_part(part, getattr(self.before, part).get(key), getattr(self.after, part).get(key))

    def cards_of(self, key: str) -> tuple[Card | None, Card | None]:
        """Return a document's card before and after; None where it is not published."""
        return self.before.cards.get(key), self.after.cards.get(key)

    def both(self) -> tuple[SiteIndex, SiteIndex]:
        """Return both indexes."""
        return self.before, self.after


def find_changed_keys(
    before: SiteIndex, after: SiteIndex, cards: Set[str], known: KnownKeys, per_page: PerPage
) -> Iterator[str]:
    """List the keys whose results can differ in two indexes; `cards` are the paths of all cards that differ."""
    kinds = [kind for kind in KEYS.values() if kind.parts]
    yield from _of_pair(_Pair(before, after, cards, partial(_ids, known, ""), per_page), kinds, "")
    own = [kind for kind in kinds if kind.by_language]
    for tag in before.editions:
        views = view_edition(before, tag), view_edition(after, tag)
        yield from _of_pair(_Pair(*views, cards, partial(_ids, known, f"{tag}:"), None), own, f"{tag}:")


def _ids(known: KnownKeys, prefix: str, kind: str) -> Iterator[str]:
    """Return the ids that begin with a prefix, without it: those of an edition, or with "" all of them."""
    start = len(kind) + 1
    return (key[start + len(prefix) :] for key in known(kind) if not prefix or key.startswith(prefix, start))


def _of_pair(pair: _Pair, kinds: Iterable[KeyKind[Any]], prefix: str) -> Iterator[str]:
    parts = pair.differing_parts()
    for kind in kinds:
        if not parts.isdisjoint(kind.parts):
            choose = _CHOICES.get(kind.name)
            for of in pair.known(kind.name) if choose is None else choose(pair, kind.name):
                yield f"{kind.name}|{prefix}{of}"


def _cards(pair: _Pair, _: str) -> Iterable[str]:
    return pair.cards


def _entries_of(part: str) -> Callable[[_Pair, str], Iterable[str]]:
    return lambda pair, _: pair.entries(part)


def _neighbours(pair: _Pair, _: str) -> Iterator[str]:
    """List the documents that have moved, and those beside them before and after."""
    for index in pair.both():
        for keys in (index.posts, index.issues):
            for place in _places(keys, pair.cards):
                yield from keys[max(0, place - 1) : place + 2]


def _related(pair: _Pair, _: str) -> Iterator[str]:
    """List the posts that have moved or have other tags, and the newer posts that share one of their tags."""
    moved = [key for key in pair.cards if len(set(map(_place_among_posts, pair.cards_of(key)))) > 1]
    yield from moved
    for index in pair.both():
        for key in moved:
            card = index.cards.get(key)
            for label in card.tags if card else ():
                posts = index.tags[label.slug].posts if label.slug in index.tags else ()
                if key in posts:
                    yield from posts[: posts.index(key)]


def _place_among_posts(card: Card | None) -> Any:
    """Return what of a card decides which posts are related to it, and to others."""
    return card and (card.lang, card.date, card.part, tuple(label.slug for label in card.tags))


def _parts(pair: _Pair, _: str) -> Iterator[str]:
    for slug in pair.entries("series"):
        for index in pair.both():
            if slug in index.series:
                yield from (part.key for part in index.series[slug].parts if part.key)


def _pinned(pair: _Pair, _: str) -> Iterable[str]:
    """Choose the list of pinned posts if one of those that differ is pinned, or was."""
    return [""] if any(card and card.pinned for key in pair.cards for card in pair.cards_of(key)) else []


def _titles(pair: _Pair, _: str) -> Iterable[str]:
    return frozenset(pair.before.shared_titles) ^ frozenset(pair.after.shared_titles)


def _listings(pair: _Pair, kind: str) -> Iterator[str]:
    """Choose the known ids whose listing, up to the first `|`, has other members; `has|tags` and the like always."""
    changed = frozenset(_changed_listings(pair))
    return (of for of in pair.known(kind) if of.partition("|")[0] in changed)


def _chunks(pair: _Pair, kind: str) -> Iterator[str]:
    """Choose the pages of listings with other members, but for those that are older than what differs."""
    unchanged: dict[str, int] = {}
    for of in _listings(pair, kind):
        listing, _, number = of.split("|")
        if number and listing not in unchanged:
            unchanged[listing] = _unchanged_chunks(pair, listing)
        if not number or int(number) > unchanged[listing]:
            yield of


def _unchanged_chunks(pair: _Pair, listing: str) -> int:
    """Count the pages of a listing that show the same posts and neighbours as before: its oldest ones."""
    one, other = (list_posts(index, listing) for index in pair.both())
    if not one or not other or pair.per_page is None:
        return 0
    pairs = enumerate(zip(reversed(one), reversed(other), strict=False))
    same = next((place for place, (key, now) in pairs if key != now), min(len(one), len(other)))
    per_page = pair.per_page(listing)
    first = min(first_shown(len(posts), per_page) for posts in (one, other))
    return min(same // per_page, first - 2)  # the page before the first links to it by another address


def _since(pair: _Pair, kind: str) -> Iterator[str]:
    """Choose the listings with other members, or all of them if a date has changed."""
    dated = any(
        len({card and card.date and card.date.isoformat() for card in pair.cards_of(key)}) > 1 for key in pair.cards
    )
    return iter(pair.known(kind)) if dated else _listings(pair, kind)


def _changed_listings(pair: _Pair) -> Iterator[str]:
    before, after = pair.both()
    yield from ("tags", "series", "authors")  # whether there are any
    yield from ["posts"] * (before.posts != after.posts)
    yield from ["newsletter"] * (before.issues != after.issues)
    for kind, part in (("tag", "tags"), ("series", "series"), ("author", "authors"), ("month", "months")):
        yield from (f"{kind}/{name}" for name in pair.entries(part))


_CHOICES: Mapping[str, Callable[[_Pair, str], Iterable[str]]] = {
    "author": _entries_of("authors"),
    "blocks": _entries_of("blocks"),
    "card": _cards,
    "chunk": _chunks,
    "comments": _cards,
    "count": _listings,
    "has": _listings,
    "img": _entries_of("pictures"),
    "issue": _entries_of("issue_layouts"),
    "layout": _entries_of("issue_layouts"),
    "media": _entries_of("media"),
    "name": _listings,
    "near": _neighbours,
    "part": _parts,
    "pinned": _pinned,
    "parts": _entries_of("series"),
    "refused": _entries_of("refused"),
    "rel": _related,
    "series": _entries_of("series"),
    "shared_title": _titles,
    "since": _since,
    "tag": _entries_of("tags"),
    "top": _listings,
    "url": _entries_of("urls"),
}
"""Kinds whose ids are chosen one by one. Of all other kinds every known key is asked, if one of their parts differs."""


_WITH_TIMES = ("blocks", "issue_layouts")
"""The parts of the index, beside the cards, that hold moments."""


def _places(keys: tuple[str, ...], wanted: Set[str]) -> Iterator[int]:
    return (place for place, key in enumerate(keys) if key in wanted)


def is_same_part(part: str, one: Any, other: Any) -> bool:
    """Return True if two values of a part of the index, or of an entry of one, are shown alike.

    One moment in two time zones is equal, and is not.
    """
    return one is other or (
        one == other and (part not in _WITH_TIMES or encode_canonical(one) == encode_canonical(other))
    )
