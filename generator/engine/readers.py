"""Which outputs read a key: a table that a running engine keeps, so that it need not go through the reads of all."""

from __future__ import annotations

from collections.abc import Iterable

from generator.store.rows import TargetRow, unpack


class Readers:
    """The paths of the outputs that have read each key since the table was made, by the key's number.

    A path stays when its output no longer reads the key, or is gone: whoever asks looks at the output's row.
    """

    def __init__(self, rows: Iterable[TargetRow]) -> None:
        self._paths: dict[int, list[str]] = {}
        for row in rows:
            self.add(row, None)

    def add(self, row: TargetRow, before: TargetRow | None) -> None:
        """Add the reads of an output; `before` is its last row, whose reads are in the table."""
        known = frozenset(unpack(before.reads)) if before is not None else frozenset()
        for number in unpack(row.reads):
            if number not in known:
                self._paths.setdefault(number, []).append(row.path)

    def of(self, numbers: Iterable[int]) -> dict[str, None]:
        """List the outputs that may have read one of several keys, each once."""
        return {path: None for number in numbers for path in self._paths.get(number, ())}
