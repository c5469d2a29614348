"""TOML settings as a tree: each value as the TOML reader gives it, with the place where it was written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.errors import ConfigError, Problem, error
from generator.text.toml_positions import KeyPath, Positions
from generator.text.tree import MAX_DEPTH, Items, Scalar, Table, Text, Value

MAX_BYTES = 1_000_000
_MAX_BITS = 10_000
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_settings(file: Path, path: str) -> str:
    """Read a TOML file as text, without a byte order mark and with line feeds alone; at most 1 MB.

    Raises: ConfigError, when there is no such file, it cannot be read, is too large, or is not UTF-8.
    """
    try:
        if not file.is_file():
            hint = "Go to your site's folder, or make a new site with: openletter init my-site"
            raise ConfigError(error(path, "config-missing-file", f"there is no {path} here.", hint))
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as failure:
        reason = failure.strerror or "it cannot be read"
        raise ConfigError(error(path, "config-unreadable", f"the file cannot be opened: {reason}.")) from failure
    if len(data) > MAX_BYTES:
        raise ConfigError(error(path, "config-unreadable", "the file is larger than 1 MB."))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as failure:
        before = data[: failure.start]
        line, column = before.count(b"\n") + 1, failure.start - before.rfind(b"\n")
        hint = "Save the file in the encoding UTF-8."
        problem = error(path, "config-encoding", "the file is not UTF-8 text.", hint, line=line, column=column)
        raise ConfigError(problem) from failure


def parse_settings(text: str, path: str) -> Table:
    """Read TOML.

    Raises: ConfigError with line and column of the first mistake of syntax.
    """
    try:
        data = tomllib.loads(text)
        _check_numbers(data)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as failure:
        raise ConfigError(_syntax_problem(text, path, str(failure))) from failure
    return locate_settings(data, Positions(text))


def locate_settings(values: Mapping[str, Any], positions: Positions) -> Table:
    """Give values their places. What is nested deeper than `MAX_DEPTH` stays one value: no setting is so deep."""
    table = _node(dict(values), positions, ())
    assert isinstance(table, Table)
    return table


def _node(value: Any, positions: Positions, way: KeyPath) -> Value:
    place = positions.place(way)
    if type(value) is dict and len(way) < MAX_DEPTH:
        entries: dict[str, tuple[Text, Value]] = {}
        for key, item in value.items():
            at = positions.place((*way, key))
            entries[key] = (Text(key, at.line, at.key), _node(item, positions, (*way, key)))
        return Table(entries, place.line, place.value)
    if type(value) is list and len(way) < MAX_DEPTH:
        items: list[Value] = []
        for index, item in enumerate(value):
            nested = isinstance(item, dict | list)
            items.append(_node(item, positions, (*way, index)) if nested else Scalar(item, place.line, place.value))
        return Items(tuple(items), place.line, place.value)
    return Scalar(value, place.line, place.value)


def _check_numbers(value: Any) -> None:
    """Refuse a whole number that Python would not write in a message: `0xFFF…` is read at any length."""
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        raise ValueError("a number in it is too large")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _check_numbers(each)


def _syntax_problem(text: str, path: str, message: str) -> Problem:
    at = _AT.search(message)
    lines = text.rstrip("\n").split("\n")
    line, column = (int(at[1]), int(at[2])) if at and at[1] else (len(lines), len(lines[-1]) + 1)
    said = _AT.sub("", message)
    hint = 'Write options as name = "text"; a name may stand only once in its section.'
    if re.search(r"^\s*theme\s*=", text, re.M) and re.search(r"^\s*\[theme\]", text, re.M):
        hint = 'Leave out the line theme = "…", and write name = "…" below [theme].'
    return error(path, "config-syntax", f"this is not TOML: {said}.", hint, line=line, column=column)
