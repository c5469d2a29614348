"""The callback through which long work reports its progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, int, int], None]
"""Takes the name of a stage, the number of steps done and the total; a stage begins with none done."""
