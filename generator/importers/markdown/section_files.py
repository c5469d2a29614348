"""Read the section indexes of folders: Hugo's and Zola's `_index.md`."""

from __future__ import annotations

import os
from pathlib import Path

from generator.errors import ContentError
from generator.importers.files import SOURCES
from generator.importers.import_model import Origin
from generator.importers.markdown.source_text import SourceText, read_text
from generator.text.tree import Table, Text

UNREADABLE = SourceText(Table({"draft": (Text("draft", 0, 1), Text("true", 0, 1))}, 0, 1), "", 1, "-")
"""The front matter assumed for an unreadable index, which may hide its section."""


def list_sections(root: Path, folder: str) -> list[str]:
    """List the names of the section indexes in a folder, of all languages."""
    try:
        names = sorted(os.listdir(root / folder))  # noqa: PTH208 (only names)
    except OSError:
        return []
    return [name for name in names if name.startswith("_index.") and name.lower().endswith(SOURCES)]


def read_section(root: Path, folder: str, names: list[str] | None = None) -> list[SourceText]:
    """Read the section indexes of a folder; one that cannot be read counts as a draft."""
    found = []
    for name in list_sections(root, folder) if names is None else names:
        file = root / folder / name
        if not file.resolve().is_relative_to(root.resolve()) or not file.is_file():
            continue
        try:
            found.append(read_text(Origin(name, name, root, file)))
        except ContentError:
            found.append(UNREADABLE)
    return found
