"""Rules for values that are text until their key is known: front matter and comments in YAML, TOML or JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Any, TypeAlias

from generator.patterns import lazy_pattern
from generator.text.date_repairs import suggest_moment
from generator.text.dates import parse_moment
from generator.text.mapping_reader import PREDICATES, Convert, MappingReader, RefusedError
from generator.text.short_text import has_controls, one_line, printable
from generator.text.tree import Items, Table, Text, Value

TRUE = frozenset(("true", "yes", "on"))
FALSE = frozenset(("false", "no", "off"))
MAX_LIST = 500
"""The most tags, authors, aliases, points … of one source."""

_SEPARATOR = lazy_pattern("[,;]")
_WHOLE = lazy_pattern(r"[0-9]{1,6}")
_INTEGER = lazy_pattern(r"-?(?:0|[1-9][0-9]{0,14})")
_DATE_HINT = "Write it as 2026-12-31 or 2026-12-31 14:30:00 +02:00."
_CODE = "front-matter-value"


class WrittenRules:
    """The rules. `zone` is the site's: dates without an offset are local there.

    `with_controls` gathers the texts that lost control characters.
    """

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.with_controls: list[Text] = []

    def message(self, within: tuple[str, ...], key: str, words: str) -> str:
        """Write `"updates.note" must be text.`, so that any terminal can show it."""
        name = ".".join((*within, key))
        is_predicate = words.partition(" ")[0] in PREDICATES
        return printable(f'"{name}" {words}' if is_predicate else f"{name}: {words}")

    def text(self, key: str, value: Value, limit: int) -> str:
        """Bring a value to one line of at most `limit` characters."""
        if type(value) is not Text:
            raise RefusedError(_CODE, "must be text.", "Put it in quotes.")
        if not value.text.isprintable() and has_controls(value.text):
            self.with_controls.append(value)
        try:
            text = one_line(value.text)
        except ValueError as reason:
            raise RefusedError(_CODE, f"cannot be used. {reason}", "Delete that character.") from None
        if len(text) > limit:
            raise RefusedError(_CODE, f"is longer than {limit} characters.", "Shorten it.")
        return text

    def item_text(self, key: str, value: Value, limit: int) -> str:
        """Read an item as any other text."""
        return self.text(key, value, limit)

    def flag(self, key: str, value: Value) -> bool:
        """Read true, yes, on or false, no, off, in any case, in quotes or not."""
        word = value.text.strip().lower() if type(value) is Text else ""
        if word in TRUE or word in FALSE:
            return word in TRUE
        raise RefusedError(_CODE, f"must be true or false, not {shown(value)}.", f"Write: {key}: true")

    def whole(self, key: str, value: Value) -> int:
        """Read a whole number from 0 to 999999."""
        if type(value) is Text and _WHOLE.fullmatch(value.text.strip()):
            return int(value.text)
        raise RefusedError(_CODE, f"must be a whole number, not {shown(value)}.", f"Write: {key}: 12")

    def moment(self, key: str, value: Value) -> datetime:
        """Read a date in any form that `parse_moment` knows."""
        if type(value) is not Text:
            raise RefusedError("date", "must be one date.", _DATE_HINT)
        try:
            return parse_moment(value.text, self.zone)
        except ValueError as reason:
            better = suggest_moment(value.text)
            raise RefusedError("date", str(reason), f"Write: {key}: {better}" if better else _DATE_HINT) from None

    def items(self, key: str, value: Value, *, commas: bool, tables: bool) -> Sequence[Value]:
        """Return the items of a list, or of a single text: split at commas and semicolons where `commas`, else as one.

        A single table counts as one item where `tables`.
        """
        if type(value) is Text:
            return _split(value) if commas else (value,)
        if type(value) is Items:
            if len(value.items) > MAX_LIST:
                raise RefusedError(_CODE, f"has more than {MAX_LIST} items.", "Delete some.")
            return [item for item in value.items if not (type(item) is Text and item.empty)]
        if tables:
            return (value,)
        raise RefusedError(_CODE, "must be a list.", f"Write: {key}: [one, two]")

    def table(self, key: str, value: Value, hint: str) -> Table:
        """Take a table of keys with values."""
        if type(value) is not Table:
            raise RefusedError(_CODE, "must have keys and values of its own.", hint)
        return value if all(map(str.islower, value.entries)) else _in_small_letters(value)


Fields: TypeAlias = MappingReader[WrittenRules]
"""The keys of front matter, or of a comment."""


def checked(check: Callable[[str], str], hint: str, code: str = "refused-path") -> Convert[str | None]:
    """Make a conversion of a check that refuses a text with a ValueError; an empty text counts as absent."""

    def convert(_key: str, value: Value) -> str | None:
        if type(value) is not Text:
            raise RefusedError(_CODE, "must be text.", hint)
        try:
            return check(value.text) if value.text.strip() else None
        except ValueError as reason:
            raise RefusedError(code, f"{shown(value)} cannot be used. {reason}", hint) from None

    return convert


def plain_value(value: Value) -> Any:
    """Make the plain value that themes see in `extra`: true and false, integers, None, texts, lists, mappings.

    Only values without quotes are typed. `1.10`, `0124` and `12:30` stay texts, as written. Half surrogates become
    question marks, because no page can contain them.
    """
    if type(value) is Text:
        return value.text.encode("utf-8", "replace").decode() if value.quoted else _bare(value)
    if type(value) is Items:
        return [plain_value(item) for item in value.items]
    assert type(value) is Table
    return {_bare_key(key): plain_value(item) for key, (_, item) in value.entries.items()}


def shown(value: Value) -> str:
    """Quote a value in a message, cut to a readable length."""
    if type(value) is not Text:
        return "A list" if type(value) is Items else "A table"
    return f'"{printable(value.text, 60)}"'


def _in_small_letters(table: Table) -> Table:
    """Give a table's keys in small letters, as far as none of them is there already."""
    entries: dict[str, tuple[Text, Value]] = {}
    for name, entry in table.entries.items():
        folded = name.lower()
        entries[name if folded in table.entries or folded in entries else folded] = entry
    return Table(entries, table.line, table.column)


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
    parts = (part.strip() for part in _SEPARATOR.split(value.text)[: MAX_LIST + 1])
    return [Text(part, value.line, value.column, True) for part in parts if part]
