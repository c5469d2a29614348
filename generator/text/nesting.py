"""Convert the results of tomllib and json into the tree of `tree.py`: values as text, each key with its place."""

from __future__ import annotations

import re
from typing import Any

from generator.text.tree import (
    MAX_DEPTH,
    MAX_KEYS,
    Items,
    Table,
    Text,
    Value,
    refuse_depth,
    refuse_mapping,
    refuse_size,
)

_MAX_BITS = 10_000
"""The largest whole number, in bits: Python refuses to write one of more than 4,300 digits (0xFFF… reads as one)."""


class Plain(str):
    """A scalar without quotes, as written: `1.10` stays `1.10`."""

    __slots__ = ()


class Places:
    """Finds keys in front matter whose parser gives no places. `pattern` has `{key}` where the key goes."""

    def __init__(self, text: str, first_line: int, pattern: str) -> None:
        self._text = text
        self._first_line = first_line
        self._pattern = pattern

    def find(self, key: str, *, last: bool = False) -> tuple[int, int]:
        """Return the line (in the whole file) and column of a key's first or last appearance, else the start."""
        pattern = self._pattern.replace("{key}", re.escape(key))
        found = list(re.finditer(pattern, self._text, re.MULTILINE))
        if not found:
            return self._first_line, 1
        at = found[-1 if last else 0].start()
        return self._text.count("\n", 0, at) + self._first_line, at - self._text.rfind("\n", 0, at)


def to_tree(path: str, data: dict[str, Any], places: Places) -> Table:
    """Make the tree of a parsed table. Nested values have the place of their topmost key.

    Raises ContentError beyond `MAX_DEPTH`, and for a number too large to be written.
    """
    if len(data) > MAX_KEYS:
        raise refuse_size(path, len(data), places.find("")[0])
    entries = {}
    for key, value in data.items():
        line, column = places.find(key)
        entries[key] = (Text(key, line, column), _convert(path, value, line, column, 1))
    return Table(entries, *places.find(""))


def _convert(path: str, value: Any, line: int, column: int, depth: int) -> Value:
    if depth > MAX_DEPTH:
        raise refuse_depth(path, line, column)
    if isinstance(value, dict):
        inner = {k: (Text(k, line, column), _convert(path, v, line, column, depth + 1)) for k, v in value.items()}
        return Table(inner, line, column)
    if isinstance(value, list):
        return Items(tuple(_convert(path, item, line, column, depth + 1) for item in value), line, column)
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        raise refuse_mapping(path, "This number is too large.", "Write it in quotes.", line, column)
    return _scalar(value, line, column)


def _scalar(value: Any, line: int, column: int) -> Text:
    """Write a scalar back as text: booleans in small letters, dates as ISO 8601, null as nothing."""
    if isinstance(value, str):
        return Text(str(value), line, column, not isinstance(value, Plain))
    if value is None:
        return Text("", line, column)
    if isinstance(value, bool):
        return Text("true" if value else "false", line, column)
    return Text(value.isoformat() if hasattr(value, "isoformat") else str(value), line, column)
