"""What Pelican reads and publishes: the paths of articles and pages, exclusions, and the default status."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path
from posixpath import normpath
from typing import Any

from generator.importers.markdown.plain_values import to_entries
from generator.importers.markdown.python_settings import PythonSettings
from generator.importers.markdown.source_rules import Entries, SourceRules, below, leads_to
from generator.importers.markdown.source_text import SourceText
from generator.model import Kind

_WATCHED = (
    "PATH", "ARTICLE_PATHS", "PAGE_PATHS", "ARTICLE_EXCLUDES", "PAGE_EXCLUDES", "IGNORE_FILES", "DEFAULT_METADATA",
    "EXTRA_PATH_METADATA", "PATH_METADATA", "FILENAME_METADATA", "READERS", "ARTICLE_SAVE_AS", "PAGE_SAVE_AS",
)  # fmt: skip
"""The settings that decide what is public."""
_DATE_IN_NAME = re.compile(r"\d{4}-\d{2}-\d{2}")


class PelicanRules(SourceRules):
    """The rules of Pelican. Source: Pelican's `Generator.get_files` and its documentation, "Settings"."""

    def __init__(self, root: Path, settings: PythonSettings) -> None:
        unknown = [name for name in _WATCHED if name in settings.unknown]
        doubts = [f"{name} in Pelican's settings is not a plain value and was not evaluated." for name in unknown]
        doubts += [f"Pelican's settings could be read only in part: {each}." for each in settings.opaque]
        for name in ("PATH_METADATA", "FILENAME_METADATA"):
            if "<status>" in str(settings.known(name, "")):
                doubts.append(f"{name} in Pelican's settings reads a status from paths and was not evaluated.")
        super().__init__(tuple(doubts))
        self._settings = settings
        self._path = _find_path(root, settings)
        self._articles = self._folders("ARTICLE_PATHS", ("",))
        self._pages = self._folders("PAGE_PATHS", ("pages",))
        self._no_articles = (*self._folders("ARTICLE_EXCLUDES", ()), *self._pages)
        self._no_pages = (*self._folders("PAGE_EXCLUDES", ()), *self._articles)
        self._ignored = _texts(settings.known("IGNORE_FILES", [".#*", "__pycache__"]))
        readers = settings.known("READERS", {})
        self._formats = (
            {str(key).lower() for key, value in readers.items() if value is None}
            if isinstance(readers, dict)
            else set()
        )

    def leads_to_content(self, path: str) -> bool:
        """Return True for the folders of articles and pages."""
        return leads_to(path, (self._path, *self._articles, *self._pages))

    def content_path(self, path: str) -> str:
        """Return the path below `PATH`, as if this were `content`."""
        if self._path == "content" or not below(path, self._path):
            return path
        return f"content/{path.removeprefix(self._path + '/') if self._path else path}"

    def kind(self, path: str) -> Kind | None:
        """Decide between article and page by the folder."""
        if self._among(path, self._pages, self._no_pages):
            return Kind.PAGE
        return Kind.POST if self._among(path, self._articles, self._no_articles) else None

    def inherited(self, path: str) -> Entries:
        """Return `DEFAULT_METADATA`, and the `EXTRA_PATH_METADATA` of a file or a folder around it."""
        usual = self._settings.known("DEFAULT_METADATA", {})
        found: dict[Any, Any] = dict(usual) if isinstance(usual, (dict, tuple, list)) and _is_pairs(usual) else {}
        extra = self._settings.known("EXTRA_PATH_METADATA", {})
        inner = path.removeprefix(f"{self._path}/") if self._path else path
        for folder, values in (
            sorted(extra.items(), key=lambda item: len(str(item[0]))) if isinstance(extra, dict) else ()
        ):
            if isinstance(values, dict) and below(inner, _clean(str(folder))):
                found |= {key: value for key, value in values.items() if key not in ("path", "save_as", "url")}
        return {key.lower(): value for key, value in to_entries(found).items()}

    def why_hidden(self, path: str, read: SourceText) -> tuple[str, ...]:
        """Add articles without a date, and kinds that are written to no file."""
        found = list(super().why_hidden(path, read))
        kind = self.kind(path)
        setting = "PAGE_SAVE_AS" if kind is Kind.PAGE else "ARTICLE_SAVE_AS"
        if self._settings.known(setting, "x") in ("", None, False):
            found.append(f"{setting} is empty in Pelican's settings, so Pelican made no page of it.")
        named = {key.lower() for key in read.table.entries}
        if kind is Kind.POST and "date" not in named and not _DATE_IN_NAME.search(path.rpartition("/")[2]):
            found.append("It has no date, so Pelican did not publish it.")
        return tuple(found)

    def _folders(self, name: str, usual: tuple[str, ...]) -> tuple[str, ...]:
        written = _texts(self._settings.known(name, list(usual)))
        return tuple(_clean(f"{self._path}/{each}") for each in written)

    def _among(self, path: str, folders: tuple[str, ...], excluded: tuple[str, ...]) -> bool:
        """Return True if one of the folders contains a file, without an excluded folder in between."""
        for folder in folders:
            if below(path, folder) and not any(
                below(path, each) and each != folder and below(each, folder) for each in excluded
            ):
                return True
        return False

    def _why_skipped(self, path: str, *, folder: bool) -> str:
        name = path.rpartition("/")[2]
        if any(fnmatchcase(name, each.removeprefix("**/")) for each in self._ignored):
            return "The setting IGNORE_FILES of Pelican skips it."
        if folder and (self.leads_to_content(path) or self._path == path):
            return ""
        if not self._among(path, self._articles, self._no_articles) and not self._among(
            path, self._pages, self._no_pages
        ):
            return "Pelican reads it neither as an article nor as a page."
        ending = name.rpartition(".")[2].lower()
        return f"The setting READERS of Pelican turns off .{ending} files." if ending in self._formats else ""


def _find_path(root: Path, settings: PythonSettings) -> str:
    """Return `PATH`; else `content`, as in Pelican's Makefile, if it exists, else the project's folder."""
    written = settings.known("PATH", "")
    usual = "content" if (root / "content").is_dir() else ""
    return _clean(written) if isinstance(written, str) and written else usual


def _texts(value: object) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value if isinstance(value, (list, tuple, set)) else []
    return tuple(each for each in listed if isinstance(each, str))


def _is_pairs(value: Any) -> bool:
    return isinstance(value, dict) or all(isinstance(each, (tuple, list)) and len(each) == 2 for each in value)


def _clean(path: str) -> str:
    found = normpath(path.replace("\\", "/").strip("/") or ".")
    return "" if found == "." else found
