"""Say in plain English what is wrong with a piece of YAML, and what its author meant to write."""

from __future__ import annotations

import re
from typing import Any

from generator.errors import ContentError
from generator.text.tree import refuse_mapping

_KEY_VALUE = re.compile(r"\s*(?:-\s+)?(?P<key>[\w-]+)\s*:\s+(?P<value>.*\S)")
_NO_SPACE = re.compile(r"\s*[\w-]+:\S")
_MAX_QUOTED = 60


def explain_yaml_error(path: str, text: str, first_line: int, problem: Any) -> ContentError:
    """Turn PyYAML's complaint into a problem with its place in the file and the remedy people most often need."""
    mark = getattr(problem, "problem_mark", None)
    if mark is None:
        return _unreadable_character(path, text, first_line, problem)
    context = getattr(problem, "context_mark", None)
    if "unexpected end of stream" in (problem.problem or "") and context is not None:
        what = "The quotation mark here is never closed." if "quoted" in problem.context else "This is never closed."
        hint = 'Close it on the same line; write \\" for a quotation mark inside double quotes.'
        return refuse_mapping(path, what, hint, context.line + first_line, context.column + 1)
    lines = text.split("\n")
    at = min(mark.line, len(lines) - 1)
    what, hint = _words(problem.problem or "", lines, at, mark.column)
    return refuse_mapping(path, what, hint, at + first_line, mark.column + 1)


def _words(said: str, lines: list[str], at: int, column: int) -> tuple[str, str]:
    line = lines[at]
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        return "A tab cannot indent a line of YAML.", "Use spaces instead of the tab."
    if "mapping values are not allowed" in said:
        return _colon(lines, at, column)
    match = _KEY_VALUE.match(line)
    if match and (match["value"][0] in "@`%*&!|>[{\"',?-" or "escape" in said):
        what = f"The value of {match['key']} cannot be read as it is: {_plain(said)}."
        return what, _quote(match)
    if match is None and at and "expected" in said and line.strip():
        return f"This line is not understood: {_plain(said)}.", "Check its indentation and the line above it."
    return f"The front matter cannot be read here: {_plain(said)}.", "Check the quotation marks and the indentation."


def _colon(lines: list[str], at: int, column: int) -> tuple[str, str]:
    """Explain "mapping values are not allowed in this context": a colon inside a value, or a bad line above."""
    match = _KEY_VALUE.match(lines[at])
    if match and column >= match.start("value"):
        what = f"The value of {match['key']} contains a colon followed by a space, which means a new key."
        noun = "title" if match["key"] == "title" else "value"
        return what, _quote(match).replace("Put the value", f"Put the {noun}")
    above = lines[at - 1] if at else ""
    if _NO_SPACE.match(above):
        return "The line above has a colon with no space after it.", 'Write "key: value", with a space.'
    return "A key is not expected here.", "Check the indentation: keys of one level begin in the same column."


def _quote(match: re.Match[str]) -> str:
    value = match["value"]
    if len(value) > _MAX_QUOTED:
        return "Put the value in quotes."
    mark = "'" if '"' in value and "'" not in value else '"'
    inner = value.replace("\\", "\\\\").replace('"', '\\"') if mark == '"' else value
    if value.startswith('"') and value.count('"') == 2 and not value.endswith('"'):
        mark, inner = "'", value.replace("'", "''")
    return f"Put the value in quotes: {match['key']}: {mark}{inner}{mark}"


def _plain(said: str) -> str:
    return said.replace("stream", "front matter").replace("block mapping", "table") or "it is not YAML"


def _unreadable_character(path: str, text: str, first_line: int, problem: Any) -> ContentError:
    position = getattr(problem, "position", 0) or 0
    before = text.encode("utf-8", "replace")[:position]
    line = before.count(b"\n") + first_line
    reason = str(getattr(problem, "reason", "") or "it is not YAML")
    what = f"A character here cannot be read: {reason}."
    return refuse_mapping(path, what, "Remove it, or type the line again.", line, len(before) - before.rfind(b"\n"))
