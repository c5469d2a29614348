"""Shortcuts through Python-Markdown: the same HTML in less than half the time.

A third of its time goes into patterns that cannot match, because the character they begin with is not in the text.
Asking for that character first costs a fiftieth of asking the pattern. In the same way blocks are only shown to the
processors that could want them (`shortcuts_blocks`), and whole steps are left out (`shortcuts_source`).
tests/markup/test_shortcuts.py holds both ways to the same HTML. Where a version of Python-Markdown names things
differently, a shortcut is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor
from markdown.util import INLINE_PLACEHOLDER_PREFIX, AtomicString

from generator.markup.shortcuts_blocks import FastBlocks, names_of
from generator.markup.shortcuts_source import FastWhitespace, Signs, SourceStep, TreeStep
from generator.markup.shortcuts_writing import make_writer

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
    "strike": "~~",
    **dict.fromkeys(("not_strong", "em_strong", "em_strong2"), "*_"),
}
"""Name of an inline pattern → what a text must hold for it to match; any other pattern is always asked.

`*_` stands for one of the two: which patterns there are for emphasis depends on the version.
"""

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


_SOURCE_STEPS = (("fenced_code_block", 25, "fences"), ("nested_fences", 24, "fences"), ("html_block", 20, "html"))


def take_shortcuts(converter: Markdown, *, alone: bool = True) -> None:
    """Make a converter ask for a pattern's first character before the pattern.

    Extensions of others come after this, `alone` being False then: what they put in the place of a pattern has no
    shortcut, signs that the source lacks may be of their making, and so may what a block means.
    """
    for name, needed in BLOCK_NEEDS.items():
        processor: Any = converter.parser.blockprocessors[name]
        if isinstance(getattr(processor, "RE", None), re.Pattern):
            processor.RE = Guarded(processor.RE, needed)
    if hasattr(InlineProcessor, "_InlineProcessor__applyPattern"):
        converter.treeprocessors.register(FastInline(converter), "inline", 20)
    if alone:
        _leave_steps_out(converter)
        if names_of(converter.parser):
            converter.parser.parseBlocks = FastBlocks(converter.parser)  # type: ignore[method-assign]
        if converter.output_format == "xhtml":
            converter.serializer = make_writer()
        # asked thirty times a post, of a dozen names
        converter.is_block_level = lru_cache(maxsize=256)(converter.is_block_level)  # type: ignore[method-assign]


def _leave_steps_out(converter: Markdown) -> None:
    signs = Signs()
    converter.preprocessors.register(FastWhitespace(converter, signs), "normalize_whitespace", 30)
    for name, priority, sign in _SOURCE_STEPS:
        source_step = SourceStep(converter.preprocessors[name], signs, sign)
        converter.preprocessors.register(source_step, name, priority)
    for name, priority, sign in (("attr_list", 8, "braces"), ("unescape", 0, "backslashes")):
        tree_step = TreeStep(converter.treeprocessors[name], signs, sign)
        converter.treeprocessors.register(tree_step, name, priority)


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


class FastInline(InlineProcessor):
    """Python-Markdown's inline processor, but for the patterns it need not try."""

    _plan: tuple[tuple[str, str, Any], ...] = ()
    _has_sign: Callable[[str], object] = len

    def __init__(self, converter: Markdown) -> None:
        super().__init__(converter)
        patterns = self.inlinePatterns
        self._needs = {id(patterns[name]): needed for name, needed in INLINE_NEEDS.items() if name in patterns}

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Process a tree. The plan is made once: no pattern is added after the first text."""
        if not self._plan:
            self._plan = tuple(self._patterns())
            needed = {each for *both, _ in self._plan for each in both}
            if "" not in needed:  # all white space but a break's is too common to ask for
                signs = "".join(sorted(each.strip(" ")[0] for each in needed))
                self._has_sign = re.compile(f"[{re.escape(signs)}]").search
        return super().run(tree, ancestors)

    def _patterns(self) -> Iterator[tuple[str, str, Any]]:
        """List the patterns with what they need: one of two strings, equal where there is but one."""
        for pattern in self.inlinePatterns:
            needed = self._needs.get(id(pattern), "")
            yield (*needed, pattern) if needed == "*_" else (needed, needed, pattern)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        """Do what the method of this name in Python-Markdown does, which its others call."""
        if isinstance(data, AtomicString) or not self._has_sign(data):
            return data
        apply: Any = self._InlineProcessor__applyPattern  # type: ignore[attr-defined]
        plan = self._plan
        for number in range(patternIndex, len(plan)):
            needed, other, pattern = plan[number]
            start = 0
            while data.find(needed, start) >= 0 or data.find(other, start) >= 0:
                data, matched, start = apply(pattern, data, number, start)
                if not matched:
                    break
        return data

    def _InlineProcessor__processPlaceholders(  # noqa: N802
        self,
        data: str | None,
        parent: Element,
        isText: bool = True,  # noqa: N803
    ) -> list[tuple[Element, list[str]]]:
        """Do what the method of this name does, at once where a text has no placeholders."""
        if data and INLINE_PLACEHOLDER_PREFIX in data:
            found: list[tuple[Element, list[str]]] = super()._InlineProcessor__processPlaceholders(  # type: ignore[misc]
                data, parent, isText
            )
            return found
        if data and isText:
            parent.text = parent.text + data if parent.text else data
        elif data:
            parent.tail = parent.tail + data if parent.tail else data
        return []
