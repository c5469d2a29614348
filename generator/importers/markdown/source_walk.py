"""Walk over a folder of sources, and find the folders and files that its generator reads.

Does not follow symbolic links out of the folder or to any folder. Skips generators' own folders (layouts, themes,
output).
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

from generator.content.names import ignored, unusable, visible
from generator.errors import Problem, error
from generator.importers.files import SOURCES
from generator.importers.import_model import Note, Topic
from generator.importers.markdown.source_rules import SourceRules

_NEVER = frozenset((
    "_site", "_layouts", "_includes", "_sass", "_data", "_plugins", "_archetypes", "node_modules", "bower_components",
    "__pycache__", "venv", ".venv",
))  # fmt: skip
_OF_A_PROJECT = frozenset((
    "archetypes", "assets", "data", "i18n", "layouts", "output", "public", "resources", "sass", "static", "templates",
    "theme", "themes", "vendor",
))  # fmt: skip
ABOUT = re.compile(r"(?i)(readme|contributing|changelog|license|licence|code[_-]of[_-]conduct|security|404)\.\w+")
_MAX_DEPTH = 64


class SourceWalk:
    """One walk over a folder: all its files by folder, with paths as on disk."""

    def __init__(self, root: Path, project: bool, avoid: Path | None, place: str, rules: SourceRules) -> None:
        self.root = root
        self.label = unicodedata.normalize("NFC", root.resolve().name)
        self.real = os.path.realpath(root)
        self.project = project
        self.place = place
        self.rules = rules
        self.avoid = os.path.realpath(avoid) if avoid else None
        self.files: dict[str, list[str]] = defaultdict(list)
        self.below: dict[str, list[str]] = defaultdict(list)
        self.notes: list[Note] = []
        self.problems: list[Problem] = []

    def folder(self, place: Path, rel: str, depth: int) -> None:
        """Add a folder and those below it, sorted by name."""
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError as reason:
            what = f"The folder cannot be read: {reason.strerror}."
            self.problems.append(error(self.shown(rel), "unreadable", what, "Check its permissions."))
            return
        for entry in entries:
            path = f"{rel}/{entry.name}".lstrip("/")
            if ignored(entry.name) or not self._usable(entry.name, path):
                continue
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and self._passed_over(entry, rel, depth):
                continue
            if self._skipped(entry.name, path, is_folder=is_folder):
                continue
            if entry.is_symlink():
                self._link(entry, path, rel)
            elif is_folder:
                self.below[rel].append(entry.name)
                self.folder(place / entry.name, path, depth + 1)
            elif entry.is_file(follow_symlinks=False):
                self.files[rel].append(entry.name)

    def _skipped(self, name: str, path: str, *, is_folder: bool) -> bool:
        """Return True if the generator does not read a path; note skipped folders and texts."""
        text = name.lower().endswith(SOURCES)
        if not is_folder and not text:
            return False
        why = self.rules.why_skipped(self.place + path, folder=is_folder)
        if why and not (text and ABOUT.fullmatch(name)):
            self.notes.append(Note(Topic.FILE, why, self.shown(path)))
            return True
        return False

    def _usable(self, name: str, path: str) -> bool:
        why = unusable(name)
        if why is not None:
            self.problems.append(
                error(visible(self.shown(path)), "file-name", f"The file was not imported. {why}", "Rename it.")
            )
        return why is None

    def _link(self, entry: os.DirEntry[str], path: str, rel: str) -> None:
        """Follow a symbolic link only to a file inside the source."""
        target = os.path.realpath(entry.path)
        if target.startswith(self.real + os.sep) and Path(target).is_file():
            self.files[rel].append(entry.name)
        else:
            words = "A symbolic link that leads out of the folder, or to a folder. Openletter does not follow it."
            self.notes.append(Note(Topic.FILE, words, self.shown(path)))

    def _passed_over(self, entry: os.DirEntry[str], rel: str, depth: int) -> bool:
        name = entry.name
        if depth >= _MAX_DEPTH or (self.avoid and os.path.realpath(entry.path) == self.avoid):
            return True
        path = f"{self.place}{rel}/{name}" if rel else self.place + name
        if self.rules.leads_to_content(path):
            return False
        return name in _NEVER or (self.project and not rel and name in _OF_A_PROJECT)

    def shown(self, rel: str) -> str:
        """Return a path as the report shows it."""
        return unicodedata.normalize("NFC", f"{self.label}/{rel}")
