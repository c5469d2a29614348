"""An index as the state stores it: cards one by one, or all at once with their common values shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_type_hints

from msgspec.structs import replace

from generator.site.changed_keys import is_same_part
from generator.site.index_model import AuthorPosts, Card, Series, SeriesPart, SiteIndex, Tag
from generator.store.rows import BrokenStateError
from generator.store.state import Store


class StoredCards(Mapping[str, Card]):
    """Cards fetched from the state one by one: an edit needs a handful of ten thousand.

    `digests` are those of the cards fetched so far.
    """

    def __init__(self, store: Store, keys: tuple[str, ...]) -> None:
        self._store = store
        self._keys = keys
        self._cards: dict[str, Card | None] = {}
        self._has_all = False
        self.digests: dict[str, str] = {}

    def __getitem__(self, key: str) -> Card:
        if key not in self._cards:
            card, name = self._store.named_blob(f"card|{key}", Card)
            self._cards[key] = card
            if name:
                self.digests[key] = name
        card = self._cards[key]
        if card is None:
            raise BrokenStateError(f"the card of {key} is not there") if key in self._keys else KeyError(key)
        return card

    def load(self) -> None:
        """Fetch all cards at once, unless all have been fetched."""
        if self._has_all:
            return
        found: dict[str, Card | None] = dict.fromkeys(self._keys)
        common: dict[Any, Any] = {key: key for key in self._keys}
        for card, name in self._store.named_blobs("card|", Card):
            key = common.get(card.key, card.key)
            found[key] = _sharing(card, common)
            self.digests[key] = name
        self._cards, self._has_all = found, True

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _sharing(card: Card, common: dict[Any, Any]) -> Card:
    """Return a card whose key, labels, authors and language are the objects in `common`."""

    def one(value: Any) -> Any:
        return common.setdefault(value, value)

    return replace(
        card,
        key=one(card.key),
        tags=one(tuple(map(one, card.tags))),
        authors=one(tuple(map(one, card.authors))),
        series=one(card.series),
        lang=one(card.lang),
        description=card.summary if card.description == card.summary else card.description,
        standfirst=card.summary if card.standfirst == card.summary else card.standfirst,
    )


def put_index(store: Store, index: SiteIndex, replaced: SiteIndex | None = None) -> None:
    """Store an index part by part, without its cards: all parts, or those that differ from the one that is stored."""
    for name in _parts():
        part = getattr(index, name)
        known = None if replaced is None else getattr(replaced, name)
        if known is None or not is_same_part(name, known, part):
            store.set_fact(f"index {name}", part)


def get_index(store: Store, *, whole: bool) -> SiteIndex | None:
    """Fetch an index; None if there is none.

    `whole` also fetches its cards and keeps each path once: decoding makes ten copies of each, a kilobyte per post.
    """
    parts: dict[str, Any] = {}
    paths: dict[str, str] = {}
    for name, kind in _parts().items():
        value = store.fact(f"index {name}", kind)
        if value is None:
            return None
        if whole:
            paths.update((key, key) for key in (value if name in _KEYS else ()))
            value = _once(value, paths)
        parts[name] = value
    lists: list[tuple[str, ...]] = [parts[name] for name in _KEYS]
    for edition in parts["editions"].values():
        lists += (getattr(edition, name) for name in _KEYS)
    cards = StoredCards(store, tuple(sorted(key for keys in lists for key in keys)))
    if whole:
        cards.load()
    return SiteIndex(cards=cards, **parts)


_KEYS = ("pages", "posts", "issues")


@cache
def _parts() -> dict[str, Any]:
    """Name the parts of an index with their types, those first that list all documents."""
    types = get_type_hints(SiteIndex)
    return {name: types[name] for name in sorted(types, key=lambda name: name not in _KEYS) if name != "cards"}


def _once(value: Any, paths: Mapping[str, str]) -> Any:
    """Return a part of an index with the paths that are in `paths`, in place of others that equal them."""
    if isinstance(value, str):
        return paths.get(value, value)
    if isinstance(value, tuple):
        return tuple(_once(each, paths) for each in value)
    if isinstance(value, dict):
        return {paths.get(key, key): _once(each, paths) for key, each in value.items()}
    if isinstance(value, SeriesPart):
        return replace(value, key=_once(value.key, paths))
    if isinstance(value, (Tag, AuthorPosts)):
        return replace(value, posts=_once(value.posts, paths))
    if isinstance(value, Series):
        return replace(value, posts=_once(value.posts, paths), parts=_once(value.parts, paths))
    return value
