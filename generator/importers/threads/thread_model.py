"""The comments of a page elsewhere, by its address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from generator.errors import Problem
from generator.importers.exports.store import KeptComment


@dataclass(frozen=True, slots=True)
class PageThread:
    """The address of a page, its title, and its comments."""

    address: str
    title: str
    comments: tuple[KeptComment, ...]
    identifier: str = ""


class ThreadReader(Protocol):
    """Reads threads of one kind of source."""

    name: str
    problems: list[Problem]

    def threads(self, *, pending: bool) -> Iterable[PageThread]:
        """Yield the threads. Raises: OSError."""
        ...
