"""What is found wrong while the site is put together, each with the place of the words that are at fault."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from generator.errors import Problem, error, warning

Locate = Callable[[str, str], tuple[int, int]]
"""Finds words in a source: (path, words) → line and column from 1, (0, 0) where they are not."""


def nowhere(_path: str, _words: str) -> tuple[int, int]:
    """Find nothing: for when the sources are not at hand."""
    return 0, 0


class Findings(Struct):
    """A list of problems to which each stage of the index adds. `words` are those of the source that are at fault."""

    locate: Locate = nowhere
    problems: list[Problem] = field(default_factory=list)

    def error(self, path: str, words: str, code: str, message: str, hint: str) -> None:
        """Add an error: the source it names is left out."""
        line, column = self.locate(path, words)
        self.problems.append(error(path, code, message, hint, line=line, column=column))

    def warn(self, path: str, words: str, code: str, message: str, hint: str) -> None:
        """Add a warning."""
        line, column = self.locate(path, words)
        self.problems.append(warning(path, code, message, hint, line=line, column=column))
