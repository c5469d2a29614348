"""Choose the keys that a build must ask again: those whose results can have changed since the last build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import chain

from generator.engine.cache import EngineCache
from generator.engine.index_snapshot import IndexSnapshot
from generator.engine.stages.index import IndexResult
from generator.engine.stages.scan import ScanResult
from generator.engine.stored_keys import StoredKeys
from generator.site.changed_keys import PerPage, find_changed_keys
from generator.site.index_model import Card, SiteIndex
from generator.site.keys import (
    ADDED,
    DISCUSSION,
    OUTPUT,
    PAGE_COUNT,
    SITEMAP,
    SOURCE,
    Cause,
    keys_of_texts,
    kinds_of,
)

MANY = 200
"""With more cards that differ than this, asking every key costs less than choosing."""


def find_suspects(
    scan: ScanResult,
    index: IndexResult,
    cache: EngineCache,
    per_page: PerPage,
    moved: Set[str],
    *,
    replanned: bool,
) -> Iterator[str] | None:
    """List the keys to ask again, some of them twice; None for all keys.

    `moved` are the paths of outputs that come or go; `replanned` is False if there can be none.
    """
    if not index.is_new:
        plan = _of_plan(moved) if replanned and not scan.reuse.everything else ()
        return chain(keys_of_texts(index.edited), _of_settings_and_theme(scan, cache), plan)
    before, after = index.replaced, index.snapshot
    if before is None or not scan.reuse.index:
        return None
    cards = _differing_cards(before, after, index.updated)
    if len(cards) > MANY:
        return None
    edited = (*(item.path for item in scan.sources.changed), *scan.sources.removed)
    return chain(
        keys_of_texts(edited),
        _of_settings_and_theme(scan, cache),
        find_changed_keys(before.index, after.index, cards, cache.keys.of_kind, per_page),
        _of_comments(before, after),
        _of_others(cache.keys),
        _of_plan(moved) if replanned or _is_dated(before.index, after.index, cards) else (),
    )


def _differing_cards(before: IndexSnapshot, after: IndexSnapshot, made: tuple[str, ...] | None) -> frozenset[str]:
    """List the documents whose cards differ, or that only one of two indexes has; `made` as in `IndexResult`."""
    one, other = before.cards, after.cards
    differing = (key for key in (other if made is None else made) if one.get(key) != other[key])
    return frozenset(chain(differing, one.keys() - other.keys()))


def _of_settings_and_theme(scan: ScanResult, cache: EngineCache) -> Iterator[str]:
    reuse = scan.reuse
    changed = {Cause.SETTINGS: not reuse.settings, Cause.PLANNING: not reuse.plan, Cause.THEME: not reuse.theme}
    kinds = (kinds_of(cause) for cause, is_changed in changed.items() if is_changed)
    for kind in dict.fromkeys(chain.from_iterable(kinds)):
        yield from cache.keys.of_kind(kind)


def _is_dated(before: SiteIndex, after: SiteIndex, cards: Iterable[str]) -> bool:
    """Return True if the day of a document's last change may differ, which the sitemap shows."""
    pairs = ((before.cards.get(key), after.cards.get(key)) for key in cards)
    return any(_days(one) != _days(other) for one, other in pairs)


def _days(card: Card | None) -> tuple[str, ...]:
    """Return the moments of a document, as written."""
    return tuple(moment.isoformat() if moment else "" for moment in (card.date, card.updated)) if card else ()


def _of_comments(before: IndexSnapshot, after: IndexSnapshot) -> Iterator[str]:
    """List the discussions of which a comment has changed: a card has only the number of its comments."""
    one, other = before.comment_files, after.comment_files
    return (f"{DISCUSSION.name}|{key}" for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _of_others(keys: StoredKeys) -> Iterator[str]:
    """List the keys that the index alone does not answer: of published bytes, of extensions."""
    for kind, names in keys.by_kind().items():
        if kind == SOURCE.name or kind.startswith(ADDED.name):
            yield from names


def _of_plan(moved: Set[str]) -> Iterator[str]:
    """List the keys of the plan: of outputs that come or go, and of all outputs together."""
    yield from (f"{OUTPUT.name}|{path}" for path in moved)
    yield from (f"{kind.name}|" for kind in (SITEMAP, PAGE_COUNT))
