"""The commit: what is no longer planned goes, then the state learns of the new output in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.store import OutputFolder, Store


@dataclass(frozen=True, slots=True)
class Outputs:
    """The output folder beside the state that knows which of its files are ours. `state` is the state's folder."""

    folder: OutputFolder
    store: Store
    state: Path

    def begin(self, planned: Iterable[str]) -> None:
        """Note, before the first write, every file that may be written: a killed build leaves none unaccounted for."""
        paths = frozenset(planned)
        known = self.store.outputs()
        if not known:
            self._clear_strangers(paths)
        self.store.set_outputs({**dict.fromkeys(paths, ""), **known})
        self.store.commit()

    def _clear_strangers(self, planned: frozenset[str]) -> None:
        """Move what nothing is known of to the state's folder: it may be stale, but it may not be ours to delete."""
        for path in self.folder.strangers(planned):
            self.folder.set_aside(path, self.state / "set-aside")


def commit(outputs: Outputs, digests: Mapping[str, str], blob_ids: Iterable[str]) -> tuple[str, ...]:
    """Delete what earlier builds wrote and this one did not, then record this one. Returns the deleted paths."""
    stale = sorted(set(outputs.store.outputs()) - set(digests))
    for path in stale:
        outputs.folder.delete(path)
    outputs.store.keep_only(blob_ids)
    outputs.store.set_outputs(digests)
    outputs.store.commit()
    return tuple(stale)
