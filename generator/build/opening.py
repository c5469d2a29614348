"""A site opened to be looked at: everything known of it, as for a build, but nothing is written to an output."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from generator.build import indexing
from generator.build.inputs import Inputs, gather
from generator.build.made import Made, Parsed
from generator.build.options import BuildOptions
from generator.build.place import STATE, lock
from generator.build.scan import compare
from generator.build.sources import forget, problems_of, remake, settings_by_role
from generator.build.surroundings import gather_world
from generator.clock import Clock
from generator.config import load_config
from generator.errors import Problem
from generator.model import Document
from generator.render.plan import Plan
from generator.render.world import World
from generator.store import BrokenStateError, Store, discard
from generator.store.inherit import take_over

MANY = 50
"""So many changed sources are worth a look at what the last build has made of them."""
T = TypeVar("T")
Choose = Callable[[Sequence[Document], Mapping[str, tuple[Problem, ...]]], Collection[str]]
"""Chooses, of all documents and the problems of the sources by path, the paths to show though they are not public."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A site as it stands: `documents` are all that could be read, public or not, by path.

    `problems` are those of the sources and of the index; the world's pages have their own.
    """

    inputs: Inputs
    documents: Mapping[str, Document]
    world: World
    plan: Plan
    problems: tuple[Problem, ...]


def look(
    root: Path, clock: Clock, use: Callable[[Opened], T], at: datetime | None = None, show: Choose | None = None
) -> T:
    """Read a site as of now or `at`, with what is public and what `show` chooses, and give what `use` makes of it.

    What is made of the sources is kept in a state of its own, so that no build is misled; a second reader waits. Where
    that state turns out to be broken, it is made anew and `use` is called again.
    Raises: ConfigError; OutputError where the state cannot be written; what `use` raises.
    """
    load_config(root)  # it says how to begin; nothing may be made in a folder that is no site
    state = root / STATE / "desk"
    with lock(state):
        try:
            with Store(state) as store:
                return use(_open(root, store, clock, at, show))
        except BrokenStateError:
            discard(state)
            with Store(state) as store:
                return use(_open(root, store, clock, at, show))


def _open(root: Path, store: Store, clock: Clock, at: datetime | None, show: Choose | None) -> Opened:
    inputs = replace(gather(root, BuildOptions(at=at), clock), banner="")
    made = _made(root, inputs, store)
    found = problems_of(made)
    parsed = {path: value.document(path, 0) for path, value in made.items() if isinstance(value, Parsed)}
    documents = {path: document for path, document in sorted(parsed.items()) if document is not None}
    also = frozenset(show(tuple(documents.values()), found)) if show else frozenset()
    inputs = replace(inputs, publication=replace(inputs.publication, also=also))
    indexed = indexing.build(inputs, root, made)
    world = gather_world(root, inputs, indexed.known, store)
    problems = (*inputs.problems, *indexed.problems, *(each for of in found.values() for each in of))
    return Opened(inputs, documents, world, Plan(world), problems)


def _made(root: Path, inputs: Inputs, store: Store) -> Mapping[str, Made]:
    """Make what has changed of the sources since the desk was last used; much of it a build may have made already."""
    settings = settings_by_role(inputs.config, inputs.basis.generator, inputs.additions().documents)
    changes = compare(root, inputs.found.found, store.sources(), settings)
    if len(changes.changed) >= MANY and take_over(root / STATE, store.folder):
        changes = compare(root, inputs.found.found, store.sources(), settings)
    store.touch_sources(changes.touched)
    forget(changes.removed, store)
    sources = inputs.extensions if inputs.additions().documents else None
    remake(root, changes.changed, inputs.config, settings, store, None, _silent, sources, stock=inputs.stock)
    store.commit()
    return dict(store.made(Made))


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Report to nobody."""
