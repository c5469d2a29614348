"""The second stage: changed sources are converted, cleaned or hashed, and what was made of them is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

import msgspec

from generator.build.convert import Job
from generator.build.made import Made, Parsed
from generator.build.pictures import prepare
from generator.build.scan import believable
from generator.build.workers import run
from generator.config import Config
from generator.content.find import Found, Role
from generator.digest import digest
from generator.errors import Problem
from generator.markup.settings import MarkupSettings
from generator.model import Body, Comment, Kind
from generator.store import BrokenStateError, SourceRow, Store

if TYPE_CHECKING:
    from generator.extensions import Sources

Progress = Callable[[str, int, int], None]

KINDS = {Role.POST: Kind.POST, Role.PAGE: Kind.PAGE, Role.ISSUE: Kind.ISSUE}
_BATCH = 512  # rows put into the state together


def markup_settings(config: Config, *, stock: bool = False) -> MarkupSettings:
    """Choose the markup settings that bodies depend on, and whether they are made without accelerations."""
    markup = config.markup
    return MarkupSettings(markup.engine, markup.typography, config.language, markup.raw_html, stock=stock)


def settings_by_role(config: Config, generator: str, extensions: str) -> dict[str, str]:
    """Digest what decides, beside a source's bytes, what is made of it; by role.

    `generator` and `extensions` are digests of code; of extensions, of those that have a say in what becomes of texts.
    """
    text = digest(markup_settings(config).fingerprint(), config.timezone, generator, extensions)
    return {role: generator if role in (Role.BUNDLE_FILE, Role.STATIC) else text for role in Role}


@dataclass(slots=True)
class Remade:
    """What was made in this build of sources that had changed: path → value, and their rows."""

    values: dict[str, Made] = field(default_factory=dict)
    rows: list[SourceRow] = field(default_factory=list)


def remake(
    root: Path,
    changed: Iterable[Found],
    config: Config,
    settings: Mapping[str, str],
    store: Store,
    jobs: int | None,
    note: Progress,
    extensions: Sources | None = None,
    keep_good: bool = False,
    remember: bool = True,
    meanwhile: Callable[[], None] = lambda: None,
    stock: bool = False,
) -> Remade:
    """Make what is to be made of the changed sources, and put it into the state as it comes.

    `extensions` are those that have a say in it: each process loads them by itself. With `keep_good` a document that
    has become unusable stays what it was, with its problems. What was made is in the result if it is to `remember`.
    `meanwhile` is called once, when processes are at work, or there is nothing for them to do.
    `stock` makes bodies without accelerations.
    """
    changed = list(changed)
    markup = markup_settings(config, stock=stock)
    texts = [item for item in changed if item.role in KINDS or item.role is Role.COMMENTS]
    files = [item for item in changed if item.role in (Role.BUNDLE_FILE, Role.STATIC)]
    queue = [Job(i.path, f"{root}/{i.real}", KINDS.get(i.role), config.timezone, markup, extensions) for i in texts]
    remade = Remade()
    batch = _Batch(store, remade if remember else None, settings, keep_good=keep_good)
    results = run(queue, jobs)
    first = list(islice(results, 1))
    meanwhile()
    for done, (item, (_, result)) in enumerate(zip(texts, chain(first, results), strict=True), 1):
        batch.add(item, result.digest, result.made, result.encoded)
        note("documents", done, len(texts))
    for done, item in enumerate(files, 1):
        source_digest, prepared = prepare(root / item.real, item, store.folder)
        batch.add(item, source_digest, prepared, b"")
        note("files", done, len(files))
    batch.flush()
    return remade


def forget(removed: Iterable[str], store: Store) -> None:
    """Drop from the state what was made of sources that are gone."""
    removed = list(removed)
    store.drop_sources(removed)
    store.drop_blob(map(text_id, removed))


class _Batch:
    """Rows on their way into the state."""

    def __init__(self, store: Store, remade: Remade | None, settings: Mapping[str, str], *, keep_good: bool) -> None:
        self._store = store
        self._remade = remade
        self._settings = settings
        self._keep_good = keep_good
        self._rows: list[tuple[SourceRow, Made]] = []
        self._texts: list[tuple[str, msgspec.Raw]] = []
        self._now = time_ns()

    def add(self, item: Found, source_digest: str, made: Made, encoded: bytes) -> None:
        if self._keep_good and isinstance(made, Parsed) and made.meta is None:
            before = self._store.made_of(item.path, Made)
            made = msgspec.structs.replace(before, problems=made.problems) if isinstance(before, Parsed) else made
        # What could not be read is tried again: permission may come without a new stamp.
        mtime, size = believable(item.stamp, self._now) if source_digest else (0, 0)
        row = SourceRow(item.path, mtime, size, source_digest, source_digest + self._settings[item.role])
        self._rows.append((row, made))
        if self._remade is not None:
            self._remade.values[item.path] = made
            self._remade.rows.append(row)
        if encoded:
            self._texts.append((text_id(item.path), msgspec.Raw(encoded)))
        if len(self._rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        self._store.put_sources(self._rows)
        self._store.put_blobs(self._texts)
        self._store.commit()
        self._rows, self._texts = [], []


def text_id(path: str) -> str:
    """Name the stored text of a source."""
    return f"text|{path}"


@dataclass(frozen=True, slots=True)
class Texts:
    """Bodies and comments, fetched from the state when a page asks for them.

    `bodies`: document's path → the digest of its body; `comments`: document's path → comments file and digest.
    """

    store: Store
    bodies: Mapping[str, str]
    kept: Mapping[str, tuple[str, str]]

    def body(self, key: str) -> tuple[Body, str]:
        """Fetch a body and its digest."""
        name = self.bodies[key]
        body = self.store.blob(text_id(key), Body, name)
        if body is None:
            raise BrokenStateError(f"the body of {key} is not there")
        return body, name

    def digest(self, key: str) -> str:
        """Give the digest of a body that need not be fetched."""
        return self.bodies[key]

    def comments(self, key: str) -> tuple[tuple[Comment, ...], str]:
        """Fetch the comments kept beside a document."""
        path, name = self.kept.get(key, ("", ""))
        return (self.store.blob(text_id(path), tuple[Comment, ...], name) or () if path else ()), name


def problems_of(made: Mapping[str, Made]) -> dict[str, tuple[Problem, ...]]:
    """Pick out the problems: path → problems, where there are any."""
    return {path: value.problems for path, value in made.items() if value.problems}
