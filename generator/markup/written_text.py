"""A text in its file, for problems that name a line and a column."""

from __future__ import annotations

from bisect import bisect
from functools import cached_property

from generator.errors import Level, Problem
from generator.markup.code_spans import split_code


class WrittenText:
    """A text, the file it is from, and the line of the file on which it begins."""

    def __init__(self, path: str, text: str, first_line: int) -> None:
        self.path, self.text, self.first_line = path, text, first_line

    def problem(self, place: int, code: str, what: str, hint: str, level: Level = Level.WARNING) -> Problem:
        """Make a problem at a place of the text."""
        line = self.first_line + self.text.count("\n", 0, place)
        return Problem(self.path, line, place - self.text.rfind("\n", 0, place), level, code, what, hint)

    def is_code(self, place: int) -> bool:
        """Return True if a place is in code."""
        return bisect(self._borders, place) % 2 == 1

    @cached_property
    def _borders(self) -> list[int]:
        """Start and end of each piece of code, in order."""
        if "`" not in self.text and "~~~" not in self.text:
            return []
        code = [piece for piece in split_code(self.text) if piece.code]
        return [border for piece in code for border in (piece.start, piece.start + len(piece.text))]
