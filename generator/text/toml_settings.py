"""Read TOML settings as a tree: each value has the type that the TOML reader returns, and its place."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import ConfigError, Problem, error
from generator.text.short_text import printable
from generator.text.toml_positions import KeyPath, Positions
from generator.text.tree import MAX_DEPTH, Items, Scalar, Table, Text, Value

if TYPE_CHECKING:
    from generator.text.toml_mistakes import Mistake

MAX_BYTES = 1_000_000
_MAX_BITS = 10_000


def read_settings(file: Path, path: str) -> str:
    """Read a TOML file as text, without a byte order mark and with line feeds alone; at most 1 MB.

    Raises: ConfigError if there is no such file, or it cannot be read, is too large, or is not UTF-8.
    """
    try:
        if not file.is_file():
            raise ConfigError(_missing(file, path))
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as failure:
        reason = failure.strerror or "it cannot be read"
        hint = "Check that it is a file and that you may read it."
        raise ConfigError(error(path, "config-unreadable", f"Cannot open {path}: {reason}.", hint)) from failure
    if len(data) > MAX_BYTES:
        hint = "Check that it is the file you mean."
        raise ConfigError(error(path, "config-unreadable", f"{path} is larger than 1 MB.", hint))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as failure:
        raise ConfigError(_encoding_problem(path, data, failure.start)) from failure


def _missing(file: Path, path: str) -> Problem:
    """Describe a folder without a site; a folder above it that has one is named."""
    folder, whole = file.parent, file.parent.resolve()
    there = "is no folder" if folder.exists() else "does not exist"
    message = f"There is no {path} in {whole}." if folder.is_dir() else f"{whole} {there}."
    above = find_above(whole, path)
    hint = "Change to your site's folder, or make a new site: openletter init my-site"
    renamed = next((each.name for each in _files_in(folder) if each.name.lower() in (path, f"{path}.txt")), "")
    if renamed:
        hint = f"Rename {renamed} to {path}. Windows hides the end of a name: turn on View > File name extensions."
        hint = f"Rename {renamed} to {path}." if renamed.lower() == path else hint
    elif above is not None:
        hint = f'Your site is in a folder above it: --site "{above}"'
    return error(path, "config-missing-file", message, hint)


def _files_in(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def find_above(folder: Path, name: str) -> Path | None:
    """Find the nearest folder above `folder`, which is absolute, with a file `name`."""
    return next((each for each in folder.parents if (each / name).is_file()), None)


def _encoding_problem(path: str, data: bytes, at: int) -> Problem:
    line, column = data.count(b"\n", 0, at) + 1, at - data.rfind(b"\n", 0, at)
    message = "A character here is not in UTF-8."
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = 'The file is saved as UTF-16 (Notepad calls it "Unicode").'
    hint = "Open it in your editor, choose Save as, and the encoding UTF-8."
    return error(path, "config-encoding", message, hint, line=line, column=column)


def parse_settings(text: str, path: str, lists: Collection[str] = ()) -> Table:
    """Read TOML. `lists` names the sections that are written `[[name]]`.

    Raises: ConfigError with line and column of the first mistake of syntax.
    """
    try:
        data = tomllib.loads(text)
        _check_numbers(data)
        mistake = _find_escaped_path(text, data)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as failure:
        from generator.text.toml_mistakes import find_mistake

        mistake = find_mistake(text, str(failure), lists)
    if mistake is not None:
        place = {"line": mistake.line, "column": mistake.column}
        raise ConfigError(error(path, "config-syntax", printable(mistake.message), printable(mistake.hint), **place))
    return locate_settings(data, Positions(text))


def _find_escaped_path(text: str, data: object) -> Mistake | None:
    if "\\" not in text:
        return None
    from generator.text.toml_mistakes import find_escaped_path

    return find_escaped_path(text, data)


def locate_settings(values: Mapping[str, Any], positions: Positions) -> Table:
    """Add the places to values. A table deeper than `MAX_DEPTH` stays one value, because no setting is that deep."""
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
    """Refuse a whole number that is too long for a message: Python reads `0xFFF…` at any length."""
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        raise ValueError("a number in it is too large")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _check_numbers(each)
