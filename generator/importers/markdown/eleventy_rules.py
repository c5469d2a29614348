"""What Eleventy reads and publishes: input folder, ignore files, data files. Its configuration is not run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from posixpath import normpath
from typing import Any

from generator.content.read import decode_source, read_source
from generator.errors import ContentError
from generator.importers.markdown.eleventy_data import read_data, read_global_data
from generator.importers.markdown.front_matter_keys import truth
from generator.importers.markdown.globs import match_ignore_line
from generator.importers.markdown.js_literals import list_calls, list_settings, strip_comments
from generator.importers.markdown.plain_values import to_entries
from generator.importers.markdown.source_rules import Entries, SourceRules, below
from generator.importers.markdown.source_text import SourceText
from generator.text.tree import Table

_DIRS = {"input": "", "output": "_site", "includes": "_includes", "layouts": "", "data": "_data"}
_HIDING = ("permalink", "eleventyComputed", "eleventyExcludeFromCollections")
_FORMATS = re.compile(
    r"(?:\btemplateFormats\s*:|\bsetTemplateFormats\s*\()\s*(?P<value>\[[^\[\]]*\]|\"[^\"]*\"|'[^']*'|[^\s,;)]*)"
)

_BLOCK = re.compile(r"\bdir\s*(?::|=)\s*\{(?P<inner>[^{}]*)\}")
_COMPUTED = re.compile(r"\bdir\s*(?::|=)\s*[^\s{]|\bdir\s*,|\bdir\s*\}")


class EleventyRules(SourceRules):
    """The rules of Eleventy. Source: Eleventy's documentation, "Ignore template files" and "Directory data files"."""

    def __init__(self, root: Path, config: str, flags: Mapping[str, str]) -> None:
        self._root = root
        program = strip_comments(config)
        doubts: list[str] = []
        dirs = {name: _find_dir(program, name, flags, doubts) for name in _DIRS}
        self._input = _clean(dirs["input"])
        own = [f"{self._input}/{dirs[name]}" for name in ("includes", "layouts", "data") if dirs[name]]
        self._not_read = tuple(_clean(each) for each in (*own, dirs["output"]))
        self._ignored = self._read_ignored(program, doubts)
        self._formats = _find_formats(program, doubts)
        everywhere = read_global_data(root, _clean(f"{self._input}/{dirs['data']}"))
        self._everywhere = everywhere.values
        doubts += [f"The data file {name} could not be evaluated." for name in everywhere.unread]
        doubts += _find_doubts(program)
        super().__init__(tuple(doubts))
        formats = _find_data_formats(program)
        self._data = cache(lambda stem: read_data(root, stem, formats))

    def leads_to_content(self, path: str) -> bool:
        """Return True for the input folder and its parents."""
        return bool(self._input) and below(self._input, path)

    def content_path(self, path: str) -> str:
        """Return the path below the input folder."""
        return path.removeprefix(f"{self._input}/") if self._input else path

    def inherited(self, path: str) -> Entries:
        """Combine the data of the folders around a template and its own; the nearest takes precedence."""
        found: dict[str, Any] = dict(self._everywhere)
        for stem in self._stems(path):
            found |= self._data(stem).values
        return to_entries(found)

    def why_hidden(self, path: str, read: SourceText) -> tuple[str, ...]:
        """Add templates excluded from collections, and data files that could not be evaluated."""
        found = list(super().why_hidden(path, read))
        unread = [name for stem in self._stems(path) for name in self._data(stem).unread]
        found += [f"The data file {name} could not be evaluated, so it may not have been public." for name in unread]
        values = {key: value for key, (_, value) in read.table.entries.items()}
        excluded = values.get("eleventyExcludeFromCollections")
        if excluded is not None and truth(excluded) is not False:
            found.append("eleventyExcludeFromCollections excluded it from all lists.")
        computed = values.get("eleventyComputed")
        if computed is not None and (not isinstance(computed, Table) or set(_HIDING) & set(computed.entries)):
            found.append("eleventyComputed could not be evaluated, so it may have been hidden.")
        return tuple(found)

    def _stems(self, path: str) -> list[str]:
        """List the data files of a template without their suffixes, the nearest last."""
        folder, name = path.rpartition("/")[0], path.rpartition(".")[0]
        found = [name]
        while folder and below(folder, self._input):
            found.append(f"{folder}/{folder.rpartition('/')[2]}")
            folder = folder.rpartition("/")[0]
        return found[::-1]

    def _why_skipped(self, path: str, *, folder: bool) -> str:
        if not below(path, self._input) and not (folder and self.leads_to_content(path)):
            return f"Eleventy reads only the folder {self._input}."
        if path in self._not_read:
            return "Eleventy uses this folder itself."
        for place, line, name in self._ignored:
            if below(path, place) and path != place and match_ignore_line(line, path.removeprefix(f"{place}/")):
                return f"{name} excludes it."
        ending = path.lower().rpartition(".")[2]
        if not folder and self._formats and ending in ("md", "html") and ending not in self._formats:
            return f"Eleventy's template formats do not include {ending}."
        return ""

    def _read_ignored(self, program: str, doubts: list[str]) -> tuple[tuple[str, str, str], ...]:
        """List the lines of ignore files, each with the folder it applies to and its file's name."""
        names = [(folder, ".eleventyignore") for folder in dict.fromkeys(("", self._input))]
        used = re.search(r"\bsetUseGitIgnore\s*\(\s*false\s*\)", program) is None
        names += [("", ".gitignore")] if used else []
        found = [("", "node_modules", "Eleventy")]
        for folder, name in names:
            try:
                text = read_text_file(self._root, f"{folder}/{name}".lstrip("/"))
            except ContentError:
                doubts.append(f"The file {name} could not be read.")
                continue
            lines = [line.strip() for line in text.split("\n")]
            found += [(folder, line.removeprefix("./"), name) for line in lines if line and line[0] not in "#!"]
        for value in list_calls(program, "ignores.add"):
            if value is None:
                doubts.append("A call of ignores.add in Eleventy's configuration could not be evaluated.")
            else:
                found.append(("", f"/{value.removeprefix('./').lstrip('/')}", "Eleventy's configuration"))
        return tuple(found)


def read_text_file(root: Path, name: str) -> str:
    """Read a file of the project, "" if it does not exist. Raises: ContentError."""
    file = root / name
    if not file.is_file() or file.is_symlink():
        return ""
    return decode_source(name, read_source(file, name))


def _find_dir(program: str, name: str, flags: Mapping[str, str], doubts: list[str]) -> str:
    """Return the folder set in the configuration or on the command line; the default if unknown."""
    if name in flags:
        return flags[name]
    blocks = [match["inner"] for match in _BLOCK.finditer(program)]
    found = list_calls(program, f"set{name.capitalize()}Directory")
    for inner in blocks:
        found += list_settings(f"{inner}\n", name)
        unknown = "..." in inner or re.search(rf"(?:^|,)\s*{name}\s*(?:,|$)", inner)
        found += [None] if unknown else []
    found += [None] if name == "input" and not blocks and _COMPUTED.search(program) else []
    if len(set(found)) > 1 or None in found:
        doubts.append(f"The folder dir.{name} in Eleventy's configuration could not be evaluated.")
    return next((each for each in found if each is not None), _DIRS[name])


def _find_formats(program: str, doubts: list[str]) -> frozenset[str]:
    """Return the template formats set in the configuration, empty if none are set."""
    found: set[str] = set()
    for match in _FORMATS.finditer(program):
        value = match["value"]
        if value[:1] not in ("[", '"', "'") or "..." in value or "`" in value:
            doubts.append("The template formats in Eleventy's configuration could not be evaluated.")
        found |= {part.strip() for text in re.findall(r"[\"']([^\"']*)[\"']", value) for part in text.split(",")}
    return frozenset(found)


def _find_data_formats(program: str) -> frozenset[str]:
    """Return the endings of the data files that the configuration adds."""
    named = [name for name in list_calls(program, "addDataExtension") if name]
    return frozenset(each.strip(" .") for name in named for each in name.split(",") if each.strip(" ."))


def _find_doubts(program: str) -> list[str]:
    """List settings that may hide templates and can be known only by running the configuration."""
    found = []
    if any(name != "drafts" for name in list_calls(program, "addPreprocessor")):
        found.append("A preprocessor in Eleventy's configuration was not evaluated.")
    if re.search(r"\bsetDataFile(?:Suffixes|BaseName)\s*\(", program):
        found.append("Eleventy's configuration changes the names of data files; files with these names were not read.")
    if None in list_calls(program, "addDataExtension"):
        found.append("addDataExtension in Eleventy's configuration could not be evaluated.")
    data = list_calls(program, "addGlobalData")
    if any(name is None or name.partition(".")[0] in _HIDING for name in data):
        found.append("addGlobalData in Eleventy's configuration was not evaluated.")
    return found


def _clean(path: str) -> str:
    found = normpath(path.replace("\\", "/").strip("/") or ".")
    return "" if found == "." else found
