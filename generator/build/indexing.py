"""The third stage: the index, built anew when anything it is made of has changed, else fetched from the state."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec import Struct

from generator.build.inputs import Inputs
from generator.build.locate import Locator
from generator.build.made import Kept, Made, Parsed, Prepared
from generator.build.pictures import cleaned_file, prepare
from generator.build.sources import Texts, problems_of
from generator.build.stored import StoredCards, get_index, put_index
from generator.build.window import Window
from generator.content.find import Found, Scan
from generator.digest import digest_bytes
from generator.errors import Problem
from generator.model import Document
from generator.site.index import build_index
from generator.site.publication import valid_between
from generator.site.values import PictureSize, SiteIndex
from generator.store import Store, file_digest

_encode = msgspec.json.Encoder().encode


class Known(Struct, frozen=True):
    """The index with what it cannot hold: which texts there are, what each file publishes.

    `cards`: document's path → digest of its card as the state holds it. `bodies`: document's path → digest of its
    body. `kept`: document's path → path and digest of its comments. `files`: file's path → digest of the bytes to
    publish, and whether they are a cleaned picture's.
    """

    index: SiteIndex
    cards: Mapping[str, str]
    bodies: Mapping[str, str]
    kept: Mapping[str, tuple[str, str]]
    files: Mapping[str, tuple[str, bool]]


class Indexed(Struct, frozen=True):
    """A new index, its problems by origin, and how long it is right: nothing is published or expires meanwhile."""

    known: Known
    source_problems: Mapping[str, tuple[Problem, ...]]
    problems: tuple[Problem, ...]
    valid: Window


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the collector from its rounds: nearly all that is made meanwhile stays, to be looked through each time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_undisturbed()
def build(inputs: Inputs, root: Path, made: Mapping[str, Made]) -> Indexed:
    """Build the index from all that was made of the sources: path → value, whole."""
    found = inputs.found.found
    kept = {i.owner: (i.path, v) for i in found if i.owner and isinstance(v := made.get(i.path), Kept)}
    documents = list(_documents(found, made, kept))
    files = {i.path: (i.owner, v) for i in found if isinstance(v := made.get(i.path), Prepared) and v.published}
    index, problems = build_index(
        documents,
        {path: owner for path, (owner, _) in files.items()},
        {path: PictureSize(v.width, v.height, v.kind) for path, (_, v) in files.items() if v.kind},
        inputs.config,
        inputs.publication,
        Locator(root, inputs.found),
    )
    known = Known(
        index,
        {key: digest_bytes(_encode(card)) for key, card in index.cards.items()},
        {path: v.body for path, v in made.items() if isinstance(v, Parsed) and v.body},
        {owner: (path, v.body) for owner, (path, v) in kept.items()},
        {path: (v.digest, v.cleaned) for path, (_, v) in files.items()},
    )
    return Indexed(known, problems_of(made), problems, valid_between(documents, inputs.now))


def _documents(
    found: tuple[Found, ...], made: Mapping[str, Made], kept: Mapping[str, tuple[str, Kept]]
) -> Iterator[Document]:
    for item in found:
        value = made.get(item.path)
        if isinstance(value, Parsed):
            count = kept[item.path][1].count if item.path in kept else 0
            document = value.document(item.path, count)
            if document is not None:
                yield document


@_undisturbed()
def keep(store: Store, indexed: Indexed, before: Known | None = None) -> None:
    """Put an index into the state, with its problems: its cards each by itself. `before` is what stands there."""
    known = indexed.known
    if before and isinstance(before.index.cards, StoredCards):
        before.index.cards.load()
    cards, old = known.cards, before.cards if before else {}
    if before is None:
        store.drop_blobs("card|")
    store.drop_blob(f"card|{key}" for key in old if key not in cards)
    store.put_blobs((f"card|{key}", card) for key, card in known.index.cards.items() if old.get(key) != cards[key])
    put_index(store, known.index)
    store.set_fact("kept", known.kept)
    store.set_fact("files", known.files)
    store.set_fact("bodies", known.bodies)
    store.set_fact("valid", indexed.valid)
    store.set_fact("counts", (len(known.index.posts), len(known.index.pages), len(known.index.issues)))
    store.set_fact("source-problems", indexed.source_problems)
    store.set_fact("site-problems", indexed.problems)


def fetch(store: Store, *, whole: bool = False) -> Known | None:
    """Fetch the index of the last build; None where there is none. With `whole` all its cards too, in little memory."""
    index = get_index(store, whole=whole)
    bodies = store.fact("bodies", dict[str, str])
    kept = store.fact("kept", dict[str, tuple[str, str]])
    files = store.fact("files", dict[str, tuple[str, bool]])
    if index is None or bodies is None or kept is None or files is None:
        return None
    if whole:
        paths = {key: key for key in index.cards}
        bodies = {paths.get(key, key): name for key, name in bodies.items()}
    assert isinstance(index.cards, StoredCards), "a fetched index has no others"
    return Known(index, index.cards.digests, bodies, kept, files)


def texts(known: Known, store: Store) -> Texts:
    """Give access to the texts of an index."""
    return Texts(store, known.bodies, known.kept)


class Publisher:
    """Finds the file whose bytes are published for a path; a cleaned picture that was lost or spoilt is made again."""

    def __init__(self, root: Path, found: Scan, known: Known, store: Store) -> None:
        self._root = root
        self._scan = found
        self._known = known
        self._state = store.folder

    @cached_property
    def _found(self) -> Mapping[str, Found]:
        return self._scan.by_path()

    def __call__(self, path: str) -> Path:
        """Find the file; see the class."""
        name, cleaned = self._known.files[path]
        source = self._root / self._found[path].real
        if not cleaned:
            return source
        file = cleaned_file(self._state, path, name)
        if not file.is_file() or file_digest(file) != name:
            prepare(source, self._found[path], self._state)
        return file
