"""Load a site without a build: read everything, write no output."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.config import load_config
from generator.config.load import FILE
from generator.engine.changes import compare_sources
from generator.engine.compiled_templates import store_templates
from generator.engine.folders import STATE, lock
from generator.engine.inputs import Inputs, gather_inputs
from generator.engine.options import BuildOptions
from generator.engine.records import DocumentRecord, Record, problems_of
from generator.engine.request import report_to_nobody
from generator.engine.settings import settings_by_role
from generator.engine.stages.documents import start_conversion, store_records, store_source_changes
from generator.engine.stages.index import build_snapshot
from generator.engine.stages.plan import gather_context, open_templates
from generator.errors import Problem
from generator.model import Document
from generator.render.context import RenderContext
from generator.render.plan import OutputPlan
from generator.store.inherit import inherit_texts
from generator.store.rows import BrokenStateError
from generator.store.state import Store, discard_state

MANY = 50
"""From this many changed sources on, copying the records of the last build first saves time."""
T = TypeVar("T")
Choose = Callable[[Sequence[Document], Mapping[str, tuple[Problem, ...]]], Collection[str]]
"""Chooses the paths to show although they are not public, from all documents and the problems of the sources by
path."""


class LoadedSite(Struct, frozen=True):
    """A loaded site: `documents` are all that could be read, public or not, by path.

    `problems` are those of the sources and of the index; pages have their own.
    """

    inputs: Inputs
    documents: Mapping[str, Document]
    context: RenderContext
    plan: OutputPlan
    problems: tuple[Problem, ...]


def load_site(
    root: Path, clock: Clock, use: Callable[[LoadedSite], T], at: datetime | None = None, show: Choose | None = None
) -> T:
    """Load a site as of now or `at`: public documents and those that `show` chooses. Returns the result of `use`.

    Records are kept in a separate state, so that they cannot affect a build; a second reader waits. If that state turns
    out to be damaged, it is built again and `use` is called again. Raises: ConfigError; OutputError if the state cannot
    be written; everything that `use` raises.
    """
    if not (root / FILE).is_file():
        load_config(root)  # its error explains how to begin; a folder that is not a site must not get files
    state = root / STATE / "desk"
    with lock(state):
        try:
            return _use(root, state, clock, use, at, show)
        except BrokenStateError:
            discard_state(state)
            return _use(root, state, clock, use, at, show)


def _use(
    root: Path, state: Path, clock: Clock, use: Callable[[LoadedSite], T], at: datetime | None, show: Choose | None
) -> T:
    with Store(state) as store:
        site = _load(root, store, clock, at, show)
        result = use(site)
        inputs = site.inputs
        store_templates(root, state, inputs.basis.generator, inputs.theme, site.context.templates.known)
        return result


def _load(root: Path, store: Store, clock: Clock, at: datetime | None, show: Choose | None) -> LoadedSite:
    inputs = replace(gather_inputs(root, BuildOptions(at=at), clock), banner="")
    records = _update_records(root, inputs, store)
    found = problems_of(records)
    parsed = {path: value.document(path, 0) for path, value in records.items() if isinstance(value, DocumentRecord)}
    documents = {path: document for path, document in sorted(parsed.items()) if document is not None}
    also = frozenset(show(tuple(documents.values()), found)) if show else frozenset()
    inputs = replace(inputs, publication=replace(inputs.publication, also=also))
    index = build_snapshot(inputs, root, records)
    context = gather_context(root, inputs, index.snapshot, store, open_templates(root, inputs, store))
    problems = (*inputs.problems, *index.problems, *(each for of in found.values() for each in of))
    return LoadedSite(inputs, documents, context, OutputPlan(context), problems)


def _update_records(root: Path, inputs: Inputs, store: Store) -> Mapping[str, Record]:
    """Convert what has changed since the site was last loaded; a build may have converted much of it already."""
    settings = settings_by_role(inputs.config, inputs.basis.generator, inputs.additions().documents)
    changes = compare_sources(root, inputs.found.found, store.sources(), settings)
    if len(changes.changed) >= MANY and inherit_texts(root / STATE, store.folder):
        changes = compare_sources(root, inputs.found.found, store.sources(), settings)
    store_source_changes(changes, store)
    extensions = inputs.document_extensions()
    conversion = start_conversion(root, changes.changed, inputs.config, None, extensions, stock=inputs.stock)
    store_records(conversion, root, settings, store, report_to_nobody, remember=False)
    store.commit()
    return dict(store.records(Record))
