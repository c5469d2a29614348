"""What outlives a build: converted bodies, cleaned pictures, the list of files written, and the output itself."""

from generator.store.output import OutputFolder
from generator.store.state import Store

__all__ = ["OutputFolder", "Store"]
