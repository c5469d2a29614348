"""Update the index that this engine keeps, after a few documents were edited, added or deleted."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import msgspec
from msgspec.structs import replace

from generator.content.site_files import ContentFile, Role
from generator.digest import digest_bytes, encode_canonical
from generator.engine.cache import EngineCache
from generator.engine.facts import Problems, Window
from generator.engine.index_snapshot import IndexSnapshot
from generator.engine.locator import Locator
from generator.engine.records import DocumentRecord, Record, problems_of
from generator.engine.request import BuildRequest
from generator.engine.stages.index import IndexResult, NewIndex, build_snapshot
from generator.engine.stages.scan import ScanResult
from generator.engine.stored_index import StoredCards
from generator.model import Document
from generator.site.discussion import closing_moment
from generator.site.index import BuiltIndex
from generator.site.index_model import SiteIndex
from generator.site.index_update import update_index
from generator.site.publication import valid_between

_encode = msgspec.json.Encoder().encode


def update_kept_index(
    request: BuildRequest, scan: ScanResult, changed: Mapping[str, Record], cache: EngineCache
) -> IndexResult | None:
    """Update the index of the last build; None if there is none in memory, or it must be made from all sources.

    `changed` are the records of the changed sources, by path.
    """
    built, before, inputs = cache.built, cache.snapshot, request.inputs
    if built is None or before is None or not scan.few_documents:
        return None
    if built.sources.config is not inputs.config:
        built = built.with_settings(inputs.config)
    changes = _changes(changed, scan.sources.removed, built)
    if changes is None or _owns_files(changes, built, before, inputs.found.found):
        return None
    updated = update_index(built, changes, inputs.publication, Locator(request.root, inputs.found))
    if updated is None:
        return None
    new = _new_index(request, changed, changes, cache, before, updated)
    if os.environ.get("OPENLETTER_DEBUG") == "1":
        _compare(new, _whole_index(request, cache))
    return IndexResult(new.snapshot, True, new, before, updated=tuple(_new_cards(before.index, updated.index)))


def check_reused_index(request: BuildRequest, index: IndexResult, cache: EngineCache) -> None:
    """With OPENLETTER_DEBUG=1, compare an index that other settings left as it is with a whole one."""
    if os.environ.get("OPENLETTER_DEBUG") != "1":
        return
    of_site: Problems = cache.store.fact("site-problems", Problems) or ()
    of_sources: dict[str, Problems] = cache.store.fact("source-problems", dict[str, Problems]) or {}
    snapshot, cards = index.snapshot, index.snapshot.index.cards
    if isinstance(cards, StoredCards):
        cards.load()
        snapshot = replace(snapshot, index=replace(snapshot.index, cards=dict(cards)))
    reused = NewIndex(snapshot, index.facts.get("source-problems", of_sources), of_site, (None, None), None)
    _compare(reused, _whole_index(request, cache))


def _whole_index(request: BuildRequest, cache: EngineCache) -> NewIndex:
    records = cache.records if cache.kept else dict(cache.store.records(Record))
    return build_snapshot(request.inputs, request.root, dict(sorted(records.items())))


def _changes(
    changed: Mapping[str, Record], removed: Iterable[str], built: BuiltIndex
) -> dict[str, Document | None] | None:
    """Return the new version of each document that has changed; None if another source has changed."""
    changes: dict[str, Document | None] = {}
    for path, record in changed.items():
        if not isinstance(record, DocumentRecord):
            return None
        before = built.documents.get(path)
        changes[path] = record.document(path, before.comment_count if before else 0)
    for path in removed:
        if path not in built.documents:
            return None
        changes[path] = None
    return changes


def _owns_files(
    changes: Mapping[str, Document | None], built: BuiltIndex, before: IndexSnapshot, found: Iterable[ContentFile]
) -> bool:
    """Return True if a file may belong to a document that is new or gone, or be shown by other documents now."""
    moved = {path for path, document in changes.items() if (path in built.documents) is (document is None)}
    owners = {*built.sources.files.values(), *before.comment_files, *(item.owner for item in found)}
    if not moved.isdisjoint(owners):
        return True
    beside = any(item.role is Role.FILE_BESIDE and item.owner is None for item in found)
    return (beside or bool(before.index.refused)) and any(
        _shown(built.documents.get(path)) != _shown(document) for path, document in changes.items()
    )


def _shown(document: Document | None) -> object:
    """Return the files and pictures that a document names; nothing for none."""
    if document is None:
        return (), (), None, None
    return document.files, document.images, document.meta.image, document.meta.audio


def _new_index(
    request: BuildRequest,
    changed: Mapping[str, Record],
    changes: Mapping[str, Document | None],
    cache: EngineCache,
    before: IndexSnapshot,
    updated: BuiltIndex,
) -> NewIndex:
    index = updated.index
    made = {path: digest_bytes(_encode(index.cards[path])) for path in _new_cards(before.index, index)}
    cards = {path: made.get(path) or before.cards[path] for path in index.cards}
    bodies = {path: name for path, name in before.bodies.items() if path not in changes}
    bodies |= {
        path: record.body for path, record in changed.items() if isinstance(record, DocumentRecord) and record.body
    }
    snapshot = replace(before, index=index, cards=cards, bodies=bodies)
    of_sources: dict[str, Problems] = cache.store.fact("source-problems", dict[str, Problems]) or {}
    others = {path: found for path, found in of_sources.items() if path not in changes}
    closing = partial(closing_moment, settings=request.inputs.config.comments)
    edited = [document for document in changes.values() if document is not None]
    window = valid_between(edited, request.inputs.now, closing)
    valid = _shared_window(cache.store.fact("valid", Window) or (None, None), window)
    return NewIndex(snapshot, others | problems_of(changed), updated.problems, valid, updated)


def _new_cards(before: SiteIndex, after: SiteIndex) -> Iterator[str]:
    """List the documents whose cards were made again."""
    return (path for path, card in after.cards.items() if card is not before.cards.get(path))


def _shared_window(one: Window, other: Window) -> Window:
    """Return the time that two windows share; it may end sooner than necessary."""
    begins = [moment for moment in (one[0], other[0]) if moment]
    ends = [moment for moment in (one[1], other[1]) if moment]
    return max(begins, default=None), min(ends, default=None)


def _compare(new: NewIndex, whole: NewIndex) -> None:
    """Compare an updated index with a whole one. Raises: AssertionError."""
    one, other = new.snapshot, whole.snapshot
    for name in one.index.__struct_fields__:
        mine, right = getattr(one.index, name), getattr(other.index, name)
        assert encode_canonical(mine) == encode_canonical(right), f"the updated index has another {name}"
        assert not isinstance(mine, dict) or list(mine) == list(right), f"the updated index has another order of {name}"
    for name in ("cards", "bodies", "comment_files", "files"):
        assert getattr(one, name) == getattr(other, name), f"the updated index has other {name}"
    assert sorted(new.problems) == sorted(whole.problems), "the updated index has other problems"
    assert new.source_problems == whole.source_problems, "the updated index has other problems of sources"
