"""Lists as people type them, for Python-Markdown: right below a line of text, with Word's bullets, numbered `1)`.

This happens when Python-Markdown splits a block, so code does not change.
"""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor, ListIndentProcessor
from markdown.extensions.sane_lists import SaneOListProcessor, SaneUListProcessor

from generator.markup.bullets import BULLET, WORD_BULLET

_SPACE = "[ \xa0]"
_BULLET = rf"(?:[*+-](?:{_SPACE}+|$)|(?:{BULLET}){_SPACE}*|(?:{WORD_BULLET})[ ]{{3}}(?=\S))"
_NUMBER = rf"\d+[.)]{_SPACE}+"
_ITEM = f"(?:{_NUMBER}|{_BULLET})"
_NESTED = re.compile(f"^[ ]{{4,7}}(?:{_ITEM}).*")
_FIRST = rf"(?:{_BULLET}|1[.)]{_SPACE}+)(?=\S)"
"""The start of a list right below a line of text. Of numbers only 1, because lines of prose may begin with others."""


class NumberedList(SaneOListProcessor):
    """A numbered list, `1.` or `1)`."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.RE = re.compile(f"^[ ]{{0,3}}{_NUMBER}(.*)")
        self.CHILD_RE = re.compile(f"^[ ]{{0,3}}((?={_NUMBER})(\\d+[.)])){_SPACE}+(.*)")
        self.INDENT_RE = _NESTED
        self._other = re.compile(f"\n(?={_BULLET}(?=\\S))")

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make the list; one of the other kind below it, not set in, is another list."""
        _part(blocks, self._other)
        super().run(parent, blocks)


class BulletList(SaneUListProcessor):
    """A list with bullets: Markdown's, or those of Word and phones."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.RE = re.compile(f"^[ ]{{0,3}}{_BULLET}(.*)")
        self.CHILD_RE = re.compile(f"^[ ]{{0,3}}(({_BULLET}))(.*)")
        self.INDENT_RE = _NESTED
        self._other = re.compile(f"\n(?=1[.)]{_SPACE}+(?=\\S))")

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make the list; one of the other kind below it, not set in, is another list."""
        _part(blocks, self._other)
        super().run(parent, blocks)


class IndentedPart(ListIndentProcessor):
    """An indented part of a list, which ends above an item with less indent: without it, the item would join it."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Process the part."""
        indent = (len(blocks[0]) - len(blocks[0].lstrip(" "))) // 4 * 4
        _part(blocks, _out_of(indent))
        super().run(parent, blocks)


@lru_cache(maxsize=64)
def _out_of(indent: int) -> re.Pattern[str]:
    """Make the pattern of the line end above an item with less indent."""
    return re.compile(f"\n(?=[ ]{{0,{indent - 1}}}{_ITEM})")


class ListBelowText(BlockProcessor):
    """Separate a paragraph from the list that begins on one of its lines."""

    RE = re.compile(f"\n(?=[ ]{{0,3}}{_FIRST})")

    def test(self, parent: Element, block: str) -> bool:
        """Return True if a list begins below the block's first line."""
        return self.RE.search(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> bool:
        """Split the block; later processors get the part above the list."""
        _part(blocks, self.RE)
        return False


def _part(blocks: list[str], border: re.Pattern[str]) -> None:
    """Split the first block where the pattern matches a line end."""
    match = border.search(blocks[0])
    if match:
        blocks[:1] = [blocks[0][: match.start()], blocks[0][match.end() :]]
