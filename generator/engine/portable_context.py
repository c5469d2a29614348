"""What pages are rendered from, for a process that shares no memory with this one."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from generator.engine.index_snapshot import IndexSnapshot, fetch_index
from generator.engine.inputs import Inputs
from generator.engine.request import BuildRequest
from generator.engine.stages.plan import SitePlan, gather_context, open_templates
from generator.render.context import RenderContext
from generator.render.plan import OutputPlan
from generator.store.rows import BrokenStateError
from generator.store.state import Store


class PortableContext(Struct, frozen=True):
    """The values of a build that a context is gathered from; texts are read from the state in the folder `state`.

    Pickled, it takes about a kilobyte for each post.
    """

    root: Path
    state: Path
    inputs: Inputs
    snapshot: IndexSnapshot
    paths: frozenset[str]

    def open(self) -> RenderContext:
        """Gather the context, in a process of its own. It reads what the build has committed."""
        store = Store.of_running_build(self.state)
        context = gather_context(
            self.root, self.inputs, self.snapshot, store, open_templates(self.root, self.inputs, store)
        )
        OutputPlan(context, self.paths)
        return context


class StoredContext(Struct, frozen=True):
    """The values of a build that are not in the state in the folder `state`; the last build has stored all others.

    Pickled, it takes about 200 bytes for each source.
    """

    root: Path
    state: Path
    inputs: Inputs

    def open(self) -> RenderContext:
        """Gather the context, in a process of its own. Raises: BrokenStateError if the state has no whole site."""
        store = Store.of_running_build(self.state)
        snapshot = fetch_index(store, whole=True)
        if snapshot is None:
            raise BrokenStateError("there is no index")
        templates = open_templates(self.root, self.inputs, store)
        context = gather_context(self.root, self.inputs, snapshot, store, templates)
        OutputPlan(context)
        return context


def make_portable(request: BuildRequest, snapshot: IndexSnapshot, site: SitePlan, store: Store) -> PortableContext:
    """Commit the texts of this build, and take with them what they are rendered with."""
    store.commit()
    index = replace(snapshot.index, cards=dict(snapshot.index.cards))
    digests = dict(snapshot.cards)
    parts = replace(snapshot, index=index, cards=digests)
    return PortableContext(request.root, store.folder, request.inputs, parts, frozenset(site.plan.paths))
