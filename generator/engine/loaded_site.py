"""A site loaded without a build: everything is known of it, and no output is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.config import load_config
from generator.engine.changes import compare_sources
from generator.engine.folders import STATE, lock
from generator.engine.inputs import Inputs, gather_inputs
from generator.engine.options import BuildOptions
from generator.engine.records import DocumentRecord, Record, problems_of
from generator.engine.request import report_to_nobody
from generator.engine.settings import settings_by_role
from generator.engine.stages.documents import start_conversion, store_records, store_source_changes
from generator.engine.stages.index import build_snapshot
from generator.engine.stages.plan import gather_context
from generator.errors import Problem
from generator.model import Document
from generator.render.plan import Plan
from generator.render.world import World
from generator.store import BrokenStateError, Store, discard
from generator.store.inherit import take_over

MANY = 50
"""Changed sources from which it pays to copy the records of the last build first."""
T = TypeVar("T")
Choose = Callable[[Sequence[Document], Mapping[str, tuple[Problem, ...]]], Collection[str]]
"""Chooses, of all documents and the problems of the sources by path, the paths to show though they are not public."""


class LoadedSite(Struct, frozen=True):
    """A site as it stands: `documents` are all that could be read, public or not, by path.

    `problems` are those of the sources and of the index; the world's pages have their own.
    """

    inputs: Inputs
    documents: Mapping[str, Document]
    world: World
    plan: Plan
    problems: tuple[Problem, ...]


def load_site(
    root: Path, clock: Clock, use: Callable[[LoadedSite], T], at: datetime | None = None, show: Choose | None = None
) -> T:
    """Read a site as of now or `at`, with what is public and what `show` chooses, and give what `use` makes of it.

    What is made of the sources is kept in a state of its own, so that no build is misled; a second reader waits. Where
    that state turns out to be broken, it is made anew and `use` is called again.
    Raises: ConfigError; OutputError where the state cannot be written; what `use` raises.
    """
    load_config(root)  # it says how to begin; no file may be made in a folder that is no site
    state = root / STATE / "desk"
    with lock(state):
        try:
            with Store(state) as store:
                return use(_load(root, store, clock, at, show))
        except BrokenStateError:
            discard(state)
            with Store(state) as store:
                return use(_load(root, store, clock, at, show))


def _load(root: Path, store: Store, clock: Clock, at: datetime | None, show: Choose | None) -> LoadedSite:
    inputs = replace(gather_inputs(root, BuildOptions(at=at), clock), banner="")
    records = _update_records(root, inputs, store)
    found = problems_of(records)
    parsed = {path: value.document(path, 0) for path, value in records.items() if isinstance(value, DocumentRecord)}
    documents = {path: document for path, document in sorted(parsed.items()) if document is not None}
    also = frozenset(show(tuple(documents.values()), found)) if show else frozenset()
    inputs = replace(inputs, publication=replace(inputs.publication, also=also))
    index = build_snapshot(inputs, root, records)
    world = gather_context(root, inputs, index.snapshot, store)
    problems = (*inputs.problems, *index.problems, *(each for of in found.values() for each in of))
    return LoadedSite(inputs, documents, world, Plan(world), problems)


def _update_records(root: Path, inputs: Inputs, store: Store) -> Mapping[str, Record]:
    """Convert what has changed since the site was last loaded; a build may have converted much of it already."""
    settings = settings_by_role(inputs.config, inputs.basis.generator, inputs.additions().documents)
    changes = compare_sources(root, inputs.found.found, store.sources(), settings)
    if len(changes.changed) >= MANY and take_over(root / STATE, store.folder):
        changes = compare_sources(root, inputs.found.found, store.sources(), settings)
    store_source_changes(changes, store)
    conversion = start_conversion(root, changes.changed, inputs.config, None, inputs.document_extensions())
    store_records(conversion, root, settings, store, report_to_nobody, remember=False)
    store.commit()
    return dict(store.records(Record))
