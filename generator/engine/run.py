"""One build: how the stages hand on, and which of them there is any need for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from generator.content.find import Found, Role
from generator.engine import facts as ledger
from generator.engine.cache import Recall
from generator.engine.facts import Standing
from generator.engine.inputs import Inputs
from generator.engine.options import BuildOptions
from generator.engine.stages.scan import Changes, compare, compare_some
from generator.engine.timings import Timings
from generator.model import BuildReport

Progress = Callable[[str, int, int], None]
FEW = 32  # changed sources up to which it is worth asking whether only their texts have changed


class Run(Struct):
    """A build under way.

    `hinted` are the sources that may have changed, and nothing else has, the output neither; None where all is to be
    looked at. `first` are the outputs to render before the others.
    """

    root: Path
    options: BuildOptions
    inputs: Inputs
    recall: Recall
    note: Progress
    timings: Timings
    hinted: Sequence[Found] | None = None
    first: Sequence[str] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def build(self) -> BuildReport:
        """Do what has changed. What follows from nothing but a missing change costs no more than looking."""
        with self.timings.stage("scan"):
            store = self.recall.store
            standing = ledger.standing(store, self.inputs)
            self.settings = ledger.settings(store, self.inputs)
            changes = self._changes()
            damaged = self._damaged(standing)
        if standing.whole and not damaged and not (changes.changed or changes.removed):
            return self._nothing(changes)
        from generator.engine.work import Work

        return Work(self, changes, damaged, standing, few=self._few(changes)).build()

    def _changes(self) -> Changes:
        known = self.recall.sources
        suspects = frozenset(item.path for item in self.hinted or ())
        if self.hinted is not None and self.recall.inputs and self.recall.inputs.basis == self.inputs.basis:
            return compare_some(self.root, self.hinted, known, self.settings, suspects)
        return compare(self.root, self.inputs.found.found, known, self.settings, suspects)

    def _damaged(self, standing: Standing) -> frozenset[str]:
        """Name the outputs that are not what was written, and those that failed."""
        outputs = self.recall.outputs
        if self.recall.inputs is not None:  # this engine wrote them, and nobody else has been here
            return frozenset(path for path, row in outputs.rows.items() if not row.digest)
        outputs.load()
        if standing.interrupted or not outputs.rows:
            outputs.folder.sweep()
        return frozenset(
            path
            for path, row in outputs.rows.items()
            if not row.digest or not outputs.intact(row, by_stamp=not standing.interrupted)
        )

    def _few(self, changes: Changes) -> bool:
        """Say whether a few documents were edited and nothing came or went: then perhaps only texts have changed."""
        documents = all(item.role in (Role.POST, Role.PAGE, Role.ISSUE) for item in changes.changed)
        return documents and not changes.removed and not changes.added and len(changes.changed) <= FEW

    def _nothing(self, changes: Changes) -> BuildReport:
        """Report on a site that is as it was; stamps that are new are remembered."""
        store, outputs = self.recall.store, self.recall.outputs
        if changes.touched or outputs.touched:
            store.touch_sources(changes.touched)
            self.recall.sources.update((row.path, row) for row in changes.touched)
            store.put_targets(outputs.touched)
            store.commit()
        self.recall.inputs = self.inputs
        return ledger.report(store, self.inputs, self.timings, outputs.rows.values())
