"""Convert plain values of settings to front matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.importers.markdown.source_rules import Entries
from generator.text.tree import Items, Table, Text, Value


def to_value(plain: object) -> Value:
    """Convert a plain value to a front-matter value without a position."""
    if isinstance(plain, Mapping):
        return Table(dict(to_entries(plain)), 0, 1)
    if isinstance(plain, (list, tuple, set)):
        return Items(tuple(to_value(each) for each in plain), 0, 1)
    if isinstance(plain, bool):
        return Text("true" if plain else "false", 0, 1)
    return Text("" if plain is None else str(plain), 0, 1, isinstance(plain, str))


def to_entries(plain: Mapping[Any, object]) -> Entries:
    """Convert a plain mapping to front matter."""
    return {str(key): (Text(str(key), 0, 1), to_value(value)) for key, value in plain.items()}
