"""Paragraphs that begin with a tab or four spaces, as typewriters and Word had it: in Markdown that means code.

They are read as paragraphs where the text has no other code, and every one of them reads like prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_SET_IN = re.compile(r"\n[ \t]*\n(?: {4}| {0,3}\t)")
_FIRST_SET_IN = re.compile(r"(?:[ \t]*\n)*(?: {4}| {0,3}\t)")
_INDENT = re.compile(r"(?: {4}| {0,3}\t)[ \t]*")
_CODE = ("`", "~~~", "<code", "<pre", "<script", "<style", "markdown=")
_BULLET = r"(?:[-*+•◦▪·–—o]|\d{1,9}[.)])[ \t\xa0]+|[•◦▪]"
_BOX = re.compile(rf"[ ]{{0,3}}(?:{_BULLET}|\[\^?[^\]\n]+\]:|\*\[|:[ \t]|!!!|>|<[/!a-zA-Z])")
"""What may hold lines that are set in: an item, a footnote, a definition, a note, HTML."""

_LINK = re.compile(r"!?\[[^\[\]]*\](?:\([^()\s]*\)|\[[^\[\]]*\])?|\b(?:https?://|www\.)\S+")
_SIGNS = re.compile(
    r"""[{}<>=|\\]|[\w\])]\(|;$|;\s*//|\w_\w|\$[\w({]|[\w)]\[|^\s*(?:[$#%>&/]|//|@\w|--)|\s--?\w|::|->|\w:\w|\.\w+/|&&"""
)
"""Signs of code: brackets and operators, calls, names with underscores, prompts, options."""

_LETTER = re.compile(r"[^\W_]")


class _Block(Struct):
    """Lines without a blank one between: the first one's number, from 0, and the number after the last."""

    start: int
    end: int


def read_set_in(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a text whose paragraphs are not set in, and the lines, from 1, on which they were."""
    if not (_SET_IN.search(text) or _FIRST_SET_IN.match(text)) or any(sign in text for sign in _CODE):
        return text, ()
    lines = text.split("\n")
    blocks = list(_set_in_blocks(lines))
    if not all(_is_prose(line) for block in blocks for line in lines[block.start : block.end]):
        return text, ()
    for block in blocks:
        width = _width(lines[block.start])
        for n in range(block.start, block.end):
            lines[n] = _moved_out(lines[n], width)
    return "\n".join(lines), tuple(block.start + 1 for block in blocks)


def _set_in_blocks(lines: list[str]) -> Iterator[_Block]:
    """List the blocks whose first line would make them code: those that stand in no list, note or HTML."""
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
    """Count the columns that a line is set in by; a tab goes on to the next fourth."""
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" "))


def _moved_out(line: str, columns: int) -> str:
    """Move a line out by some columns, as far as it is set in."""
    space = " " * max(_width(line) - columns, 0)
    return space + line.lstrip(" \t")
