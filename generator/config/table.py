"""One table of a TOML file, read option by option: what is wrong is noted with its place, and reading goes on."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct, field

from generator.config.positions import Path, Positions
from generator.errors import Level, Problem, error, warning

T = TypeVar("T")
MAX_NUMBER = 10**15
Check = Callable[[str], str]
"""Takes a text, gives it in its normal form, or raises `RefusedError`."""

_KINDS = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


class RefusedError(Exception):
    """A value has the right type and is still not right: the code, what is wrong, what to write instead."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Say which known word is the nearest, or list them all when none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word.casefold(), known, 1, 0.6)
    if near:
        return f'Did you mean "{near[0]}"?'
    return f"There are: {', '.join(sorted(known))}." if known else ""


def kind_of(value: Any) -> str:
    """Name a TOML value's type in plain English."""
    return next((words for kind, words in _KINDS.items() if type(value) is kind), "a date or time")


class Source(Struct, frozen=True):
    """The file being read: its site-relative path, the places of its keys, and the problems found so far.

    `top` names the options that stand above the first section: one that strayed into a section is told so.
    """

    path: str
    positions: Positions
    problems: list[Problem] = field(default_factory=list)
    top: tuple[str, ...] = ()

    def note(
        self, way: Path, code: str, message: str, hint: str = "", *, level: Level = Level.ERROR, at_key: bool = False
    ) -> None:
        """Note a problem at the value of a key, or at the key itself."""
        place = self.positions.place(way)
        make = error if level is Level.ERROR else warning
        column = place.key if at_key else place.value
        self.problems.append(make(self.path, code, message, hint, line=place.line, column=column))


class Table:
    """One table of the file. Every option asked for is a known one; `close` warns of the rest."""

    def __init__(self, source: Source, values: Mapping[str, Any], way: Path = ()) -> None:
        self.source = source
        self.values = values
        self.way = way
        self._known: list[str] = []

    def name(self, key: str) -> str:
        """Write a key as its user would: `url`, `[markup] engine`."""
        section = ".".join(str(part) for part in self.way if isinstance(part, str))
        return f"[{section}] {key}" if section else key

    def refuse(self, key: str, code: str, message: str, hint: str = "") -> None:
        """Note an error at one of the table's keys."""
        self.source.note((*self.way, key), code, f"{self.name(key)}: {message}", hint)

    def get(self, key: str, kind: type[T], default: T) -> T:
        """Take a value of one type; a wrong type is an error and gives the default."""
        self._known.append(key)
        if key not in self.values:
            return default
        value = self.values[key]
        if kind is float and type(value) is int and abs(value) <= MAX_NUMBER:
            value = float(value)
        if type(value) is kind:
            return value
        self.refuse(key, "config-type", f"this must be {_KINDS[kind]}, not {kind_of(value)}.", _example(key, kind))
        return default

    def text(self, key: str, default: str = "", check: Check | None = None) -> str:
        """Take a text, without space at its ends and without control characters; an empty one is not checked."""
        value = self.get(key, str, default)
        try:
            value = plain(value)
            return check(value) if check and value and key in self.values else value
        except RefusedError as refused:
            self.refuse(key, refused.code, refused.message, refused.hint)
            return default

    def required(self, key: str, example: str, check: Check | None = None) -> str:
        """Take a text that must be there; "" when it is not, with an error."""
        value = self.text(key, check=check)
        stated = self.values.get(key)
        if stated is None or (isinstance(stated, str) and not stated.strip()):
            message = "this is missing." if stated is None else "this is empty."
            self.refuse(key, "config-missing", message, f"Write, for example: {key} = {example}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Take true or false."""
        return self.get(key, bool, default)

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """Take a whole number between two bounds, which belong to it."""
        value = self.get(key, int, default)
        if least <= value <= most:
            return value
        self.refuse(key, "config-value", f"{value} is not between {least} and {most}.")
        return default

    def numbers(self, key: str, least: int, most: int) -> tuple[int, ...]:
        """Take a list of whole numbers between two bounds, which belong to it."""
        values = self.get(key, list, [])
        if all(type(value) is int and least <= value <= most for value in values):
            return tuple(dict.fromkeys(values))
        self.refuse(key, "config-type", f"every item must be a whole number from {least} to {most}.")
        return ()

    def choice(self, key: str, default: str, choices: Sequence[str]) -> str:
        """Take one of the texts that are allowed."""
        value = self.text(key, default)
        if value in choices:
            return value
        self.refuse(key, "config-value", f'"{value}" is not known.', did_you_mean(value, choices))
        return default

    def texts(self, key: str, default: tuple[str, ...], check: Check) -> tuple[str, ...]:
        """Take a list of texts, each checked; what comes twice counts once."""
        found: list[str] = []
        for value in self.get(key, list, list(default)):
            try:
                if type(value) is not str:
                    raise RefusedError(
                        "config-type", f"every item must be a text, not {kind_of(value)}.", "Put each in quotes."
                    )
                found.append(check(plain(value)))
            except RefusedError as refused:
                self.refuse(key, refused.code, refused.message, refused.hint)
        return tuple(dict.fromkeys(found))

    def table(self, key: str) -> Table:
        """Take a table within the table; an empty one where there is none."""
        empty: dict[str, Any] = {}
        return Table(self.source, self.get(key, dict, empty), (*self.way, key))

    def tables(self, key: str) -> Iterator[tuple[str, Table]]:
        """Take a table of tables, name by name, such as `[authors.ID]`."""
        outer = self.table(key)
        for name in outer.values:
            if type(outer.values[name]) is dict:
                yield name, outer.table(name)
            else:
                outer.refuse(name, "config-type", f"this must be a table: [{key}.{name}].")

    def items(self, key: str) -> Iterator[Table]:
        """Take an array of tables, such as `[[nav]]`."""
        for index, value in enumerate(self.get(key, list, [])):
            if type(value) is dict:
                yield Table(self.source, value, (*self.way, key, index))
            else:
                self.refuse(key, "config-type", f"every item must be a table: [[{key}]].")

    def close(self) -> None:
        """Warn of every key that nobody asked for."""
        for key in self.values:
            if key not in self._known:
                what = "section" if isinstance(self.values[key], dict) else "option"
                message = f"{self.name(key)}: there is no such {what}; it is not used."
                hint = did_you_mean(key, self._known)
                if self.way and key in self.source.top:
                    hint = "If it is the site's, write it above the first section."
                self.source.note((*self.way, key), "config-unknown", message, hint, level=Level.WARNING, at_key=True)


def plain(text: str) -> str:
    """Trim a text; control characters other than line ends and tabs are refused.

    Raises: RefusedError.
    """
    if any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in text):
        raise RefusedError("config-value", "there is a control character in it.", "Type the text again.")
    return text.strip()


def _example(key: str, kind: type) -> str:
    examples = {str: f'{key} = "…"', bool: f"{key} = true", int: f"{key} = 10", float: f"{key} = 10"}
    return f"Write it as: {examples[kind]}" if kind in examples else ""
