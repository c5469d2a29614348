"""Update the index that this engine keeps, after a few documents, comments or files have changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import chain
from operator import attrgetter

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator.content.site_files import ContentFile, Role
from generator.digest import digest_bytes, encode_canonical
from generator.engine.cache import EngineCache
from generator.engine.facts import Problems, Window
from generator.engine.index_snapshot import IndexSnapshot
from generator.engine.locator import Locator
from generator.engine.records import CommentsRecord, DocumentRecord, FileRecord, Record, problems_of
from generator.engine.request import BuildRequest
from generator.engine.stages.index import IndexResult, NewIndex, build_snapshot, find_faulty, size_of_picture
from generator.engine.stages.scan import ScanResult
from generator.engine.stored_index import StoredCards
from generator.model import Document
from generator.site.discussion import closing_moment
from generator.site.in_order import leave_out, put_in_order
from generator.site.index import BuiltIndex
from generator.site.index_model import PictureSize, SiteIndex
from generator.site.index_update import update_index
from generator.site.picture_update import replace_pictures
from generator.site.publication import valid_between

_encode = msgspec.json.Encoder().encode


def update_kept_index(
    request: BuildRequest, scan: ScanResult, changed: Mapping[str, Record], cache: EngineCache
) -> IndexResult | None:
    """Update the index of the last build; None if there is none in memory, or it must be made from all sources.

    `changed` are the records of the changed sources, by path.
    """
    built, before = cache.built, cache.snapshot
    if built is None or before is None or not scan.reuse.index:
        return None
    if built.sources.config is not request.inputs.config:
        built = built.with_settings(request.inputs.config)
    new = None
    if scan.few_documents:
        new = _with_documents(request, scan, changed, cache, before, built)
    elif scan.few_files:
        new = _with_files(changed, cache, before, built)
    if new is None:
        return None
    if os.environ.get("OPENLETTER_DEBUG") == "1":
        _compare(new, _whole_index(request, cache))
    return IndexResult(new.snapshot, True, new, before, updated=new.made)


def prepare_update(cache: EngineCache) -> None:
    """Build the index that was read from the state again, in memory, so that the next build can update it."""
    if cache.built is None and cache.snapshot is not None and cache.inputs is not None:
        new = build_snapshot(cache.inputs, cache.inputs.root, dict(sorted(cache.records.items())))
        cache.snapshot, cache.built = new.snapshot, new.built


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


class _Changes(Struct, frozen=True):
    """What has changed: `records` and `removed` are sources, by path; `documents` are their new versions, None if gone.

    `comments` are the path and the record of the comments of a document, None for a record that is gone.
    """

    records: Mapping[str, Record]
    removed: frozenset[str]
    documents: Mapping[str, Document | None]
    comments: Mapping[str, tuple[str, CommentsRecord | None]]


def _with_documents(
    request: BuildRequest,
    scan: ScanResult,
    changed: Mapping[str, Record],
    cache: EngineCache,
    before: IndexSnapshot,
    built: BuiltIndex,
) -> NewIndex | None:
    """Update an index with documents and comments that were edited, added or deleted; None if it cannot be updated."""
    inputs = request.inputs
    changes = _find_changes(scan, changed, before, built)
    if changes is None or _owns_files(changes.documents, built, before, inputs.found.found):
        return None
    locate, faulty = Locator(request.root, inputs.found), find_faulty(changed)
    updated = update_index(built, changes.documents, inputs.publication, locate, faulty)
    return None if updated is None else _new_index(request, changes, cache, before, updated)


def _with_files(
    changed: Mapping[str, Record], cache: EngineCache, before: IndexSnapshot, built: BuiltIndex
) -> NewIndex | None:
    """Update an index with other bytes of some files; None if anything but these and sizes of pictures may differ."""
    files, sources, store = dict(before.files), built.sources, cache.store
    of_sources: dict[str, Problems] = store.fact("source-problems", dict[str, Problems]) or {}
    sizes: dict[str, PictureSize] = {}
    for path, record in changed.items():
        if not isinstance(record, FileRecord) or not _is_plain(record) or path not in files or path in of_sources:
            return None
        if path in sources.contacts or path in sources.media or path in sources.refused:
            return None
        known = sources.pictures.get(path)
        if record.kind != (known.kind if known else ""):
            return None
        if known:
            sizes[path] = size_of_picture(record)
        files[path] = record.digest, record.cleaned
    updated = replace_pictures(built, sizes)
    made, cards = _digest_cards(before, updated.index)
    snapshot = replace(before, index=updated.index, cards=cards, files=files)
    valid = store.fact("valid", Window) or (None, None)
    return NewIndex(snapshot, of_sources, updated.problems, valid, updated, made)


def _is_plain(record: FileRecord) -> bool:
    """Return True if the index has nothing of a file but its bytes, and the size of a picture."""
    return record.published and not (record.media or record.contacts or record.problems or record.refusal)


def _find_changes(
    scan: ScanResult, records: Mapping[str, Record], before: IndexSnapshot, built: BuiltIndex
) -> _Changes | None:
    """Return the new versions of documents that have changed, or their comments; None if another source has changed."""
    removed = frozenset(scan.sources.removed)
    owners = {path: owner for owner, (path, _) in before.comment_files.items()}
    owners |= {item.path: item.owner for item in scan.sources.changed if item.role is Role.COMMENTS and item.owner}
    documents: dict[str, Document | None] = {path: None for path in removed if path not in owners}
    comments: dict[str, tuple[str, CommentsRecord | None]] = {
        owners[path]: (path, None) for path in removed & owners.keys()
    }
    for path, record in records.items():
        if isinstance(record, DocumentRecord):
            known = built.documents.get(path)
            documents[path] = record.document(path, known.comment_count if known else 0)
        elif isinstance(record, CommentsRecord) and path in owners:
            comments[owners[path]] = path, record
        else:
            return None
    if any(path not in built.documents for path in removed & documents.keys()):
        return None
    for owner, (_, kept) in comments.items():
        document = documents[owner] if owner in documents else built.documents.get(owner)
        if document is None:
            return None
        documents[owner] = replace(document, comment_count=kept.count if kept else 0)
    return _Changes(records, removed, documents, comments)


def _owns_files(
    changes: Mapping[str, Document | None], built: BuiltIndex, before: IndexSnapshot, found: Iterable[ContentFile]
) -> bool:
    """Return True if a file may belong to a document that is new or gone, or be shown by other documents now."""
    moved = {path for path, document in changes.items() if (path in built.documents) is (document is None)}
    owners = chain(built.sources.files.values(), before.comment_files, map(attrgetter("owner"), found))
    if moved and not moved.isdisjoint(owners):
        return True
    if all(_shown(built.documents.get(path)) == _shown(document) for path, document in changes.items()):
        return False
    return bool(before.index.refused) or any(item.role is Role.FILE_BESIDE and item.owner is None for item in found)


def _shown(document: Document | None) -> object:
    """Return the files and pictures that a document names; nothing for none."""
    if document is None:
        return (), (), None, None
    return document.files, document.images, document.meta.image, document.meta.audio


def _new_index(
    request: BuildRequest, changes: _Changes, cache: EngineCache, before: IndexSnapshot, updated: BuiltIndex
) -> NewIndex:
    index, records = updated.index, changes.records
    gone = records.keys() | changes.removed
    bodies = leave_out(before.bodies, gone)
    bodies |= {
        path: record.body for path, record in records.items() if isinstance(record, DocumentRecord) and record.body
    }
    comments = leave_out(before.comment_files, changes.comments)
    comments |= {owner: (path, record.body) for owner, (path, record) in changes.comments.items() if record}
    made, cards = _digest_cards(before, index)
    snapshot = replace(before, index=index, cards=cards, bodies=bodies, comment_files=comments)
    of_sources: dict[str, Problems] = cache.store.fact("source-problems", dict[str, Problems]) or {}
    others = leave_out(of_sources, gone)
    closing = partial(closing_moment, settings=request.inputs.config.comments)
    edited = [document for document in changes.documents.values() if document is not None]
    window = valid_between(edited, request.inputs.now, closing)
    valid = _shared_window(cache.store.fact("valid", Window) or (None, None), window)
    return NewIndex(snapshot, others | problems_of(records), updated.problems, valid, updated, made)


def _digest_cards(before: IndexSnapshot, index: SiteIndex) -> tuple[tuple[str, ...], dict[str, str]]:
    """List the documents whose cards were made again, and return the digest of each card of an updated index."""
    known, cards = before.index.cards, index.cards
    made = tuple(path for path, card in cards.items() if card is not known.get(path))
    new = {path: digest_bytes(_encode(cards[path])) for path in made}
    return made, put_in_order(leave_out(before.cards, before.cards.keys() - cards.keys()), new)


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
