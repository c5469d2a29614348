"""Shortcuts through Python-Markdown's block parser: a block is only shown to the processors that could want it."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor, ParagraphProcessor
from markdown.util import STX

NEEDS = {
    "markdown_block": STX,
    "admonition": "",
    "empty": "",
    "indent": "    ",
    "defindent": "    ",
    "code": "    ",
    "table": "|",
    "hashheader": "#",
    "setextheader": "\n",
    "hr": "",
    "olist": "",
    "ulist": "",
    "deflist": ": ",
    "quote": ">",
    "footnote": "]:",
    "abbr": "*[",
    "reference": "]:",
    "list_below": "\n",
    "paragraph": "",
}
"""Name of each block processor of our dialect → what a block must hold for it to do something, "" if nothing tells."""

_HEAD = re.compile(r"(?!o   )[*_\"“‘(\[`]{0,4}[^\W\d_]")
_OTHER_LINE = re.compile(rf"\n(?!{_HEAD.pattern})")


class FastBlocks:
    """Stands for `parseBlocks` of one parser, whose processors are those of `NEEDS` and no others."""

    def __init__(self, parser: BlockParser) -> None:
        processors: Any = parser.blockprocessors
        self._plan: list[tuple[str, BlockProcessor]] = [(NEEDS[name], processors[name]) for name in names_of(parser)]
        self._paragraph: ParagraphProcessor = processors["paragraph"]

    def __call__(self, parent: Element, blocks: list[str]) -> None:
        """Do what Python-Markdown's method does: take blocks away until none is left, adding elements to `parent`."""
        plan, paragraph = self._plan, self._paragraph.run
        while blocks:
            block = blocks[0]
            if is_paragraph(block):
                paragraph(parent, blocks)
                continue
            for needed, processor in plan:
                if needed in block and processor.test(parent, block) and processor.run(parent, blocks) is not False:
                    break


def is_paragraph(block: str) -> bool:
    """Return True if a block is plain words, which only the last processor wants; False where that is not certain.

    Every line begins with a letter, after signs of emphasis, quotation or a link at most: no heading, rule, list or
    quotation begins so, nothing is indented, no line is underlined or stands for a stashed block. Nor does it hold
    the explanation of a reference, a footnote or an abbreviation.
    """
    return (
        _HEAD.match(block) is not None
        and "]:" not in block
        and "*[" not in block
        and ("\n" not in block or not _OTHER_LINE.search(block))
    )


def names_of(parser: BlockParser) -> list[str]:
    """List a parser's processors in the order they are asked; empty where they are not those of `NEEDS`."""
    registry: Any = parser.blockprocessors
    names = {id(registry[name]): name for name in NEEDS if name in registry}
    found = [names.get(id(processor), "") for processor in registry]
    return found if "" not in found and found[-1:] == ["paragraph"] else []
