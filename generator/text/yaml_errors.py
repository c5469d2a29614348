"""Explain in plain English what is wrong with a piece of YAML, and how to write it."""

from __future__ import annotations

import re
from typing import Any

from generator.errors import ContentError
from generator.patterns import lazy_pattern
from generator.text.quoting import quote, strip_curly
from generator.text.tree import refuse_mapping

_KEY_VALUE = lazy_pattern(r"\s*(?:-\s+)?(?P<key>[\w-]+)\s*:\s+(?P<value>.*\S)")
_IN_LIST = lazy_pattern(r"\s*(?P<key>[\w-]+)\s*:\s*\[(?P<items>[^\[\]{}\"']*[ \t]#[^\[\]{}\"']*)\]\s*")
_NO_SPACE = lazy_pattern(r"\s*[\w-]+:\S")
_MAX_QUOTED = 60


def explain_yaml_error(path: str, text: str, first_line: int, problem: Any) -> ContentError:
    """Turn PyYAML's error into a problem with its place in the file and the most likely fix."""
    mark = getattr(problem, "problem_mark", None)
    if mark is None:
        return _unreadable_character(path, text, first_line, problem)
    context = getattr(problem, "context_mark", None)
    if "unexpected end of stream" in (problem.problem or "") and context is not None:
        what = "The closing quotation mark is missing." if "quoted" in problem.context else "This is never closed."
        hint = 'Close it on the same line; write \\" for a quotation mark inside double quotes.'
        return refuse_mapping(path, what, hint, context.line + first_line, context.column + 1)
    lines = text.split("\n")
    if context is not None and (comment := _comment_in_list(problem.context, lines, context.line)):
        what = "In YAML, a space and # begin a comment, so the end of this list is lost."
        hint = f"Put the text in quotes. {comment}"
        return refuse_mapping(path, what, hint, context.line + first_line, context.column + 1)
    at = min(mark.line, len(lines) - 1)
    what, hint = _words(problem.problem or "", lines, at, mark.column)
    return refuse_mapping(path, what, hint, at + first_line, mark.column + 1)


def _comment_in_list(where: str | None, lines: list[str], at: int) -> str:
    """Write a list that YAML cuts off at a number sign with quotes round that item; "" if it is another mistake."""
    match = _IN_LIST.fullmatch(lines[at]) if "flow" in (where or "") and at < len(lines) else None
    if match is None:
        return ""
    items = ", ".join(quote(item.strip()) if "#" in item else item.strip() for item in match["items"].split(","))
    return f"Write: {match['key']}: [{items}]"


def _words(said: str, lines: list[str], at: int, column: int) -> tuple[str, str]:
    line = lines[at]
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        return "A line cannot begin with a tab.", "Replace the tab with spaces."
    if "mapping values are not allowed" in said:
        return _colon(lines, at, column)
    match = _KEY_VALUE.match(line)
    if match and (match["value"][0] in "@`%*&!|>[{\"',?-" or "escape" in said):
        what = f'The value of "{match["key"]}" needs quotation marks.'
        return what, _quote(match)
    if match is None and at and "expected" in said and line.strip():
        return "This line cannot be read.", "Check its indentation and the line above it."
    return "The front matter cannot be read here.", "Check the quotation marks and the indentation."


def _colon(lines: list[str], at: int, column: int) -> tuple[str, str]:
    """Explain "mapping values are not allowed in this context": a colon inside a value, or a bad line above."""
    match = _KEY_VALUE.match(lines[at])
    if match and column >= match.start("value"):
        what = f'The value of "{match["key"]}" has a colon and a space in it, so it needs quotation marks.'
        return what, _quote(match)
    above = lines[at - 1] if at else ""
    if _NO_SPACE.match(above):
        corrected = re.sub(r"^([\w-]+):", r"\1: ", above.strip()[:_MAX_QUOTED])
        return "The line above needs a space after its colon.", f"Write: {corrected}"
    return "This line is not indented like the others.", "Begin all keys of one level in the same column."


def _quote(match: re.Match[str]) -> str:
    value = match["value"]
    if len(value) > _MAX_QUOTED:
        return "Put the value in quotes."
    if value[0] == value[-1] == "'" and "'" in value[1:-1] and len(value) > 2:
        return f"Write: {match['key']}: {quote(value[1:-1])}"  # an apostrophe between the marks
    if value.startswith('"') and value.count('"') == 2 and not value.endswith('"'):
        doubled = value.replace("'", "''")
        return f"Write: {match['key']}: '{doubled}'"
    return f"Write: {match['key']}: {quote(strip_curly(value))}"


def _unreadable_character(path: str, text: str, first_line: int, problem: Any) -> ContentError:
    position = getattr(problem, "position", 0) or 0
    before = text.encode("utf-8", "replace")[:position]
    line = before.count(b"\n") + first_line
    what = "There is a character here that cannot be used."
    return refuse_mapping(path, what, "Delete it, or type the line again.", line, len(before) - before.rfind(b"\n"))
