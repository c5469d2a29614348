"""Find paragraphs that begin with a tab or four spaces, as in Word: in Markdown, that means code.

They are read as paragraphs if the text has no other code, and all of them read like prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from generator.patterns import lazy_pattern

_INDENTED = re.compile(r"\n[ \t]*\n(?: {4}| {0,3}\t)")
_FIRST_INDENTED = re.compile(r"(?:[ \t]*\n)*(?: {4}| {0,3}\t)")
_INDENT = re.compile(r"(?: {4}| {0,3}\t)[ \t]*")
_CODE = ("`", "~~~", "<code", "<pre", "<script", "<style", "markdown=")
_BULLET = r"(?:[-*+•◦▪·–—o]|\d{1,9}[.)])[ \t\xa0]+|[•◦▪]"
_BOX = lazy_pattern(rf"[ ]{{0,3}}(?:{_BULLET}|\[\^?[^\]\n]+\]:|\*\[|:[ \t]|!!!|>|<[/!a-zA-Z])")
"""Blocks that may contain indented lines: an item, a footnote, a definition, a note, HTML."""

_LINK = lazy_pattern(r"!?\[[^\[\]]*\](?:\([^()\s]*\)|\[[^\[\]]*\])?|\b(?:https?://|www\.)\S+")
_SIGNS = lazy_pattern(
    r"""[{}<>=|\\]|[\w\])]\(|;$|;\s*//|\w_\w|\$[\w({]|[\w)]\[|^\s*(?:[$#%>&/]|//|@\w|--)|\s--?\w|::|->|\w:\w|\.\w+/|&&"""
)
"""Signs of code: brackets and operators, calls, names with underscores, prompts, options."""

_LETTER = re.compile(r"[^\W_]")


class _Block(Struct):
    """Lines without a blank line between them: the number of the first, from 0, and the number after the last."""

    start: int
    end: int


def read_indented(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the text without the indent of its paragraphs, and the lines, from 1, on which they begin."""
    if not ("    " in text or "\t" in text):
        return text, ()
    if not (_INDENTED.search(text) or _FIRST_INDENTED.match(text)) or any(sign in text for sign in _CODE):
        return text, ()
    lines = text.split("\n")
    blocks = list(_indented_blocks(lines))
    if not all(_is_prose(line) for block in blocks for line in lines[block.start : block.end]):
        return text, ()
    for block in blocks:
        width = _width(lines[block.start])
        for n in range(block.start, block.end):
            lines[n] = _moved_out(lines[n], width)
    return "\n".join(lines), tuple(block.start + 1 for block in blocks)


def _indented_blocks(lines: list[str]) -> Iterator[_Block]:
    """List the blocks whose indent would make them code: those outside lists, notes and HTML."""
    in_box = False
    start = 0
    while start < len(lines):
        if not lines[start].strip():
            start += 1
            continue
        end = start
        while end < len(lines) and lines[end].strip():
            end += 1
        if not _INDENT.match(lines[start]):
            in_box = any(map(_BOX.match, lines[start:end]))
        elif not in_box:
            yield _Block(start, end)
        start = end


def _is_prose(line: str) -> bool:
    line = _LINK.sub("x", line)
    return _LETTER.search(line) is not None and not _SIGNS.search(line.strip())


def _width(line: str) -> int:
    """Count the columns of a line's indent; a tab extends to the next multiple of four."""
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" "))


def _moved_out(line: str, columns: int) -> str:
    """Remove up to `columns` from a line's indent."""
    space = " " * max(_width(line) - columns, 0)
    return space + line.lstrip(" \t")
