"""Find many words in one text, which is searched once for all of them: thousands of broken links cost no more each.

A text is cut into pieces that a search can begin with, and each piece is looked up. The first few words are searched
for one by one: most texts have no more. What a search for the words alone would find is found:
`tests/engine/test_text_index.py` compares the three.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import islice

Place = tuple[int, int]
"""A line and a column, both from 1; (0, 0) if they are not known."""

_OPENING = r"(?:\]\(\s*<?|\]:\s*<?|=\s*[\"']?)"
_LINK = _OPENING + r"({})(?=[\s>)\"']|$)"
_WORDS = r"(?<![\w./-])({})(?![\w/-])"
_TARGET = re.compile(_OPENING + r"([^\s>)\"']*)")
_RUN = re.compile(r"[\w./-]+")
_FEW = 8  # searches, which together take as long as an index
_LONGEST = 1_000
_MOST = 16  # dots of a run, and beginnings of links within a target, that are looked at

Pieces = Mapping[str, list[int]]


class TextIndex:
    """The links and words of one text, each with its places."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._searches = 0

    def find_links(self, target: str) -> Iterator[int]:
        """Find where a target is linked or shown, in any notation."""
        first = re.match(r"[^\s>)\"']*", target)
        piece = first[0] if first else ""
        if not piece or piece[0] == "<":
            return _search_pattern(_LINK, self.text, target)
        begins = self._search(target, self._ends_opening) if self._few() else self._targets.get(piece, ())
        return (at for at in begins if self._is_here(target, at, r"[\s>)\"']|\Z|\n\Z"))

    def find_words(self, words: str) -> Iterator[int]:
        """Find words that are not part of longer ones."""
        run = _RUN.match(words)
        piece = run[0] if run else ""
        if not piece or len(piece) > _LONGEST or piece.count(".") >= _MOST:
            return _search_pattern(_WORDS, self.text, words)
        begins = self._search(words, self._begins_run) if self._few() else self._runs.get(piece, ())
        return (at for at in begins if self._is_here(words, at, r"[^\w/-]|\Z"))

    def place(self, at: int) -> Place:
        """Return the line and column of a place; (0, 0) for a negative one."""
        if at < 0:
            return (0, 0)
        line = bisect_right(self._lines, at)
        return (line, at - self._lines[line - 1] + 1)

    def _few(self) -> bool:
        """Count a search; return True for the first few."""
        self._searches += 1
        return self._searches <= _FEW

    def _search(self, words: str, may_begin: Callable[[int], bool]) -> Iterator[int]:
        """Find all words that are at a place where they may begin, without an index."""
        at = self.text.find(words)
        while at >= 0:
            if may_begin(at):
                yield at
            at = self.text.find(words, at + 1)

    def _begins_run(self, at: int) -> bool:
        return at == 0 or _RUN.match(self.text, at - 1) is None

    def _ends_opening(self, at: int) -> bool:
        """Return True if what precedes a place is the beginning of a link, as `_OPENING` has it."""
        text = self.text
        mark = text[at - 1 : at] if text[at - 1 : at] in ("<", '"', "'") else ""
        end = at - len(mark)
        while end and text[end - 1].isspace():
            end -= 1
        if text.endswith(("](", "]:"), 0, end):
            return mark in ("", "<")
        return mark != "<" and text.endswith("=", 0, end)

    def _is_here(self, words: str, at: int, after: str) -> bool:
        return self.text.startswith(words, at) and re.compile(after).match(self.text, at + len(words)) is not None

    @cached_property
    def _targets(self) -> Pieces:
        """What follows the beginning of a link, up to the first character that can end it."""
        found = defaultdict(list)
        for match in _TARGET.finditer(self.text):
            target, at = match[1], match.start(1)
            found[target].append(at)
            if "=" in target or "]" in target:
                for inner in islice(re.finditer(_OPENING, target), _MOST):
                    found[target[inner.end() :]].append(at + inner.end())
        return found

    @cached_property
    def _runs(self) -> Pieces:
        """Runs of letters, dots, slashes and hyphens: whole, and up to each of their dots."""
        found = defaultdict(list)
        for match in _RUN.finditer(self.text):
            run, at = match[0][: _LONGEST + 1], match.start()
            found[run].append(at)
            dot = run.find(".")
            for _ in range(_MOST):
                if dot < 0:
                    break
                found[run[:dot]].append(at)
                dot = run.find(".", dot + 1)
        return found

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


def _search_pattern(pattern: str, text: str, words: str) -> Iterator[int]:
    return (found.start(1) for found in re.finditer(pattern.format(re.escape(words)), text))
