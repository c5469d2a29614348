"""Find the place of a key in a TOML text.

The standard library's TOML reader returns values without places. This module searches the text, line by line, for the
section's header and the key, and skips lines within multi-line strings. A key inside an inline table or a list is found
by its name on its parent's line; otherwise it has its parent's place.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from msgspec import Struct

from generator.patterns import lazy_pattern

KeyPath: TypeAlias = tuple[str | int, ...]
"""The path to a key: names of tables, and the number of the item in an array of tables, from 0."""

_HEADER = lazy_pattern(r"^\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?$")
_PART = lazy_pattern(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*(?:\.|$)""")
_KEY = lazy_pattern(r"""^(\s*)((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=\s*""")
_TRIPLE = lazy_pattern(r"\"\"\"|'''")


class KeyPlace(Struct, frozen=True):
    """A line and two columns, all from 1: of the key and of its value."""

    line: int
    key: int
    value: int


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(next(filter(None, match.groups()), "") for match in _PART.finditer(dotted))


class Positions:
    """The places of all keys and headers of one TOML text."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._places: dict[KeyPath, KeyPlace] = {}
        self._counts: dict[KeyPath, int] = {}
        self._read()

    def place(self, path: KeyPath) -> KeyPlace:
        """Find a key. One without its own line has its nearest parent's place; the file itself has the first line."""
        known = path
        while known and known not in self._places:
            known = known[:-1]
        if not known:
            return KeyPlace(1, 1, 1)
        found = self._places[known]
        for part in path[len(known) :]:
            found = self._inline(found, part)
        return found

    def _inline(self, parent: KeyPlace, name: str | int) -> KeyPlace:
        line = self._lines[parent.line - 1]
        match = lazy_pattern(rf"[{{,\s][\"']?({re.escape(str(name))})[\"']?\s*=\s*").search(line, parent.value - 1)
        return KeyPlace(parent.line, match.start(1) + 1, match.end() + 1) if match else parent

    def _read(self) -> None:
        section: KeyPath = ()
        closing = ""
        for number, line in enumerate(self._lines, 1):
            if closing:
                closing = "" if closing in line else closing
                continue
            if not line or line.lstrip().startswith("#"):
                continue
            key = _KEY.match(line)
            header = None if key else _HEADER.match(line)
            if header:
                section = self._enter(_parts(header[2]), is_array=header[1] == "[[")
                place = KeyPlace(number, header.start(1) + 1, header.start(1) + 1)
                self._places.setdefault(section, place)
                if header[1] == "[[":
                    self._places.setdefault(section[:-1], place)
            elif key:
                path = section + _parts(key[2])
                self._places.setdefault(path, KeyPlace(number, key.start(2) + 1, key.end() + 1))
            closing = _left_open(line)

    def _enter(self, names: tuple[str, ...], *, is_array: bool) -> KeyPath:
        path: KeyPath = ()
        for name in names[:-1]:
            path += (name,)
            if path in self._counts:
                path += (self._counts[path] - 1,)
        path += names[-1:]
        if is_array:
            self._counts[path] = self._counts.get(path, 0) + 1
            path += (self._counts[path] - 1,)
        return path


def _left_open(line: str) -> str:
    """Name the quotes of a multi-line string that begins on the line and does not end there; "" if there is none."""
    closing = ""
    for match in _TRIPLE.finditer(line):
        if not closing:
            closing = match[0]
        elif closing == match[0]:
            closing = ""
    return closing
