"""Code between fences within lists, quotations, footnotes and notes: Python-Markdown knows it at the margin only."""

from __future__ import annotations

import re

from markdown import Markdown
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.preprocessors import Preprocessor
from msgspec import Struct

_LINE = re.compile(r"((?:[ ]{0,3}>[ ]?)*)([ ]*)(.*)")
_ITEM = re.compile(r"(?:[-*+•]|\d{1,9}[.)])[ ]+|\[\^[^\]\n]+\]:[ ]*|:[ ]{1,3}|!!! ?(?=[\w-])")
_FENCE = re.compile(r"(`{3,}|~{3,})([^`\n]*)$")
_TAB = 4
_MOST_OPEN = 50
"""How many fences that nothing closes are looked at: from each one looks to the end."""


class _Box(Struct):
    """A list's item, a footnote, a definition or a note: where it begins, whether it is past its first paragraph."""

    indent: int
    loose: bool = False


class NestedFences(Preprocessor):
    """Put code between fences that are set in away, as Python-Markdown does with code at the margin."""

    def __init__(self, converter: Markdown, fences: FencedBlockPreprocessor) -> None:
        super().__init__(converter)
        self._fences = fences

    def run(self, lines: list[str]) -> list[str]:
        """Put the code away; a fence that nothing closes stays as it is."""
        self._open = 0
        done: list[str] = []
        boxes: list[_Box] = []
        quote, was_blank, at = "", False, 0
        while at < len(lines):
            marks, space, rest = _LINE.fullmatch(lines[at]).groups()  # type: ignore[union-attr]
            if not rest:
                was_blank, at = True, at + 1
                done.append(lines[at - 1])
                continue
            if marks.count(">") != quote.count(">"):
                boxes.clear()
            quote, indent = marks, len(space)
            _close(boxes, indent, was_blank=was_blank or bool(_ITEM.match(rest)))
            lead = _open(boxes, indent, rest)
            code = self._code(lines, at, boxes, indent + len(lead)) if rest[len(lead) : len(lead) + 3] in _SIGNS else ""
            if code:
                at = self._end
                apart = not lead and (not boxes or boxes[-1].loose)
                blank = [quote.rstrip()]
                done += blank if apart and done and done[-1].strip("> ") else []
                done.append(code)
                done += blank if apart and at < len(lines) and lines[at].strip("> ") else []
            else:
                done.append(lines[at])
                at += 1
            was_blank = False
        return done

    _end = _open = 0

    def _code(self, lines: list[str], at: int, boxes: list[_Box], indent: int) -> str:
        """Return the line that stands for the code whose fence is on a line; "" where it is no such fence."""
        marks, space, rest = _LINE.fullmatch(lines[at]).groups()  # type: ignore[union-attr]
        lead = rest[: indent - len(space)]
        fence = _FENCE.match(rest, len(lead))
        margin = (boxes[-1].indent // _TAB + 1) * _TAB if boxes else 0
        if not fence or indent - margin >= _TAB or not (marks or indent) or self._open > _MOST_OPEN:
            return ""
        end = _end_of(lines, at, marks.count(">"), fence[1], boxes[-1].indent if boxes and not lead else -1)
        if end is None:
            self._open += 1
            return ""
        inner = [_inner(line, marks.count(">"), indent) for line in lines[at + 1 : end]]
        sign = fence[1]
        placed = [line for line in self._fences.run([f"{sign}{fence[2]}", *inner, sign]) if line]
        if len(placed) != 1:
            return ""
        self._end = end + 1
        return f"{marks}{space}{lead}{placed[0]}" if lead else f"{marks}{' ' * margin}{placed[0]}"


_SIGNS = ("```", "~~~")


def _close(boxes: list[_Box], indent: int, *, was_blank: bool) -> None:
    """Close the boxes that end above a line; one that follows at once may go on with a line that is not set in."""
    if was_blank:
        while boxes and boxes[-1].indent >= indent:
            boxes.pop()
        if boxes:
            boxes[-1].loose = True


def _open(boxes: list[_Box], indent: int, rest: str) -> str:
    """Open the box that begins on a line, and give the signs that begin it."""
    match = _ITEM.match(rest)
    if not match or (indent >= _TAB and not boxes):
        return ""
    boxes.append(_Box(indent))
    return match[0]


def _end_of(lines: list[str], at: int, depth: int, sign: str, margin: int) -> int | None:
    """Find the line of the fence that closes; None where the quotation or the box ends before."""
    for n in range(at + 1, len(lines)):
        line = _unquoted(lines[n], depth)
        if line is None:
            return None
        rest = line.strip(" ")
        if rest and len(line) - len(line.lstrip(" ")) <= margin:
            return None
        if len(rest) >= len(sign) and not rest.strip(sign[0]):
            return n
    return None


def _unquoted(line: str, depth: int) -> str | None:
    """Take the marks of a quotation from a line; None where it has fewer."""
    for _ in range(depth):
        before, mark, line = line.partition(">")
        if not mark or before.strip(" "):
            return None
        line = line.removeprefix(" ")
    return line


def _inner(line: str, depth: int, indent: int) -> str:
    """Take a line of code out of its quotation and its box."""
    line = _unquoted(line, depth) or ""
    return line[indent:] if not line[:indent].strip(" ") else line.lstrip(" ")
