"""The data that outlives a build: converted bodies, cleaned pictures, the list of written files, and the output."""

from generator.store.output import OutputFolder
from generator.store.rows import BrokenStateError, SourceRow, TargetRow, find_packed, pack, unpack
from generator.store.state import Store, discard_state

__all__ = [
    "BrokenStateError",
    "OutputFolder",
    "SourceRow",
    "Store",
    "TargetRow",
    "discard_state",
    "find_packed",
    "pack",
    "unpack",
]
