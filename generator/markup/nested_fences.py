"""Find fenced code in lists, quotations, footnotes and notes: Python-Markdown finds it only at the margin."""

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
"""How many unclosed fences are tried: for each one, the text is read to its end."""


class _Box(Struct):
    """A list item, a footnote, a definition or a note: its indent, and whether its first paragraph has ended."""

    indent: int
    loose: bool = False


class NestedFences(Preprocessor):
    """Stash fenced code that is indented, as Python-Markdown does with code at the margin."""

    def __init__(self, converter: Markdown, fences: FencedBlockPreprocessor) -> None:
        super().__init__(converter)
        self._fences = fences

    def run(self, lines: list[str]) -> list[str]:
        """Stash the code; an unclosed fence does not change."""
        self._open = 0
        return self._stash(lines)

    def _stash(self, lines: list[str]) -> list[str]:
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
            if rest[0] == ">" and boxes:
                before, start = marks + space, at
                at = _end_of_quotation(lines, at, f"{before}>")
                quotation = [line.removeprefix(before) for line in lines[start:at]]
                done += [before + line for line in self._stash(quotation)]
                was_blank = False
                continue
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
        """Return the line that replaces the code whose fence is on a line; "" if there is no such fence."""
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
    """Close the boxes that end above a line. Without a blank line, even a line without indent continues a box."""
    if was_blank:
        while boxes and boxes[-1].indent >= indent:
            boxes.pop()
        if boxes:
            boxes[-1].loose = True


def _open(boxes: list[_Box], indent: int, rest: str) -> str:
    """Open the box that begins on a line, and return the signs that begin it."""
    match = _ITEM.match(rest)
    if not match or (indent >= _TAB and not boxes):
        return ""
    boxes.append(_Box(indent))
    return match[0]


def _end_of(lines: list[str], at: int, depth: int, sign: str, margin: int) -> int | None:
    """Find the line of the closing fence; None if the quotation or the box ends before it."""
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


def _end_of_quotation(lines: list[str], at: int, start: str) -> int:
    """Find the line after a quotation in a box, each line of which begins with the same signs."""
    while at < len(lines) and lines[at].startswith(start):
        at += 1
    return at


def _unquoted(line: str, depth: int) -> str | None:
    """Remove the marks of a quotation from a line; None if it has fewer."""
    for _ in range(depth):
        before, mark, line = line.partition(">")
        if not mark or before.strip(" "):
            return None
        line = line.removeprefix(" ")
    return line


def _inner(line: str, depth: int, indent: int) -> str:
    """Remove the marks and the indent of its quotation and box from a line of code."""
    line = _unquoted(line, depth) or ""
    return line[indent:] if not line[:indent].strip(" ") else line.lstrip(" ")
