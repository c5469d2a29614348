"""Shortcuts through Python-Markdown: the same HTML in less than half the time.

Python-Markdown spends a third of its time on patterns that cannot match, because their first character is not in the
text. A search for that character takes a fiftieth of the time of the pattern. In the same way, only the processors that
could use a block get it (`shortcuts_blocks`), and whole steps are skipped (`shortcuts_source`).
tests/markup/test_shortcuts.py checks that the HTML is the same. If a version of Python-Markdown has other names, the
shortcut is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor
from markdown.util import INLINE_PLACEHOLDER_PREFIX, AtomicString

from generator.markup.shortcuts_blocks import FastBlocks, names_of
from generator.markup.shortcuts_links import take_link_shortcuts
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
"""Name of an inline pattern → what a text must contain for it to match; all other patterns are always tried.

`*_` means one of the two characters: the patterns for emphasis depend on the version.
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
"""Name of a block processor → what a block must contain for its pattern `RE` to match."""


_SOURCE_STEPS = (("fenced_code_block", 25, "fences"), ("nested_fences", 24, "fences"), ("html_block", 20, "html"))


def take_shortcuts(converter: Markdown, *, alone: bool = True) -> None:
    """Make a converter search for a pattern's first character before it tries the pattern.

    `alone` is False if other people's extensions are added afterwards. Patterns that they replace get no shortcut. They
    may add signs that the source lacks, and change what a block means, so steps and blocks get no shortcuts then.
    """
    for name, needed in BLOCK_NEEDS.items():
        processor: Any = converter.parser.blockprocessors[name]
        if isinstance(getattr(processor, "RE", None), re.Pattern):
            processor.RE = Guarded(processor.RE, needed)
    if hasattr(InlineProcessor, "_InlineProcessor__applyPattern"):
        converter.treeprocessors.register(FastInline(converter), "inline", 20)
    take_link_shortcuts(converter)
    if alone:
        _leave_steps_out(converter)
        if names_of(converter.parser):
            converter.parser.parseBlocks = FastBlocks(converter.parser)  # type: ignore[method-assign]
        if converter.output_format == "xhtml":
            converter.serializer = make_writer()
        # called thirty times for each post, with a dozen names
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
    """A pattern that is only tried on texts that contain what it needs."""

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


class _Planned(NamedTuple):
    """A pattern, its number, and what it needs: one of two strings, each with a sign that one of its characters is.

    The strings are equal if there is only one; a sign is "" if the pattern is always tried.
    """

    number: int
    needed: str
    other: str
    pattern: Any
    signs: frozenset[str]


class FastInline(InlineProcessor):
    """Python-Markdown's inline processor, without the patterns that cannot match."""

    def __init__(self, converter: Markdown) -> None:
        super().__init__(converter)
        patterns = self.inlinePatterns
        self._needs = {id(patterns[name]): needed for name, needed in INLINE_NEEDS.items() if name in patterns}
        self._all: tuple[_Planned, ...] = ()
        self._plans: dict[frozenset[str], tuple[_Planned, ...]] = {}
        self._find_signs = re.compile("").findall

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Process a tree. The plan is made once: no pattern is added after the first text."""
        if not self._all:
            self._all = tuple(self._patterns())
            signs = "".join(sorted({sign for each in self._all for sign in each.signs}))
            self._find_signs = re.compile(f"[{re.escape(signs)}]").findall
        return super().run(tree, ancestors)

    def _patterns(self) -> Iterator[_Planned]:
        for number, pattern in enumerate(self.inlinePatterns):
            needed = self._needs.get(id(pattern), "")
            both = ("*", "_") if needed == "*_" else (needed, needed)
            # spaces are too common, so a break is found by its line end
            yield _Planned(number, *both, pattern, frozenset(each.strip(" ")[:1] for each in both))

    def _plan_of(self, signs: frozenset[str]) -> tuple[_Planned, ...]:
        """List the patterns that texts with these signs may match. There are a few dozen such lists."""
        if signs not in self._plans:
            self._plans[signs] = tuple(
                each for each in self._all if "" in each.signs or not signs.isdisjoint(each.signs)
            )
        return self._plans[signs]

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        """Replace Python-Markdown's method of this name, which its other methods call."""
        if isinstance(data, AtomicString):
            return data
        apply: Any = self._InlineProcessor__applyPattern  # type: ignore[attr-defined]
        for number, needed, other, pattern, _ in self._plan_of(frozenset(self._find_signs(data))):
            start = 0
            while number >= patternIndex and (data.find(needed, start) >= 0 or data.find(other, start) >= 0):
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
        """Replace Python-Markdown's method of this name, with a short path for texts without placeholders."""
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
