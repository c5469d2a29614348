"""What outlives a build: converted bodies, cleaned pictures, the list of files written, and the output itself."""

from generator.store.output import OutputFolder, file_digest
from generator.store.rows import SourceRow, TargetRow, pack, unpack
from generator.store.state import Store

__all__ = ["OutputFolder", "SourceRow", "Store", "TargetRow", "file_digest", "pack", "unpack"]
