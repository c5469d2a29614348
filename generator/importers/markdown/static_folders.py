"""Folders whose files a project publishes as they are, besides `static`: settings name them, and themes have theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.importers.markdown.project_settings import list_texts

_STATIC = "static"


def find_hugo_folders(root: Path, data: Mapping[str, Any]) -> tuple[Path, ...]:
    """Find those of Hugo, in the order in which they count; keys of `data` are in small letters.

    Source: Hugo's documentation, "Static files", "Module mounts" and "Theme components".
    """
    languages = data.get("languages")
    tables = [data, *(languages.values() if isinstance(languages, dict) else ())]
    own = [folder for table in tables if isinstance(table, dict) for folder in _static_folders(table)]
    module = _folded(data.get("module"))
    own += [source for source, target in _pairs(module.get("mounts"), "source", "target") if target == _STATIC]
    imports = [path for path, _ in _pairs(module.get("imports"), "path", "")]
    return _inside(root, (*own, *_theme_folders(root, data, "themesdir", [*list_texts(data.get("theme")), *imports])))


def find_zola_folders(root: Path, data: Mapping[str, Any]) -> tuple[Path, ...]:
    """Find that of Zola's theme."""
    return _inside(root, _theme_folders(root, data, "", list_texts(data.get("theme"))))


def _static_folders(table: Mapping[str, Any]) -> Iterator[str]:
    """Name the folders of `staticDir`, `staticDir0` to `staticDir10`."""
    for key, value in table.items():
        if str(key).lower() in ("staticdir", *(f"staticdir{number}" for number in range(11))):
            yield from list_texts(value)


def _theme_folders(root: Path, data: Mapping[str, Any], key: str, names: list[str] | tuple[str, ...]) -> list[str]:
    """Name the folders of themes; all there are if the settings name none, as the command line may have."""
    written = data.get(key)
    themes = written.strip("/") if isinstance(written, str) and written.strip("/") else "themes"
    if not names and (root / themes).is_dir():
        names = sorted(each.name for each in (root / themes).iterdir())
    return [f"{folder}/{name.strip('/')}/{_STATIC}" for name in names for folder in (themes, "_vendor")]


def _pairs(value: object, first: str, second: str) -> Iterator[tuple[str, str]]:
    for table in value if isinstance(value, list) else [value]:
        folded = _folded(table)
        if isinstance(folded.get(first), str):
            yield folded[first].strip("/"), str(folded.get(second, "")).strip("/")


def _folded(table: object) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in table.items()} if isinstance(table, dict) else {}


def _inside(root: Path, folders: tuple[str, ...] | list[str]) -> tuple[Path, ...]:
    """Keep the folders that are there, within the project."""
    base = root.resolve()
    found = [(root / folder).resolve() for folder in dict.fromkeys(folders)]
    return tuple(each for each in found if each.is_relative_to(base) and each != base and each.is_dir())
