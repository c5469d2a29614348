"""What an engine keeps in memory from its last build. It is read from the state on first use."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from generator.engine.options import BuildOptions
from generator.engine.outputs import Outputs
from generator.store.output import OutputFolder
from generator.store.rows import SourceRow
from generator.store.state import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.engine.index_snapshot import IndexSnapshot
    from generator.engine.inputs import Inputs
    from generator.engine.processes.background_renderers import BackgroundRenderers
    from generator.engine.records import Record
    from generator.engine.stages.index import IndexResult
    from generator.engine.stored_keys import StoredKeys
    from generator.render.context import RenderContext
    from generator.render.plan import OutputPlan
    from generator.site.index import BuiltIndex


class EngineCache:
    """Keep in memory what the last build stored, so that it need not be read from the state again.

    `inputs`, `context` and `plan` are those of this engine's last build, None before the first; `built` is what its
    index can be updated from. `kept` is True if more builds may follow, so that keeping it pays. `stopped` is True
    after a build that wrote nothing: then the memory does not match the state.
    """

    def __init__(self, store: Store, folder: OutputFolder, options: BuildOptions, *, kept: bool) -> None:
        self.store = store
        self.options = options
        self.outputs = Outputs(folder, store, keep_failed=options.live, stays=kept)
        self.kept = kept
        self.stopped = False
        self.inputs: Inputs | None = None
        self.context: RenderContext | None = None
        self.plan: OutputPlan | None = None
        self.built: BuiltIndex | None = None

    @cached_property
    def background(self) -> BackgroundRenderers:
        """The processes that render pages of a live preview beside this one."""
        from generator.engine.processes.background_renderers import BackgroundRenderers

        return BackgroundRenderers(self.options.jobs)

    def tidy_background(self) -> None:
        """Let processes end that have had nothing to do since the last build."""
        if "background" in self.__dict__:
            self.background.tidy()

    def end_background(self) -> None:
        """End all processes that render pages of a live preview."""
        if "background" in self.__dict__:
            self.background.close()

    def update_sources(self, rows: Iterable[SourceRow], records: Mapping[str, Record], removed: Iterable[str]) -> None:
        """Update the sources after a build: new rows, new records by path, paths that were removed."""
        self.sources.update((row.path, row) for row in rows)
        self.records.update(records)
        for path in removed:
            self.sources.pop(path, None)
            self.records.pop(path, None)

    def remember(self, inputs: Inputs, index: IndexResult, context: RenderContext, plan: OutputPlan) -> None:
        """Keep what a finished build worked with."""
        self.inputs, self.snapshot, self.context, self.plan = inputs, index.snapshot, context, plan
        if index.is_new:
            self.built = index.unstored.built if index.unstored is not None else None

    def load(self) -> None:
        """Read all of it from the state at once."""
        from generator.engine.stored_index import StoredCards

        _ = self.sources, self.records, self.keys.by_kind(), self.outputs.find_readers()
        if self.snapshot is not None and isinstance(self.snapshot.index.cards, StoredCards):
            self.snapshot.index.cards.load()

    def record_of(self, path: str) -> Record | None:
        """Return the record of one source; does not read all others unless they are kept anyway."""
        from generator.engine.records import Record

        record: Record | None = self.records.get(path) if self.kept else self.store.record_of(path, Record)
        return record

    @cached_property
    def sources(self) -> dict[str, SourceRow]:
        """The row of each source: path → row."""
        return self.store.sources()

    @cached_property
    def records(self) -> dict[str, Record]:
        """The record of each source: path → record."""
        from generator.engine.records import Record

        return dict(self.store.records(Record))

    @cached_property
    def keys(self) -> StoredKeys:
        """The keys that pages read, each with its number and the digest of its value."""
        from generator.engine.stored_keys import StoredKeys

        return StoredKeys(self.store)

    @cached_property
    def snapshot(self) -> IndexSnapshot | None:
        """The index; None if there is none."""
        from generator.engine.index_snapshot import fetch_index

        return fetch_index(self.store)
