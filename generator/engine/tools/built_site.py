"""A site right after a build, for those who judge the result: its sources, its index, and its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from generator.config import Config
from generator.engine.cache import EngineCache
from generator.engine.locator import Locator
from generator.engine.records import DocumentRecord
from generator.engine.texts import text_id
from generator.model import Body, Document
from generator.render.documents import DOCUMENTS
from generator.site.index_model import SiteIndex
from generator.store.published import PublishedPage, load_published
from generator.store.rows import unpack

_args = msgspec.json.Decoder(tuple[str, ...]).decode


class BuiltFile(Struct, frozen=True):
    """An output file: its path in the output folder, its kind, and the source it was made from ("" for none)."""

    path: str
    kind: str
    source: str
    digest: str


class BuiltSite(Struct, frozen=True):
    """A built site. `documents` are all that could be read, public or not, by path; `now` is the moment of the build.

    `files` are all outputs, by path; `output` is their folder, and `state` that of the state. `readers` counts, for
    each key, the pages of documents that read it. `published` are all addresses that were ever public, with what stood
    there.
    """

    root: Path
    config: Config
    now: datetime
    index: SiteIndex
    documents: Mapping[str, Document]
    files: tuple[BuiltFile, ...]
    output: Path
    state: Path
    readers: Mapping[str, int]
    published: Mapping[str, PublishedPage]
    locate: Locator
    body: Callable[[str], Body | None]

    def read(self, file: BuiltFile) -> bytes:
        """Read an output file; b"" if it is gone."""
        try:
            return (self.output / file.path).read_bytes()
        except OSError:
            return b""


def built_site(root: Path, cache: EngineCache) -> BuiltSite:
    """Describe what the last build of an engine left. Only after a build."""
    known, inputs = cache.snapshot, cache.inputs
    assert known is not None
    assert inputs is not None
    records = ((path, value) for path, value in cache.records.items() if isinstance(value, DocumentRecord))
    parsed = {path: record.document(path, 0) for path, record in records}
    return BuiltSite(
        root=root,
        config=inputs.config,
        now=inputs.now,
        index=known.index,
        documents={path: document for path, document in sorted(parsed.items()) if document is not None},
        files=tuple(_files(cache)),
        output=cache.outputs.folder.folder,
        state=cache.store.folder,
        readers=_count_readers(cache),
        published=load_published(cache.store.folder),
        locate=Locator(root, inputs.found),
        body=lambda path: cache.store.blob(text_id(path), Body),
    )


def _files(cache: EngineCache) -> Iterator[BuiltFile]:
    for path, row in sorted(cache.outputs.rows.items()):
        if row.digest:
            source = _args(row.args)[0] if row.kind in DOCUMENTS.names else ""
            yield BuiltFile(path, row.kind, source, row.digest)


def _count_readers(cache: EngineCache) -> Mapping[str, int]:
    counts: Counter[int] = Counter()
    for row in cache.outputs.rows.values():
        if row.kind in DOCUMENTS.names:
            counts.update(unpack(row.reads))
    return {name: counts[number] for name, (number, _) in cache.store.keys().items() if counts[number]}
