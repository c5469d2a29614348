"""Prove that incremental equals clean: build from nothing beside the real output, and compare byte for byte."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.folders import BuildFolders
from generator.engine.options import BuildOptions
from generator.errors import Problem, error
from generator.store.rows import TargetRow, unpack
from generator.store.state import Store


def verify(root: Path, options: BuildOptions, clock: Clock) -> tuple[Problem, ...]:
    """Compare the output with a clean build's; each file that differs is an error that names what it read.

    The output must be up to date: build first, at the same moment.
    """
    with tempfile.TemporaryDirectory(prefix="openletter-verify-") as name:
        clean = replace(options, output=Path(name) / "output", state=Path(name) / "state", search=False)
        Engine(root, clean, clock).build()
        left, right = BuildFolders.of(root, options), BuildFolders.of(root, clean)
        with Store(left.state) as mine, Store(right.state) as fresh:
            return tuple(_differences(_Side(mine, left.output), _Side(fresh, right.output)))


class _Side:
    """One of the two builds: its files, their rows, the digests of the keys."""

    def __init__(self, store: Store, output: Path) -> None:
        self.rows = {row.path: row for row in store.targets() if row.digest}
        self.keys = store.keys()
        self.names = {number: key for key, (number, _) in self.keys.items()}
        self.output = output

    def bytes(self, path: str) -> bytes | None:
        file = self.output / path
        return file.read_bytes() if file.is_file() else None

    def reads(self, row: TargetRow) -> dict[str, str]:
        names = (self.names[number] for number in unpack(row.reads) if number in self.names)
        return {name: self.keys[name][1] for name in names}


def _differences(mine: _Side, fresh: _Side) -> Iterator[Problem]:
    for path in sorted(mine.rows.keys() | fresh.rows.keys()):
        if mine.bytes(path) != fresh.bytes(path):
            yield error(path, "stale-output", "It differs from a build from nothing.", _why(path, mine, fresh))


def _why(path: str, mine: _Side, fresh: _Side) -> str:
    """List the keys whose results differ, or report that no recorded read explains the difference."""
    if path not in mine.rows or path not in fresh.rows:
        return "Only one of the two builds has it."
    before, now = mine.reads(mine.rows[path]), fresh.reads(fresh.rows[path])
    other = [name for name in sorted(before.keys() | now.keys()) if before.get(name) != now.get(name)]
    if other:
        return f"These differ: {', '.join(other[:5])}."
    return (
        "The page shows something that it did not read through `site`. Look for a filter or function that is not pure."
    )
