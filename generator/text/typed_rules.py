"""Rules for values that have a type as written: site.toml and theme.toml."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

from generator.errors import warning
from generator.text.mapping_reader import PREDICATES, Check, Convert, MappingReader, RefusedError
from generator.text.short_text import printable
from generator.text.suggestions import did_you_mean
from generator.text.tree import Items, Scalar, Table, Text, Value

T = TypeVar("T")
MAX_NUMBER = 10**15
_KINDS = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a section",
}


class TypedRules:
    """The rules for settings.

    `top` are the settings above the first section: a message names one that is in a section by mistake.
    """

    def __init__(self, top: tuple[str, ...] = ()) -> None:
        self.top = top

    def message(self, within: tuple[str, ...], key: str, words: str) -> str:
        """Write a message such as `"engine" in [markup] must be text`."""
        section = f"[{'.'.join(within)}]" if within else ""
        if words.partition(" ")[0] in PREDICATES:
            return f'"{key}" in {section} {words}' if section else f'"{key}" {words}'
        return f"{section} {key}: {words}" if section else f"{key}: {words}"

    def text(self, key: str, value: Value, limit: int) -> str:
        """Take a text, without space at its ends; control characters are refused."""
        return trim(_of_type(key, value, str))

    def item_text(self, key: str, value: Value, limit: int) -> str:
        """Take an item that is a text, as `text` does."""
        if type(value) is not Scalar or type(value.value) is not str:
            message = f"Every item must be text, not {name_value_kind(value)}."
            raise RefusedError("config-type", message, 'Put each in quotes: "first", "second"')
        return trim(value.value)

    def flag(self, key: str, value: Value) -> bool:
        """Take true or false."""
        return _of_type(key, value, bool)

    def whole(self, key: str, value: Value) -> int:
        """Take a whole number."""
        return _of_type(key, value, int)

    def number(self, key: str, value: Value) -> float:
        """Take a number, whole or not."""
        if type(value) is Scalar and type(value.value) is int and abs(value.value) <= MAX_NUMBER:
            return float(value.value)
        return _of_type(key, value, float)

    def items(self, key: str, value: Value, *, commas: bool = False, tables: bool = False) -> Sequence[Value]:
        """Return the items of a list; nothing else counts as one."""
        if type(value) is not Items:
            raise _wrong_type(key, value, list) if tables else _no_list(key, value)
        return value.items

    def table(self, key: str, value: Value, hint: str) -> Table:
        """Take a table."""
        if type(value) is Items:
            message = "is one section, not a list of sections."
            raise RefusedError("config-type", message, f"Write [{key}], with one pair of brackets.")
        if type(value) is not Table:
            raise _wrong_type(key, value, dict)
        return value


Settings: TypeAlias = MappingReader[TypedRules]
"""The settings of one section of a TOML file."""


def required_text(settings: Settings, key: str, example: str, check: Check | None = None) -> str:
    """Read a required text; "" with an error if it is missing."""
    text = settings.text(key, "", check)
    value = settings.value(key)
    if value is None or (type(value) is Scalar and type(value.value) is str and not value.value.strip()):
        message = "is missing." if value is None else "is empty."
        settings.error(key, None, message, f"Add, for example: {key} = {example}", "config-missing")
    return text


def within_bounds(least: int, most: int) -> Convert[int]:
    """Make a conversion to a whole number between two bounds, inclusive."""

    def convert(key: str, value: Value) -> int:
        number = _of_type(key, value, int)
        if not least <= number <= most:
            raise RefusedError("config-value", f"must be between {least} and {most}, not {number}.")
        return number

    return convert


def list_of_numbers(least: int, most: int) -> Convert[tuple[int, ...]]:
    """Make a conversion to a list of whole numbers between two bounds, without duplicates."""

    def convert(key: str, value: Value) -> tuple[int, ...]:
        if type(value) is not Items:
            raise _wrong_type(key, value, list)
        numbers = [plain_setting(item) for item in value.items]
        if not all(type(number) is int and least <= number <= most for number in numbers):
            raise RefusedError("config-type", f"Every item must be a whole number from {least} to {most}.")
        return tuple(dict.fromkeys(numbers))

    return convert


def choice_of(choices: Sequence[T]) -> Convert[T]:
    """Make a conversion to one of the texts that are allowed."""

    def convert(key: str, value: Value) -> T:
        text = trim(_of_type(key, value, str))
        for choice in choices:
            if choice == text:
                return choice
        raise RefusedError(
            "config-value", f'"{text}" is not allowed here.', did_you_mean(text, [str(c) for c in choices])
        )

    return convert


def named_tables(settings: Settings, key: str) -> Iterator[tuple[Text, Settings]]:
    """Read a table of tables, such as `[authors.ID]`: each name with its place, and its table."""
    outer = settings.section(key)
    for name, (written, value) in outer.table.entries.items():
        inner = outer.inner(name, value) if type(value) is Table else None
        if inner is not None:
            yield written, inner
        else:
            outer.error(name, None, f"must be a section: [{key}.{name}].", code="config-type")


def table_list(settings: Settings, key: str) -> Iterator[Settings]:
    """Take an array of tables, such as `[[nav]]`."""
    name = ".".join((*settings.within, key))
    if type(settings.value(key)) is Table:
        settings.asked.append(key)
        hint = f"Write [[{name}]], with two pairs of brackets, above each entry."
        settings.error(key, None, "is a list of entries.", hint, "config-type")
        return
    for item in settings.items(key, tables=True):
        inner = settings.inner(key, item) if type(item) is Table else None
        if inner is not None:
            yield inner
        else:
            settings.error(key, None, f"Every entry must be a section: [[{name}]].", code="config-type")


def warn_of_unknown(settings: Settings) -> None:
    """Warn of every unknown key, and suggest the key that may have been meant."""
    within = ".".join(settings.within)
    for name, key, value in settings.unknown(settings.asked):
        what = f'setting "{name}"' + (f" in [{within}]" if within else "")
        if type(value) is Table:
            what = f"section [{within}.{name}]" if within else f"section [{name}]"
        hint = did_you_mean(name, settings.asked)
        if settings.within and name in settings.rules.top:
            hint = "If it belongs to the whole site, move it above the first section."
        message = printable(f"Unknown {what}.")
        place = {"line": key.line, "column": key.column}
        settings.problems.add(warning(settings.path, "config-unknown", message, hint, **place))


def name_value_kind(value: Value) -> str:
    """Name a TOML value's type in plain English."""
    return name_kind(plain_setting(value))


def name_kind(value: Any) -> str:
    """Name the type of a plain value in plain English."""
    return next((words for kind, words in _KINDS.items() if type(value) is kind), "a date or time")


def plain_setting(value: Value) -> Any:
    """Return a setting as the TOML reader returned it, without its place."""
    if type(value) is Items:
        return [plain_setting(item) for item in value.items]
    if type(value) is Table:
        return {key: plain_setting(item) for key, (_, item) in value.entries.items()}
    assert type(value) is Scalar
    return value.value


def trim(text: str) -> str:
    """Trim a text; control characters other than line ends and tabs are refused.

    Raises: RefusedError.
    """
    if any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in text):
        raise RefusedError("config-value", "has a control character in it.", "Type the text again.")
    return text.strip()


def _of_type(key: str, value: Value, kind: type[T]) -> T:
    if type(value) is Scalar and type(value.value) is kind:
        return value.value
    raise _wrong_type(key, value, kind)


def _wrong_type(key: str, value: Value, kind: type) -> RefusedError:
    message = f"must be {_KINDS[kind]}, not {name_value_kind(value)}."
    return RefusedError("config-type", message, _example(key, kind))


def _no_list(key: str, value: Value) -> RefusedError:
    """Refuse a value that is no list; a single text is shown as the list to write."""
    refusal = _wrong_type(key, value, list)
    text = value.value if type(value) is Scalar and type(value.value) is str else ""
    if text and not {'"', "\\", "\n"}.intersection(text):
        refusal.hint = printable(f'Write: {key} = ["{text}"]')
    return refusal


def _example(key: str, kind: type) -> str:
    examples = {str: f'{key} = "…"', bool: f"{key} = true", int: f"{key} = 10", float: f"{key} = 10"}
    return f"Write: {examples[kind]}" if kind in examples else ""
