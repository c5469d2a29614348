"""The third stage: build the index again if anything in it has changed, else reuse it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator.content.site_files import ContentFile, Role
from generator.digest import digest_bytes
from generator.engine.cache import EngineCache
from generator.engine.facts import Problems, Window
from generator.engine.index_snapshot import IndexSnapshot, fetch_index
from generator.engine.inputs import Inputs
from generator.engine.locator import Locator
from generator.engine.processes.fork import run_in_fork
from generator.engine.records import CommentsRecord, DocumentRecord, FileRecord, Record, problems_of
from generator.engine.request import BuildRequest
from generator.engine.stored_index import StoredCards, put_index
from generator.errors import Problem
from generator.markup.links import is_internal
from generator.model import Document
from generator.site.discussion import closing_moment
from generator.site.files_beside import references, unused_file
from generator.site.hidden import count_states
from generator.site.index import BuiltIndex, IndexSources, build_index
from generator.site.index_model import Edition, PictureSize, RefusedPicture, SiteIndex
from generator.site.publication import valid_between
from generator.site.renditions import may_be_scaled
from generator.site.source_names import SourceNames
from generator.store.state import Store

_encode = msgspec.json.Encoder().encode


class NewIndex(Struct, frozen=True):
    """A new index, its problems by origin, and when it is valid: no post is published or expires in that time.

    `built` is what an update of the index begins with, None if no other build follows in this process. `made` are the
    documents whose cards were made again for it, None for all.
    """

    snapshot: IndexSnapshot
    source_problems: Mapping[str, Problems]
    problems: Problems
    valid: Window
    built: BuiltIndex | None
    made: tuple[str, ...] | None = None


class IndexResult(Struct, frozen=True):
    """The index of this build.

    `unstored` is not None if the index is not yet in the state; `replaced` is the index in the state, if known.
    `is_new` is False if the last build's index is reused; then `edited` are the documents whose texts have changed.
    `facts` are to be stored with the build. `updated` are the documents whose cards were made again, None for all.
    """

    snapshot: IndexSnapshot
    is_new: bool
    unstored: NewIndex | None = None
    replaced: IndexSnapshot | None = None
    edited: tuple[str, ...] = ()
    facts: Mapping[str, Any] = {}
    updated: tuple[str, ...] | None = None

    @property
    def made_cards(self) -> int:
        """How many cards were made for this index."""
        everything = len(self.snapshot.index.cards) if self.is_new else 0
        return everything if self.updated is None else len(self.updated)


def take_over_index(edited: Mapping[str, Record], cache: EngineCache) -> IndexResult | None:
    """Reuse the last build's index with the new texts of the `edited` documents: path → record.

    Returns None if there is no index, or one of its problems names an edited document: its line may have moved.
    """
    problems: Problems = cache.store.fact("site-problems", Problems) or ()
    if any(problem.path in edited for problem in problems) or (known := cache.snapshot) is None:
        return None
    if not edited:
        return IndexResult(known, is_new=False)
    new_bodies = {path: record.body for path, record in edited.items() if isinstance(record, DocumentRecord)}
    snapshot = replace(known, bodies={**known.bodies, **new_bodies})
    of_sources = cache.store.fact("source-problems", dict[str, Problems]) or {}
    others = {path: found for path, found in of_sources.items() if path not in edited}
    facts = {"bodies": snapshot.bodies, "source-problems": others | problems_of(edited)}
    return IndexResult(snapshot, is_new=False, edited=tuple(edited), facts=facts)


def make_index(request: BuildRequest, new: Mapping[str, Record], cache: EngineCache, large: int) -> IndexResult:
    """Build the index from all records; `new` are those of this build, or none if they were not remembered.

    With `large` or more sources it is built in a fork, whose memory is freed when it ends.
    """
    store, inputs, root = cache.store, request.inputs, request.root
    count = len(inputs.found.found)
    if count >= large and not cache.kept:
        store.commit()
        if run_in_fork(partial(_store_in_fork, store, inputs, root)):
            snapshot = fetch_index(store, whole=True)
            assert snapshot is not None, "the fork has put it there"
            return IndexResult(snapshot, is_new=True)
    whole = new if len(new) == count else cache.records if cache.kept else None
    records = dict(store.records(Record)) if whole is None else dict(sorted(whole.items()))
    unstored = build_snapshot(inputs, root, records)
    if not cache.kept:
        unstored = replace(unstored, built=None)  # its memory is free while pages are rendered
    return IndexResult(unstored.snapshot, True, unstored, _replaced(cache) if cache.inputs else None)


def _replaced(cache: EngineCache) -> IndexSnapshot | None:
    """Return the index of the last build with all its cards; None if there is none."""
    if cache.snapshot is not None and isinstance(cache.snapshot.index.cards, StoredCards):
        cache.snapshot.index.cards.load()
    return cache.snapshot


def _store_in_fork(store: Store, inputs: Inputs, root: Path) -> None:
    store.reopen()
    store_index(store, build_snapshot(inputs, root, dict(store.records(Record))))
    store.commit()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Switch the garbage collector off: it would scan the growing index again and again and find nothing to free."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_without_collector()
def build_snapshot(inputs: Inputs, root: Path, records: Mapping[str, Record]) -> NewIndex:
    """Build the index from the records of all sources: path → record."""
    found = inputs.found.found
    comments = {i.owner: (i.path, v) for i in found if i.owner and isinstance(v := records.get(i.path), CommentsRecord)}
    documents = list(_documents(found, records, comments))
    files = {i.path: (i.owner, v) for i in found if isinstance(v := records.get(i.path), FileRecord) and v.published}
    sources = IndexSources(
        inputs.config,
        inputs.publication,
        {path: owner for path, (owner, _) in files.items()},
        {path: size_of_picture(v) for path, (_, v) in files.items() if v.kind},
        {path: v.media for path, (_, v) in files.items() if v.media},
        {path: v.contacts for path, (_, v) in files.items() if v.contacts},
        {path: _refusal(v.refusal) for path, v in records.items() if isinstance(v, FileRecord) and v.refusal},
        find_faulty(records),
    )
    built = build_index(documents, sources, Locator(root, inputs.found))
    index = built.index
    snapshot = IndexSnapshot(
        index,
        {key: digest_bytes(_encode(card)) for key, card in index.cards.items()},
        {path: v.body for path, v in records.items() if isinstance(v, DocumentRecord) and v.body},
        {owner: (path, v.body) for owner, (path, v) in comments.items()},
        {path: (v.digest, v.cleaned) for path, (_, v) in files.items()},
    )
    of_sources = problems_of(records) | _problems_beside(found, records, documents, index)
    told = _told_in_texts(documents, index)
    of_sources = {path: found for path, found in of_sources.items() if found and path not in told}
    closing = partial(closing_moment, settings=inputs.config.comments)
    return NewIndex(snapshot, of_sources, built.problems, valid_between(documents, inputs.now, closing), built)


def _problems_beside(
    found: tuple[ContentFile, ...], records: Mapping[str, Record], documents: Iterable[Document], index: SiteIndex
) -> dict[str, Problems]:
    """Choose the problems of files beside documents that are not published: path → problems.

    What is wrong with one that no published document refers to hurts no reader. If no document at all refers to it, and
    it could not be published, that is a note; the index notes the others.
    """
    beside = (item.path for item in found if item.role is Role.FILE_BESIDE and item.owner is None)
    loose = {path: records[path] for path in beside if path not in index.urls and path in records}
    if not loose:
        return {}
    names, shown, used = SourceNames((), loose), set[str](), set[str]()
    for document in documents:
        (shown if document.path in index.cards else used).update(references(document, loose, names))
    problems: dict[str, Problems] = {path: record.problems if path in shown else () for path, record in loose.items()}
    refused = (path for path, record in loose.items() if isinstance(record, FileRecord) and not record.published)
    return problems | {path: (unused_file(path),) for path in refused if path not in shown | used}


def _told_in_texts(documents: Iterable[Document], index: SiteIndex) -> set[str]:
    """List the refused pictures that published documents show: their problems are at the lines that show them."""
    if not index.refused:
        return set()
    names = SourceNames(index.urls, index.unpublished)
    shown = (each for each in documents if each.path in index.cards)
    written = ((each.path, src) for each in shown for src in (*each.images, each.meta.image) if src)
    return {names.find(path, src) for path, src in written if is_internal(src)} & index.refused.keys()


def find_faulty(records: Mapping[str, Record]) -> frozenset[str]:
    """Choose the documents that have an error and are left out: path → record."""
    return frozenset(path for path, each in records.items() if isinstance(each, DocumentRecord) and each.meta is None)


def _refusal(problem: Problem) -> RefusedPicture:
    return RefusedPicture(problem.code, problem.message, problem.hint)


def size_of_picture(record: FileRecord) -> PictureSize:
    """Return the size of a picture, with the digest of its bytes if it is shown in other sizes too."""
    shown = record.width, record.height
    scaled = may_be_scaled(record.kind, *shown, is_moving=record.is_moving)
    return PictureSize(*shown, record.kind, record.digest if scaled else "")


def _documents(
    found: tuple[ContentFile, ...], records: Mapping[str, Record], comments: Mapping[str, tuple[str, CommentsRecord]]
) -> Iterator[Document]:
    for item in found:
        value = records.get(item.path)
        if isinstance(value, DocumentRecord):
            count = comments[item.path][1].count if item.path in comments else 0
            document = value.document(item.path, count)
            if document is not None:
                yield document


@_without_collector()
def store_index(store: Store, new: NewIndex, replaced: IndexSnapshot | None = None) -> None:
    """Store an index with its problems, card by card. `replaced` is the index that is stored now."""
    snapshot = new.snapshot
    cards, old = snapshot.cards, replaced.cards if replaced else {}
    if replaced is None:
        store.drop_blobs("card|")
    store.drop_blob(f"card|{key}" for key in old if key not in cards)
    store.put_blobs((f"card|{key}", card) for key, card in snapshot.index.cards.items() if old.get(key) != cards[key])
    put_index(store, snapshot.index, replaced.index if replaced else None)
    if replaced is None or replaced.comment_files != snapshot.comment_files:
        store.set_fact("kept", snapshot.comment_files)
    if replaced is None or replaced.files != snapshot.files:
        store.set_fact("files", snapshot.files)
    store.set_fact("bodies", snapshot.bodies)
    store.set_fact("valid", new.valid)
    store.set_fact("counts", _count(snapshot.index))
    store.set_fact("hidden counts", count_states(snapshot.index.hidden))
    store.set_fact("source-problems", new.source_problems)
    store.set_fact("site-problems", new.problems)


def _count(index: SiteIndex) -> tuple[int, int, int]:
    """Count the published posts, pages and issues of all editions."""
    lists: list[SiteIndex | Edition] = [index, *index.editions.values()]
    return (
        sum(len(each.posts) for each in lists),
        sum(len(each.pages) for each in lists),
        sum(len(each.issues) for each in lists),
    )
