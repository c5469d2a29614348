"""Headings, code, tables and words struck out as people type them, for Python-Markdown."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element

from markdown.blockparser import BlockParser
from markdown.blockprocessors import HashHeaderProcessor, SetextHeaderProcessor
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import SimpleTagInlineProcessor

_ITEM = re.compile("[ ]{0,3}[*+-][ \xa0]+\\S")
_RULE = re.compile(r"\n[ ]{0,3}(?=[^\n]*\|)[|:-][|: -]*$", re.MULTILINE)
_MOST = 20
"""How many lines that could be a table's second are tried: for each one, the block is read to its end."""

_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")


class CodeFence(FencedBlockPreprocessor):
    """Fenced code of which the first line may say anything after the language, as on GitHub: `js title="x"`."""

    FENCED_BLOCK_RE = re.compile(
        r"(?P<fence>^(?:~{3,}|`{3,}))[ ]*"
        r"(?:\{(?P<attrs>[^\n]*)\}|\.?(?P<lang>[\w#.+-]*)"
        r"(?:[ ]*hl_lines=(?P<quot>[\"'])(?P<hl_lines>.*?)(?P=quot)[ ]*|[^`\n]*))"
        r"\n(?P<code>.*?)(?<=\n)(?P=fence)[ ]*$",
        re.MULTILINE | re.DOTALL,
    )


class HeadingBlock(HashHeaderProcessor):
    """A heading in which number signs at the end are marks only after a space: `## Learning C#` keeps its sign."""

    _SIGN = re.compile(r"(?<=[^\s#])(#*)#(?=[ ]+\{[^{}\n]*\}[ ]*$)", re.MULTILINE)
    """A sign before attributes, from where Python-Markdown would remove it."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make the heading."""
        super().run(parent, blocks)
        if parent[-1].text and "#" in parent[-1].text:
            parent[-1].text = self._SIGN.sub(r"\1&#35;", parent[-1].text)

    RE = re.compile(
        r"(?:^|\n)(?P<level>#{1,6})(?P<header>(?:[^ \n]|[ ]++(?!#++[ ]*+(?:\n|\Z)))*+)(?:[ ]++#++[ ]*+)?(?:\n|\Z)"
    )


class UnderlinedHeading(SetextHeaderProcessor):
    """A heading underlined with hyphens, which an item above a line or an empty item is not."""

    def test(self, parent: Element, block: str) -> bool:
        """Return True if the block begins with a heading."""
        return not _ITEM.match(block) and super().test(parent, block)


class TableBlock(TableProcessor):
    r"""A table, also right below a line of text. In it, `\|` is a bar inside code too, as on GitHub."""

    def __init__(self, parser: BlockParser, config: dict[str, Any]) -> None:
        super().__init__(parser, config)

    def test(self, parent: Element, block: str) -> bool:
        """Return True if a table begins on a line of the block."""
        return super().test(parent, block) or bool(self._table_below_text(parent, block))

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make the table, after the text above it."""
        start = 0 if super().test(parent, blocks[0]) else self._table_below_text(parent, blocks[0])
        if start:
            self.parser.parseBlocks(parent, [blocks[0][: start - 1]])
            blocks[0] = blocks[0][start:]
        else:
            super().run(parent, blocks)

    def _table_below_text(self, parent: Element, block: str) -> int:
        """Return the place of the head of a table below the first line of a block, 0 if there is none."""
        for rule in islice(_RULE.finditer(block), _MOST):
            head = block.rfind("\n", 0, rule.start()) + 1
            if head and super().test(parent, block[head:]):
                return head
        return 0

    def _split(self, row: str) -> list[str]:
        cells: list[str] = super()._split(row)  # type: ignore[misc] # private, so it is not in the stubs
        if "\\|" not in row or "`" not in row:
            return cells
        return [_CODE.sub(lambda match: match[0].replace("\\|", "|"), cell) for cell in cells]


def struck_out() -> SimpleTagInlineProcessor:
    """Make the pattern of `~~words~~`. It reads only to the next two tildes, so its time is linear."""
    return SimpleTagInlineProcessor(r"(?<!~)(~~)(?=[^\s~])((?:[^~]|~(?!~))+)(?<=\S)~~(?!~)", "del")
