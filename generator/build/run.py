"""One build: how the stages hand on, and which of them there is any need for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.build import ledger
from generator.build.inputs import Inputs
from generator.build.outputs import Outputs
from generator.build.scan import Changes, compare
from generator.build.timing import Timings
from generator.content.find import Role
from generator.model import BuildReport
from generator.store import OutputFolder, Store

Progress = Callable[[str, int, int], None]
FEW = 32  # changed sources up to which it is worth asking whether only their texts have changed


@dataclass(slots=True)
class Run:
    """A build under way."""

    root: Path
    inputs: Inputs
    store: Store
    folder: OutputFolder
    jobs: int | None
    note: Progress
    timings: Timings
    settings: Mapping[str, str] = field(default_factory=dict)

    def build(self) -> BuildReport:
        """Do what has changed. What follows from nothing but a missing change costs no more than looking."""
        with self.timings.stage("scan"):
            trusted = ledger.trusted(self.store, self.inputs)
            self.settings = ledger.settings(self.store, self.inputs)
            changes = compare(self.root, self.inputs.found.found, self.store.sources(), self.settings)
            outputs = Outputs(self.folder, self.store)
            outputs.load()
            interrupted = ledger.interrupted(self.store)
            if interrupted or not outputs.rows:
                self.folder.sweep()
            damaged = self._damaged(outputs, by_stamp=not interrupted)
        if trusted and not damaged and not (changes.changed or changes.removed):
            return self._nothing(changes, outputs)
        from generator.build.work import Work

        return Work(self, changes, outputs, damaged, trusted and self._few(changes) and not damaged).build()

    def _damaged(self, outputs: Outputs, *, by_stamp: bool) -> frozenset[str]:
        """Name the outputs that are not what was written, and those that failed."""
        return frozenset(
            path for path, row in outputs.rows.items() if not row.digest or not outputs.intact(row, by_stamp=by_stamp)
        )

    def _few(self, changes: Changes) -> bool:
        """Say whether a few documents were edited and nothing came or went: then perhaps only texts have changed."""
        documents = all(item.role in (Role.POST, Role.PAGE, Role.ISSUE) for item in changes.changed)
        return documents and not changes.removed and not changes.added and len(changes.changed) <= FEW

    def _nothing(self, changes: Changes, outputs: Outputs) -> BuildReport:
        """Report on a site that is as it was; stamps that are new are remembered."""
        if changes.touched or outputs.touched:
            self.store.touch_sources(changes.touched)
            self.store.put_targets(outputs.touched)
            self.store.commit()
        return ledger.report(self.store, self.inputs, self.timings, outputs.rows.values())
