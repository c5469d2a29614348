"""Read the data files that add front matter to Eleventy's templates, without running them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.content.read import decode_source, read_source
from generator.errors import ContentError
from generator.importers.markdown.js_literals import read_exported
from generator.importers.markdown.project_settings import parse_yaml

_PROGRAMS = (".js", ".cjs", ".mjs", ".ts")
_YAML = (".yaml", ".yml")
_GLOBAL = ("permalink", "eleventyComputed", "eleventyExcludeFromCollections", "draft", "published")


@dataclass(slots=True)
class FolderData:
    """The values of some data files, and the names of those that could not be read."""

    values: dict[str, Any] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def read_data(root: Path, stem: str, formats: frozenset[str] = frozenset()) -> FolderData:
    """Read `STEM.json`, `STEM.11tydata.json` and `STEM.11tydata.js`; later ones take precedence.

    `formats` are those that the configuration adds. YAML is read too; files of other formats are listed as unread.
    """
    found = FolderData()
    added = sorted(f"{stem}{middle}.{each}" for each in formats for middle in ("", ".11tydata"))
    plain = (f"{stem}.json", f"{stem}.11tydata.json", *(f"{stem}.11tydata{each}" for each in _PROGRAMS))
    for name in (*added, *plain):
        file = root / name
        if not file.is_file():
            continue
        readable = name in plain or name.endswith(_YAML)
        values = _read_file(root, file, name) if readable else None
        if values is None:
            found.unread.append(name)
        else:
            found.values |= values
    return found


def read_global_data(root: Path, folder: str) -> FolderData:
    """Read the global data files that decide whether templates are public."""
    found = FolderData()
    for key in _GLOBAL:
        for ending in (".json", ".yaml", ".yml", *_PROGRAMS):
            name = f"{folder}/{key}{ending}"
            file = root / name
            if not file.is_file():
                continue
            if ending in _PROGRAMS:
                found.unread.append(name)
                continue
            values = _read_file(root, file, name, key)
            if values is None:
                found.unread.append(name)
            else:
                found.values |= values
    return found


def _read_file(root: Path, file: Path, name: str, key: str = "") -> dict[str, Any] | None:
    """Read a file; None if it is outside the project or not plain data. With `key`, its content is that key's value."""
    if not file.resolve().is_relative_to(root.resolve()):
        return None
    try:
        text = decode_source(name, read_source(file, name))
        if name.endswith(_PROGRAMS):
            return read_exported(text)
        if key:
            return parse_yaml(f'{{"{key}": {text}\n}}')
        return parse_yaml(text)
    except ContentError:
        return None
