"""Apply what a project's settings say of single sources: what is left out, what front matter it has by default."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from generator.content.tree import Table, Text, Value
from generator.importers.import_model import Generator
from generator.importers.markdown.project_settings import ProjectSettings
from generator.importers.markdown.source_text import SourceText

_PUBLIC = frozenset(("_posts", "_drafts", "_pages"))


def place_of(source: Path, project: ProjectSettings) -> str:
    """Tell where in its project a source folder lies: `_posts/`, "" for the project's own folder."""
    folder = source if source.is_dir() else source.parent
    if project.root is None:
        return ""
    try:
        inner = folder.resolve().relative_to(project.root.resolve()).as_posix()
    except ValueError:
        return ""
    return "" if inner == "." else f"{inner}/"


def left_out(path: str, project: ProjectSettings) -> bool:
    """Tell whether the settings exclude a file or folder, by its path in the project."""
    paths = (path, path.removeprefix("content/"))  # Zola's patterns begin below its contents
    return any(each == name or fnmatchcase(each, name) for name in project.excluded for each in paths)


def with_defaults(read: SourceText, path: str, project: ProjectSettings) -> SourceText:
    """Give a source the front matter that the settings have for it; what it says itself counts."""
    entries: dict[str, tuple[Text, Value]] = {}
    for each in project.defaults:
        below = not each.folder or f"{path}/".startswith(f"{each.folder}/") or fnmatchcase(path, each.folder)
        if below and each.type in ("", _type_of(path)):
            entries |= {
                key: (name, msgspec.structs.replace(value, line=0)) for key, (name, value) in each.entries.items()
            }
    own = read.table
    return replace(read, table=Table({**entries, **own.entries}, own.line, own.column)) if entries else read


def collection_of(path: str, project: ProjectSettings) -> str:
    """Name the Jekyll collection a source belongs to, "" for none: a folder `_recipes` of the project."""
    first, _, rest = path.partition("/")
    if project.shape is not Generator.JEKYLL or not rest or not first.startswith("_") or first in _PUBLIC:
        return ""
    return "" if first in project.included else first[1:]


def _type_of(path: str) -> str:
    folders = path.split("/")[:-1]
    if "_posts" in folders:
        return "posts"
    if "_drafts" in folders:
        return "drafts"
    return folders[0][1:] if folders and folders[0].startswith("_") else "pages"
