"""The documents stage: every source converted, or fetched from the store where nothing about it has changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from generator.build.convert import Job, Parsed, convert_comments, convert_document, job_id
from generator.build.fingerprint import generator_fingerprint
from generator.config import Config
from generator.content.find import Found, Role, Scan
from generator.content.read import read_source
from generator.errors import ContentError, Problem
from generator.markup.settings import MarkupSettings
from generator.model import Body, Comment, Document, Kind
from generator.site.queries import Bodies
from generator.store import Store

Progress = Callable[[str, int, int], None]

POOL_FROM = 150  # documents to convert: below, starting processes costs more than it saves
_CHUNK = 16
_KINDS = {Role.POST: Kind.POST, Role.PAGE: Kind.PAGE, Role.ISSUE: Kind.ISSUE}


@dataclass(frozen=True, slots=True)
class StoredBodies(Bodies):
    """Bodies and comments fetched from the store when a page asks for them."""

    store: Store
    comments_by_document: Mapping[str, str]

    def body(self, body_id: str) -> Body:
        """Fetch a body."""
        body = self.store.get(body_id, Body)
        assert body is not None, f"body {body_id} was put there by this build"
        return body

    def comments(self, key: str) -> tuple[Comment, ...]:
        """Fetch the comments kept beside a document."""
        blob_id = self.comments_by_document.get(key)
        return (self.store.get(blob_id, tuple[Comment, ...]) or ()) if blob_id else ()


@dataclass(slots=True)
class Converted:
    """All documents that can become pages, what is wrong with the others, and the stored values in use."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    blob_ids: set[str] = field(default_factory=set)
    comment_ids: dict[str, str] = field(default_factory=dict)

    def bodies(self, store: Store) -> StoredBodies:
        """Give access to the converted bodies."""
        return StoredBodies(store, self.comment_ids)


def convert_all(root: Path, found: Scan, config: Config, store: Store, jobs: int | None, note: Progress) -> Converted:
    """Convert what the store does not have. `jobs` bounds the worker processes; None chooses by the work."""
    settings = markup_settings(config)
    sources = [item for item in found.found if item.role in _KINDS]
    result = Converted()
    counts = _convert_comments(root, found, config, settings, store, result)
    waiting: list[Job] = []
    parsed: dict[str, Parsed] = {}
    for item in sources:
        job = _job(root, item, config, settings)
        stored = _stored(job, store, result)
        if stored is None:
            waiting.append(job)
        else:
            parsed[item.path] = stored
    for done, (job, (name, fresh, body)) in enumerate(_run(waiting, jobs), 1):
        parsed[job.path] = fresh
        _keep(name, fresh, body, store, result)
        note("documents", done, len(waiting))
    for item in sources:
        _collect(item.path, parsed[item.path], counts.get(item.path, 0), result)
    return result


def markup_settings(config: Config) -> MarkupSettings:
    """Choose the markup settings that bodies depend on."""
    markup = config.markup
    return MarkupSettings(markup.engine, markup.typography, config.language, markup.raw_html)


def _job(root: Path, item: Found, config: Config, settings: MarkupSettings) -> Job:
    kind = _KINDS.get(item.role, Kind.POST)
    return Job(item.path, root / item.real, kind, config.timezone, settings, generator_fingerprint())


def _stored(job: Job, store: Store, result: Converted) -> Parsed | None:
    try:
        name = job_id(job, read_source(job.file, job.path))
    except ContentError:
        return None
    parsed = store.get(name, Parsed)
    if parsed is None or (parsed.body_id and not store.has(parsed.body_id)):
        return None
    result.blob_ids |= {name, parsed.body_id}
    return parsed


def _keep(name: str, parsed: Parsed, body: Body | None, store: Store, result: Converted) -> None:
    if not name:
        return
    store.put(name, parsed)
    result.blob_ids.add(name)
    if body is not None:
        store.put(parsed.body_id, body)
        result.blob_ids.add(parsed.body_id)


def _run(waiting: list[Job], jobs: int | None) -> Iterator[tuple[Job, tuple[str, Parsed, Body | None]]]:
    """Convert in worker processes where there is enough to do, else here; results in the order of the jobs."""
    workers = jobs or os.cpu_count() or 1
    if workers == 1 or len(waiting) < POOL_FROM:
        yield from zip(waiting, map(convert_document, waiting), strict=True)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from zip(waiting, pool.map(convert_document, waiting, chunksize=_CHUNK), strict=True)


def _collect(path: str, parsed: Parsed, comments: int, result: Converted) -> None:
    result.problems += parsed.problems
    if parsed.meta is not None:
        document = Document(path, parsed.meta, parsed.body_id, parsed.lead, parsed.words, comments)
        result.documents.append(document)


def _convert_comments(
    root: Path, found: Scan, config: Config, settings: MarkupSettings, store: Store, result: Converted
) -> dict[str, int]:
    """Convert the kept comments and count them, replies included, by document."""
    counts: dict[str, int] = {}
    for item in found.found:
        if item.role is not Role.COMMENTS or item.owner is None:
            continue
        comments, problems = convert_comments(_job(root, item, config, settings))
        result.problems += problems
        blob_id = f"comments-{item.owner}"
        store.put(blob_id, comments)
        result.blob_ids.add(blob_id)
        result.comment_ids[item.owner] = blob_id
        counts[item.owner] = _count(comments)
    return counts


def _count(comments: Iterable[Comment]) -> int:
    waiting = list(comments)
    total = 0
    while waiting:
        comment = waiting.pop()
        total += 1
        waiting.extend(comment.replies)
    return total
