"""The second stage: convert, clean or hash the changed sources, and store their records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from generator.config import Config
from generator.content.site_files import ContentFile, Role
from generator.digest import encode_canonical
from generator.engine.changes import SourceChanges
from generator.engine.processes.start import start_first
from generator.engine.records import KINDS, DocumentRecord, Record
from generator.engine.settings import markup_settings
from generator.engine.texts import text_id
from generator.progress import Progress
from generator.stamps import NEVER, believable_stamp
from generator.store.rows import SourceRow
from generator.store.state import Store

if TYPE_CHECKING:
    from generator.engine.conversion import Job, Result
    from generator.extensions import ExtensionSources

_BATCH = 512  # rows put into the state together


class ConversionStage(Struct, frozen=True):
    """Conversions under way: `results` come in the order of `texts`. `files` are still to be prepared.

    `jobs` bounds the processes.
    """

    texts: Sequence[ContentFile]
    files: Sequence[ContentFile]
    jobs: int | None
    results: Iterator[tuple[Job, Result]]


class DocumentChanges(Struct, frozen=True):
    """The changed sources: path → record, and their rows. Both are empty if no later stage needs them."""

    records: dict[str, Record]
    rows: list[SourceRow]


def start_conversion(
    root: Path,
    changed: Iterable[ContentFile],
    config: Config,
    jobs: int | None,
    extensions: ExtensionSources | None = None,
    *,
    stock: bool = False,
) -> ConversionStage:
    """Start to convert changed sources; if there are many, processes are working when this returns.

    `jobs` bounds the processes. `extensions` are those that change documents: each process loads them by itself.
    `stock` makes bodies without accelerations.
    """
    changed = list(changed)
    markup = markup_settings(config, stock=stock)
    texts = [item for item in changed if item.role in KINDS or item.role is Role.COMMENTS]
    files = [item for item in changed if item.role in (Role.FILE_BESIDE, Role.STATIC)]
    if not texts:
        return ConversionStage(texts, files, jobs, iter(()))
    from generator.engine.conversion import Job  # with all of Markdown: a run without changed texts needs none of it
    from generator.engine.processes.conversion_pool import convert_sources

    queue = [Job(i.path, f"{root}/{i.real}", KINDS.get(i.role), config.timezone, markup, extensions) for i in texts]
    return ConversionStage(texts, files, jobs, start_first(convert_sources(queue, jobs)))


def store_records(
    stage: ConversionStage,
    root: Path,
    settings: Mapping[str, str],
    store: Store,
    progress: Progress,
    *,
    keep_good: bool = False,
    remember: bool = True,
) -> DocumentChanges:
    """Finish the conversions and store the records as they come. `settings` are digests by role.

    With `keep_good` a document that has become unusable keeps its last good record, with the new problems. The records
    are in the result only if it is to `remember` them.
    """
    batch = _Batch(store, settings, keep_good=keep_good, remember=remember)
    for done, (item, (_, result)) in enumerate(zip(stage.texts, stage.results, strict=True), 1):
        batch.add(item, result.digest, result.record, result.encoded)
        progress("documents", done, len(stage.texts))
    if stage.files:
        from generator.engine.processes.file_pool import prepare_files

        prepared = prepare_files(root, stage.files, store.folder, stage.jobs)
        for done, (item, (source_digest, record)) in enumerate(zip(stage.files, prepared, strict=True), 1):
            batch.add(item, source_digest, record, b"")
            progress("files", done, len(stage.files))
    batch.flush()
    return batch.changes


def store_source_changes(changes: SourceChanges, store: Store) -> None:
    """Store new stamps, and drop the rows of removed sources."""
    store.touch_sources(changes.touched)
    store.drop_sources(changes.removed)
    store.drop_blob(map(text_id, changes.removed))


def differ_in_text_alone(before: Mapping[str, Record | None], now: Mapping[str, Record]) -> bool:
    """Return True if all sources are documents that differ in nothing that a listing or the index could show.

    Compares encoded bytes, because True equals 1 in Python but not on a page.
    """
    return all(_shown(before[path]) == _shown(record) != b"" for path, record in now.items())


def _shown(record: Record | None) -> bytes:
    """Encode everything that other pages can show of a document; b"" if it is unusable."""
    if not isinstance(record, DocumentRecord) or record.meta is None:
        return b""
    shown = record.pictures, record.files, record.images, record.contacts
    return encode_canonical((record.meta, record.lead, record.minutes, *shown))


class _Batch:
    """Rows waiting to be stored together."""

    def __init__(self, store: Store, settings: Mapping[str, str], *, keep_good: bool, remember: bool) -> None:
        self.changes = DocumentChanges({}, [])
        self._store = store
        self._settings = settings
        self._keep_good = keep_good
        self._remember = remember
        self._rows: list[tuple[SourceRow, Record]] = []
        self._texts: list[tuple[str, msgspec.Raw]] = []
        self._now = time_ns()

    def add(self, item: ContentFile, source_digest: str, record: Record, encoded: bytes) -> None:
        if self._keep_good and isinstance(record, DocumentRecord) and record.meta is None:
            record = self._last_good(item.path, record)
        # Try unreadable files again: their permissions may change without a new stamp.
        mtime, size, ctime, place = believable_stamp(item.stamp, self._now) if source_digest else NEVER
        row = SourceRow(item.path, mtime, size, source_digest, self._settings[item.role], ctime, place)
        self._rows.append((row, record))
        if self._remember:
            self.changes.records[item.path] = record
            self.changes.rows.append(row)
        if encoded:
            self._texts.append((text_id(item.path), msgspec.Raw(encoded)))
        if len(self._rows) >= _BATCH:
            self.flush()

    def _last_good(self, path: str, failed: DocumentRecord) -> DocumentRecord:
        before = self._store.record_of(path, Record)
        return (
            msgspec.structs.replace(before, problems=failed.problems) if isinstance(before, DocumentRecord) else failed
        )

    def flush(self) -> None:
        self._store.put_sources(self._rows)
        self._store.put_blobs(self._texts)
        self._store.commit()
        self._rows, self._texts = [], []
