"""Add the default front matter that settings and nearby files define for sources."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from generator.importers.markdown.project_settings import ProjectSettings
from generator.importers.markdown.source_text import SourceText
from generator.text.tree import Table, Text, Value


def find_folder(source: Path, project: ProjectSettings) -> str:
    """Return a source folder's path in its project: `_posts/`, "" for the project's own folder."""
    folder = source if source.is_dir() else source.parent
    if project.root is None:
        return ""
    try:
        inner = folder.resolve().relative_to(project.root.resolve()).as_posix()
    except ValueError:
        return ""
    return "" if inner == "." else f"{inner}/"


def add_defaults(read: SourceText, path: str, project: ProjectSettings) -> SourceText:
    """Add default front matter to a source; its own front matter takes precedence."""
    entries: dict[str, tuple[Text, Value]] = {}
    for each in project.defaults:
        below = not each.folder or f"{path}/".startswith(f"{each.folder}/") or fnmatchcase(path, each.folder)
        if below and each.type in ("", _type_of(path)):
            entries |= {
                key: (name, msgspec.structs.replace(value, line=0)) for key, (name, value) in each.entries.items()
            }
    entries |= project.rules.inherited(path)
    own = read.table
    given = {key.lower() for key in own.entries}
    entries = {key: entry for key, entry in entries.items() if key.lower() not in given}
    return replace(read, table=Table({**entries, **own.entries}, own.line, own.column)) if entries else read


def _type_of(path: str) -> str:
    folders = path.split("/")[:-1]
    if "_posts" in folders:
        return "posts"
    if "_drafts" in folders:
        return "drafts"
    return folders[0][1:] if folders and folders[0].startswith("_") else "pages"
