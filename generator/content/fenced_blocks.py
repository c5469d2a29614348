"""Read the blocks of a service letter that are fenced in a text: YAML between two lines of three backquotes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import tzinfo

from generator.blocks import Blocks
from generator.content.as_typed import read_as_typed
from generator.content.blocks import read_blocks
from generator.content.read import control_removed
from generator.errors import ContentError, ProblemCollector
from generator.text.tree import Table, Text
from generator.text.written_rules import Fields, WrittenRules
from generator.text.yaml_reader import read_yaml

MAX_VALUES = 10_000
_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})[ \t]*(?P<name>[a-z_]+)[ \t]*$", re.MULTILINE)


def read_fenced_blocks(
    path: str,
    text: str,
    first_line: int,
    fences: Iterable[tuple[str, str]],
    zone: tzinfo,
    problems: ProblemCollector,
) -> tuple[Blocks, ...]:
    """Read fences, each given by its name and its YAML; one with a mistake is empty, with problems at their places.

    `text` is the Markdown that they come from, and `first_line` its line in the file.
    """
    places = _Places(text, first_line)
    return tuple(_read(path, name, yaml, places.find(name), zone, problems) for name, yaml in fences)


def _read(path: str, name: str, yaml: str, line: int, zone: tzinfo, problems: ProblemCollector) -> Blocks:
    try:
        value = read_yaml(path, yaml, line + 1, MAX_VALUES)
    except ContentError as refusal:
        problems.add(*refusal.problems)
        return Blocks()
    if value is None:
        return Blocks()
    table = Table({name: (Text(name, line, 1), value)}, line, 1)
    if " #" in yaml or not yaml.isascii():
        table = read_as_typed(table, path, problems)
    rules = WrittenRules(zone)
    blocks = read_blocks(Fields(path, table, rules, problems))
    problems.add(*(control_removed(path, each.line, each.column) for each in rules.with_controls))
    return blocks or Blocks()


class _Places:
    """Finds the lines of fences, from the top: each call continues after the last fence of that name."""

    def __init__(self, text: str, first_line: int) -> None:
        self._lines: dict[str, list[int]] = {}
        for found in _FENCE.finditer(text):
            line = text.count("\n", 0, found.start()) + first_line
            self._lines.setdefault(found["name"], []).append(line)

    def find(self, name: str) -> int:
        """Return the line of the next fence of a name; the text's first line if it is not there."""
        lines = self._lines.get(name)
        return lines.pop(0) if lines else 1
