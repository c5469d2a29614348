"""Read a mapping key by key: each gives a typed value, or a problem with its place.

One reader serves front matter, comments, site.toml and theme.toml. `Rules` define the forms of a value: TOML settings
have their own types (`typed_rules`); front matter is text until its key is known (`written_rules`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Generic, Protocol, TypeVar, overload

from generator.errors import ProblemCollector, error, warning
from generator.text.tree import Table, Text, Value

T = TypeVar("T")
MAX_TEXT_CHARS = 10_000
"""The longest text of a key without its own limit."""

PREDICATES = frozenset(("cannot", "has", "is", "lacks", "must", "needs"))
"""How a problem begins whose subject is the key: `"draft" has no value.`"""

Convert = Callable[[str, Value], T]
"""Takes a key and its value; returns the typed value or raises `RefusedError`."""

Check = Callable[[str], str]
"""Takes a text; returns its normal form or raises `RefusedError`."""


class RefusedError(Exception):
    """A value cannot be used: the code, what is wrong with it, what to write instead."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


class Rules(Protocol):
    """The forms of values in a kind of file, and how its problems name a key. All methods but `message` may refuse."""

    def message(self, within: tuple[str, ...], key: str, words: str) -> str:
        """Write a problem's message about a key of the table `within`."""

    def text(self, key: str, value: Value, limit: int) -> str:
        """Return a text of one value."""

    def item_text(self, key: str, value: Value, limit: int) -> str:
        """Return a text of one item of a list."""

    def flag(self, key: str, value: Value) -> bool:
        """Return true or false."""

    def whole(self, key: str, value: Value) -> int:
        """Return a whole number."""

    def items(self, key: str, value: Value, *, commas: bool, tables: bool) -> Sequence[Value]:
        """Return the items of a list."""

    def table(self, key: str, value: Value, hint: str) -> Table:
        """Return a table within the table."""


R = TypeVar("R", bound=Rules)


class MappingReader(Generic[R]):
    """The keys of one table.

    For a key that is absent, has no value or cannot be read, methods return the given default.
    """

    def __init__(
        self, path: str, table: Table, rules: R, problems: ProblemCollector, within: tuple[str, ...] = ()
    ) -> None:
        self.path = path
        self.table = table
        self.rules = rules
        self.problems = problems
        self.within = within
        self.asked: list[str] = []

    def value(self, key: str) -> Value | None:
        """Return the value of a key, unless it is absent or empty."""
        entry = self.table.entries.get(key)
        if entry is None or (type(entry[1]) is Text and entry[1].empty):
            return None
        return entry[1]

    def convert(self, key: str, value: Value, convert: Convert[T]) -> T | None:
        """Convert one value of a key, such as an item of its list; a refusal becomes an error at the value."""
        try:
            return convert(key, value)
        except RefusedError as refused:
            self.error(key, value, refused.message, refused.hint, refused.code)
            return None

    @overload
    def take(self, key: str, convert: Convert[T]) -> T | None: ...
    @overload
    def take(self, key: str, convert: Convert[T], default: T) -> T: ...
    def take(self, key: str, convert: Convert[T], default: T | None = None) -> T | None:
        """Convert the value of a key."""
        self.asked.append(key)
        value = self.value(key)
        if value is None:
            return default
        typed = self.convert(key, value, convert)
        return default if typed is None else typed

    @overload
    def text(self, key: str, default: None = None, *, limit: int = MAX_TEXT_CHARS) -> str | None: ...
    @overload
    def text(self, key: str, default: str, check: Check | None = None, *, limit: int = MAX_TEXT_CHARS) -> str: ...
    def text(
        self, key: str, default: str | None = None, check: Check | None = None, *, limit: int = MAX_TEXT_CHARS
    ) -> str | None:
        """Read a text of at most `limit` characters; an empty one is not checked."""

        def convert(key: str, value: Value) -> str:
            text = self.rules.text(key, value, limit)
            return check(text) if check and text else text

        return self.take(key, convert, default)

    @overload
    def flag(self, key: str, *, default: None = None) -> bool | None: ...
    @overload
    def flag(self, key: str, *, default: bool) -> bool: ...
    def flag(self, key: str, *, default: bool | None = None) -> bool | None:
        """Take true or false."""
        return self.take(key, self.rules.flag, default)

    def whole(self, key: str) -> int | None:
        """Take a whole number."""
        return self.take(key, self.rules.whole)

    def items(self, key: str, *, commas: bool = False, tables: bool = False) -> Sequence[Value]:
        """Read the items of a list or, if the rules allow it, of a text split at `commas`, or a single table."""
        return self.take(key, self._items(commas, tables), ())

    def texts(
        self,
        key: str,
        default: tuple[str, ...] = (),
        check: Check | None = None,
        *,
        commas: bool = False,
        limit: int = MAX_TEXT_CHARS,
    ) -> tuple[str, ...]:
        """Read a list of texts, each checked, without duplicates, in order; refused ones are left out."""
        items = self.take(key, self._items(commas, tables=False))
        if items is None:
            return default

        def convert(key: str, value: Value) -> str:
            text = self.rules.item_text(key, value, limit)
            return check(text) if check else text

        return tuple(dict.fromkeys(text for item in items if (text := self.convert(key, item, convert))))

    def _items(self, commas: bool, tables: bool) -> Convert[Sequence[Value]]:
        return lambda key, value: self.rules.items(key, value, commas=commas, tables=tables)

    def item_text(self, key: str, item: Value, *, limit: int = MAX_TEXT_CHARS) -> str | None:
        """Read a text from one item of a list."""
        return self.convert(key, item, lambda key, value: self.rules.item_text(key, value, limit))

    def inner(self, key: str, value: Value | None, hint: str = "") -> MappingReader[R] | None:
        """Return the reader of a table that is the value of a key or one of its items; None if it is no table."""
        if value is None:
            return None
        table = self.convert(key, value, lambda key, value: self.rules.table(key, value, hint))
        if table is None:
            return None
        return MappingReader(self.path, table, self.rules, self.problems, (*self.within, key))

    def section(self, key: str) -> MappingReader[R]:
        """Return the reader of a table within the table; of an empty table if there is none."""
        self.asked.append(key)
        empty = Table({}, self.table.line, self.table.column)
        return self.inner(key, self.value(key)) or MappingReader(
            self.path, empty, self.rules, self.problems, (*self.within, key)
        )

    def unknown(self, known: Collection[str]) -> Iterator[tuple[str, Text, Value]]:
        """List the keys that are not among the known ones, each as (name, key with its place, value)."""
        for name, (key, value) in self.table.entries.items():
            if name not in known:
                yield name, key, value

    def error(self, key: str, at: Value | None, message: str, hint: str = "", code: str = "front-matter-value") -> None:
        """Add an error at a value. If `at` is None: at the value of the key, or at the table that lacks the key."""
        place, words = self._place(key, at), self.rules.message(self.within, key, message)
        self.problems.add(error(self.path, code, words, hint, line=place.line, column=place.column))

    def warn(self, key: str, at: Value | None, message: str, hint: str, code: str) -> None:
        """Add a warning at a value or key, as `error` does."""
        place, words = self._place(key, at), self.rules.message(self.within, key, message)
        self.problems.add(warning(self.path, code, words, hint, line=place.line, column=place.column))

    def _place(self, key: str, at: Value | None) -> Value:
        if at is not None:
            return at
        entry = self.table.entries.get(key)
        return entry[1] if entry else self.table
