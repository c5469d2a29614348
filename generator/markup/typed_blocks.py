"""Headings, tables and words struck out as people type them, for Python-Markdown."""

from __future__ import annotations

import re
from typing import Any

from markdown.blockparser import BlockParser
from markdown.blockprocessors import HashHeaderProcessor
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import SimpleTagInlineProcessor

_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")


class HeadingBlock(HashHeaderProcessor):
    """A heading that ends in number signs only where a space is before them: `## Learning C#` keeps its sign."""

    RE = re.compile(
        r"(?:^|\n)(?P<level>#{1,6})(?P<header>(?:[^ \n]|[ ]++(?!#++[ ]*+(?:\n|\Z)))*+)(?:[ ]++#++[ ]*+)?(?:\n|\Z)"
    )


class TableBlock(TableProcessor):
    r"""A table in whose code `\|` is a bar, as GitHub reads it."""

    def __init__(self, parser: BlockParser, config: dict[str, Any]) -> None:
        super().__init__(parser, config)

    def _split(self, row: str) -> list[str]:
        cells: list[str] = super()._split(row)  # type: ignore[misc] # the stubs leave out what is private
        if "\\|" not in row or "`" not in row:
            return cells
        return [_CODE.sub(lambda match: match[0].replace("\\|", "|"), cell) for cell in cells]


def struck_out() -> SimpleTagInlineProcessor:
    """Make the pattern of `~~words~~`. It looks no further than the next two tildes, so its time is linear."""
    return SimpleTagInlineProcessor(r"(?<!~)(~~)(?=[^\s~])((?:[^~]|~(?!~))+)(?<=\S)~~(?!~)", "del")
