"""Type the values of front matter by key: each reader gives a value or a problem with its place, never both."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Any, TypeVar

from generator.content.dates import parse_moment
from generator.content.text import MAX_NAME_CHARS, MAX_TEXT_CHARS, one_line, printable
from generator.content.tree import Items, Table, Text, Value
from generator.errors import Problem, error, warning

T = TypeVar("T")

TRUE = frozenset(("true", "yes", "on"))
FALSE = frozenset(("false", "no", "off"))
MAX_LIST = 500
"""The most tags, authors, aliases, points … of one source."""

_WHOLE = re.compile(r"[0-9]{1,6}")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_DATE_HINT = "Write it as 2026-12-31 or 2026-12-31 14:30:00 +02:00."


class Fields:
    """The keys of one table, read one by one; what is wrong gathers in `problems`.

    Every reader returns None where the key is absent, has no value, or cannot be read.
    """

    def __init__(self, path: str, table: Table, zone: tzinfo, problems: list[Problem], within: str = "") -> None:
        self.path = path
        self.table = table
        self.zone = zone
        self.problems = problems
        self._within = f"{within}." if within else ""

    def value(self, key: str) -> Value | None:
        """Give the value of a key, unless it is absent or empty."""
        entry = self.table.entries.get(key)
        if entry is None or (type(entry[1]) is Text and entry[1].empty):
            return None
        return entry[1]

    def line(self, key: str, limit: int = MAX_TEXT_CHARS) -> str | None:
        """Read a text of one line; a quoted empty one is "" (an `image_alt` may be)."""
        value = self.value(key)
        return None if value is None else self.clean(key, value, limit)

    def clean(self, key: str, value: Value, limit: int = MAX_NAME_CHARS) -> str | None:
        """Bring a value to one line of at most `limit` characters."""
        if type(value) is not Text:
            self.wrong(key, value, "must be a text.", "Put it in quotes.")
            return None
        try:
            text = one_line(value.text)
        except ValueError as reason:
            self.wrong(key, value, f"cannot be used. {reason}", "Remove that character.")
            return None
        if len(text) > limit:
            self.wrong(key, value, f"is longer than {limit} characters.", "Shorten it.")
            return None
        return text

    def flag(self, key: str) -> bool | None:
        """Read true, yes, on or false, no, off, in any case, in quotes or not."""
        value = self.value(key)
        if value is None:
            return None
        word = value.text.strip().lower() if type(value) is Text else ""
        if word in TRUE or word in FALSE:
            return word in TRUE
        self.wrong(key, value, f"{shown(value)} is neither true nor false.", "Write true or false.")
        return None

    def whole(self, key: str) -> int | None:
        """Read a whole number from 0 to 999999."""
        value = self.value(key)
        if value is None:
            return None
        if type(value) is Text and _WHOLE.fullmatch(value.text.strip()):
            return int(value.text)
        self.wrong(key, value, f"{shown(value)} is not a whole number.", "Write digits only, such as 12.")
        return None

    def moment(self, key: str) -> datetime | None:
        """Read a date in any form that `parse_moment` knows."""
        value = self.value(key)
        if value is None:
            return None
        if type(value) is not Text:
            self.wrong(key, value, "must be one date.", _DATE_HINT, "date")
            return None
        try:
            return parse_moment(value.text, self.zone)
        except ValueError as reason:
            self.wrong(key, value, str(reason), _DATE_HINT, "date")
            return None

    def checked(self, key: str, check: Callable[[str], str], hint: str, code: str = "refused-path") -> str | None:
        """Read a text that `check` accepts or refuses with a ValueError; an empty one counts as absent."""
        value = self.value(key)
        return None if value is None else self.check(key, value, check, hint, code)

    def check(
        self, key: str, value: Value, check: Callable[[str], str], hint: str, code: str = "refused-path"
    ) -> str | None:
        """Pass a value through `check`."""
        if type(value) is not Text:
            self.wrong(key, value, "must be a text.", hint)
            return None
        try:
            return check(value.text) if value.text.strip() else None
        except ValueError as reason:
            self.wrong(key, value, f"{shown(value)} is refused. {reason}", hint, code)
            return None

    def items(self, key: str, *, commas: bool = False, tables: bool = False) -> Sequence[Value]:
        """Give the items of a list, or of a single text: split at commas where `commas`, else as one item.

        A single table counts as one item where `tables`.
        """
        value = self.value(key)
        if value is None:
            return ()
        if type(value) is Text:
            return _split(value) if commas else (value,)
        if type(value) is Items:
            if len(value.items) > MAX_LIST:
                self.wrong(key, value, f"has more than {MAX_LIST} items.", "Remove some.")
                return ()
            return [item for item in value.items if not (type(item) is Text and item.empty)]
        if tables:
            return (value,)
        self.wrong(key, value, "must be a list.", f"Write {key}: [one, two].")
        return ()

    def names(self, key: str, *, commas: bool = False, limit: int = MAX_NAME_CHARS) -> tuple[str, ...]:
        """Read a list of short texts, each once, in order."""
        cleaned = (self.clean(key, item, limit) for item in self.items(key, commas=commas))
        return tuple(dict.fromkeys(name for name in cleaned if name))

    def inner(self, key: str, value: Value | None, hint: str) -> Fields | None:
        """Give the readers of a table that stands as the value of a key."""
        if value is None:
            return None
        if type(value) is not Table:
            self.wrong(key, value, "must be a table of keys with values.", hint)
            return None
        return Fields(self.path, value, self.zone, self.problems, f"{self._within}{key}")

    def wrong(self, key: str, value: Value, message: str, hint: str, code: str = "front-matter-value") -> None:
        """Note an error at a value."""
        said = printable(f"{self._within}{key}: {message}")
        self.problems.append(error(self.path, code, said, hint, line=value.line, column=value.column))

    def odd(self, key: str, place: Value, message: str, hint: str, code: str) -> None:
        """Note a warning at a value or key."""
        said = printable(f"{self._within}{key}: {message}")
        self.problems.append(warning(self.path, code, said, hint, line=place.line, column=place.column))


def plain(value: Value) -> Any:
    """Make the plain value that themes see in `extra`: true and false, integers, None, texts, lists, mappings.

    Only what stood without quotes is typed. `1.10`, `0124` and `12:30` stay texts, as written. Half surrogates,
    which no page can carry, become question marks.
    """
    if type(value) is Text:
        return value.text.encode("utf-8", "replace").decode() if value.quoted else _bare(value)
    if type(value) is Items:
        return [plain(item) for item in value.items]
    assert type(value) is Table
    return {_bare_key(key): plain(item) for key, (_, item) in value.entries.items()}


def shown(value: Value) -> str:
    """Quote a value in a message, cut to a readable length."""
    if type(value) is not Text:
        return "A list" if type(value) is Items else "A table"
    return f'"{printable(value.text, 60)}"'


def _bare_key(key: str) -> str:
    return key.encode("utf-8", "replace").decode()


def _bare(value: Text) -> Any:
    if value.empty:
        return None
    word = value.text
    if word in ("true", "True", "false", "False"):
        return word.lower() == "true"
    return int(word) if _INTEGER.fullmatch(word) else word.encode("utf-8", "replace").decode()


def _split(value: Text) -> list[Value]:
    parts = (part.strip() for part in value.text.split(",")[: MAX_LIST + 1])
    return [Text(part, value.line, value.column, True) for part in parts if part]
