"""The tree of a mapping, each value with its place: front matter is text first, and typed by key later.

So `no`, `12:30`, `0124062`, `1.10` and `2020` stay as their author wrote them. Nodes are msgspec structs instead of
frozen dataclasses: making one takes 0.1 µs instead of 1 µs, and a post has thirty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import msgspec

from generator.errors import ContentError, Problem, error
from generator.text.short_text import printable

MAX_DEPTH = 32
"""How deep lists and tables may nest."""

MAX_KEYS = 200
"""How many keys front matter may have at its top level."""

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
"""The words without quotes that mean null in YAML."""


class Text(msgspec.Struct, frozen=True, gc=False):
    """A scalar as written. `line` counts in the whole file, from 1; `quoted` tells `"no"` from `no`.

    `comment` is what YAML took for one behind a value without quotes: `#5` of `title: Issue #5`.
    """

    text: str
    line: int
    column: int
    quoted: bool = False
    comment: str = ""

    @property
    def empty(self) -> bool:
        """Return True if no value was written."""
        return not self.quoted and self.text in NULLS


class Scalar(msgspec.Struct, frozen=True):
    """A value with the type of a TOML reader, and its place."""

    value: Any
    line: int
    column: int


class Items(msgspec.Struct, frozen=True):
    """A list, in order."""

    items: tuple[Value, ...]
    line: int
    column: int


class Table(msgspec.Struct, frozen=True):
    """A mapping, in the order written: key → (the key with its place, its value)."""

    entries: dict[str, tuple[Text, Value]]
    line: int
    column: int


Value: TypeAlias = Text | Scalar | Items | Table


def refuse_mapping(
    path: str, message: str, hint: str, line: int, column: int, code: str = "front-matter"
) -> ContentError:
    """Make the exception for front matter that cannot be read."""
    return ContentError(error(path, code, printable(message), printable(hint), line=line, column=column))


def refuse_depth(path: str, line: int, column: int) -> ContentError:
    """Make the exception for nesting beyond `MAX_DEPTH`."""
    what = f"Lists are nested more than {MAX_DEPTH} levels deep here."
    return refuse_mapping(path, what, "Use fewer levels.", line, column)


def refuse_size(path: str, keys: int, line: int) -> ContentError:
    """Make the exception for more than `MAX_KEYS` keys."""
    what = f"The front matter has {keys} keys. The most it can have is {MAX_KEYS}."
    return refuse_mapping(path, what, 'Delete some, or put them below "extra".', line, 1)


class DuplicateKeyError(ContentError):
    """The user set a key twice in one table. `first_lines`: line of a repetition → line where its key is first set."""

    def __init__(self, problems: Iterable[Problem], first_lines: Mapping[int, int]) -> None:
        super().__init__(problems)
        self.first_lines = first_lines


def duplicate_problem(path: str, key: Text, first: Text | None) -> Problem:
    """Make the problem of a key that is set twice in one table."""
    where = f" (first on line {first.line})" if first else ""
    message = printable(f'"{key.text}" is set twice{where}.')
    hint = "Delete one of the two lines."
    return error(path, "duplicate-key", message, hint, line=key.line, column=key.column)
