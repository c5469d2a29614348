"""What Hugo reads and publishes: content folders and mounts, `ignoreFiles`, `cascade`, `disableKinds`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

from generator.clock import Clock
from generator.importers.markdown.globs import compile_safely, match_glob, search_safely
from generator.importers.markdown.plain_values import to_entries
from generator.importers.markdown.project_settings import list_texts
from generator.importers.markdown.section_files import UNREADABLE, list_sections, read_section
from generator.importers.markdown.source_rules import Entries, SourceRules, below, leads_to
from generator.importers.markdown.source_text import SourceText
from generator.text.dates import parse_moment
from generator.text.tree import Text
from generator.text.written_rules import plain_value

_CONTENT = "content"
_LANGUAGE = re.compile(r"\.([a-z]{2,3}(?:-[a-z]{2,4})?)\.[a-z]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder that Hugo reads as `target`, in a language ("" for any); `only` and `never` are patterns below it."""

    source: str
    target: str = _CONTENT
    lang: str = ""
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def takes(self, path: str) -> bool:
        """Return True if the patterns allow a file of this folder."""
        inner = path.removeprefix(f"{self.source}/") if self.source else path
        if any(match_glob(each, inner) for each in self.never):
            return False
        return not self.only or any(match_glob(each, inner) for each in self.only)


class HugoRules(SourceRules):
    """The rules of Hugo. Source: Hugo's documentation, "Configuration", "Build options" and "Cascade"."""

    def __init__(
        self,
        root: Path,
        mounts: Sequence[Mount],
        *,
        default_language: str = "en",
        disabled_languages: frozenset[str] = frozenset(),
        disabled_kinds: frozenset[str] = frozenset(),
        ignored: tuple[re.Pattern[str], ...] = (),
        cascade: tuple[Mapping[str, Any], ...] = (),
        doubts: tuple[str, ...] = (),
    ) -> None:
        super().__init__(doubts)
        self._root = root
        self._mounts = tuple(sorted(mounts, key=lambda mount: -len(mount.source)))
        self._default_language = default_language
        self._disabled_languages = disabled_languages
        self._disabled_kinds = disabled_kinds
        self._ignored = ignored
        self._cascade = cascade
        self._section_cascade = cache(self._read_section_cascade)

    def leads_to_content(self, path: str) -> bool:
        """Return True for the folders that are mounted as content."""
        return leads_to(path, tuple(mount.source for mount in self._mounts))

    def content_path(self, path: str) -> str:
        """Return the path below `content` that a file is mounted at, with the folder of its language."""
        mount = self._mount_of(path)
        if mount is None or (mount.source == mount.target and not mount.lang):
            return path
        inner = path.removeprefix(f"{mount.source}/") if mount.source else path
        target = mount.target.removeprefix(_CONTENT).strip("/")
        return "/".join(filter(None, (_CONTENT, mount.lang, target, "" if path == mount.source else inner)))

    def inherited(self, path: str) -> Entries:
        """Combine the `cascade` of the settings and of the sections around a page; the nearest takes precedence."""
        found: dict[str, Any] = {}
        for each in (*self._cascade, *self._sections_around(path)):
            if self._targets(each, path):
                found |= {key: value for key, value in each.items() if key.lower() not in ("target", "_target")}
        return to_entries(found)

    def why_hidden(self, path: str, read: SourceText) -> tuple[str, ...]:
        """Add a disabled kind, and an end date in the past."""
        found = list(super().why_hidden(path, read))
        kind = "section" if _is_section(path) else "page"
        if kind in self._disabled_kinds:
            found.append(f'disableKinds in Hugo\'s settings has "{kind}", so Hugo did not publish it.')
        if _has_expired(read):
            found.append("Its end date (expiryDate) has passed, so Hugo no longer published it.")
        return tuple(found)

    def _why_skipped(self, path: str, *, folder: bool) -> str:
        mount = self._mount_of(path)
        if mount is None and not (folder and self.leads_to_content(path)):
            names = ", ".join(dict.fromkeys(mount.source or "." for mount in reversed(self._mounts)))
            return f"Hugo reads only these folders: {names}." if names else "Hugo has no content folder here."
        if not folder and mount is not None and not mount.takes(path):
            return "The module mounts of Hugo skip it."
        if search_safely(self._ignored, f"/{path}/" if folder else f"/{path}"):
            return "The setting ignoreFiles of Hugo skips it."
        written = _LANGUAGE.search(path)
        lang = (written[1] if written and not folder else mount.lang if mount else "").lower()
        if lang and lang in self._disabled_languages:
            return f"The language {lang} is disabled in Hugo's settings."
        return ""

    def _mount_of(self, path: str) -> Mount | None:
        inside = [mount for mount in self._mounts if below(path, mount.source)]
        return next((mount for mount in inside if mount.takes(path)), inside[0] if inside else None)

    def _sections_around(self, path: str) -> list[Mapping[str, Any]]:
        mount = self._mount_of(path)
        folders, folder = [], path.rpartition("/")[0]
        while mount is not None and below(folder, mount.source):
            folders.append(folder)
            if not folder or folder == mount.source:
                break
            folder = folder.rpartition("/")[0]
        lang = _LANGUAGE.search(path)
        own = lang[1].lower() if lang else self._default_language.lower()
        return [
            table
            for each in reversed(folders)
            for language, table in self._section_cascade(each)
            if language in ("", own)
        ]

    def _read_section_cascade(self, folder: str) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """Read the `cascade` of a folder's indexes, each with the language in its name ("" for none)."""
        found = []
        for name in list_sections(self._root, folder):
            match = _LANGUAGE.search(name)
            for read in read_section(self._root, folder, [name]):
                entries = {key.lower(): value for key, (_, value) in read.table.entries.items()}
                written = entries.get("cascade")
                plain = {"draft": "true"} if read is UNREADABLE else plain_value(written) if written else None
                found += [(match[1].lower() if match else "", table) for table in list_tables(plain)]
        return tuple(found)

    def _targets(self, cascade: Mapping[str, Any], path: str) -> bool:
        """Return True if a cascade applies to this page, or if that cannot be known."""
        target = next((value for key, value in cascade.items() if key.lower() in ("target", "_target")), None)
        for key, value in target.items() if isinstance(target, dict) else ():
            pattern = str(value).lower()
            if key.lower() == "path" and not match_glob(pattern, _logical(self.content_path(path))):
                return False
            if key.lower() == "environment" and not match_glob(pattern, "production"):
                return False
            if key.lower() == "kind" and not match_glob(pattern, "section" if _is_section(path) else "page"):
                return False
        return True


def list_tables(plain: object) -> tuple[Mapping[str, Any], ...]:
    """List the tables in a value: a table or a list of tables."""
    listed = plain if isinstance(plain, list) else [plain]
    return tuple(each for each in listed if isinstance(each, dict) and each)


def read_hugo_rules(root: Path, data: Mapping[str, Any]) -> HugoRules:
    """Read the rules from settings with lower-case keys."""
    languages = data.get("languages")
    named = {str(key).lower(): value for key, value in languages.items()} if isinstance(languages, dict) else {}
    doubts = []
    ignored = []
    for written in list_texts(data.get("ignorefiles")):
        compiled = compile_safely(written)
        ignored += [compiled] if compiled else []
        doubts += [] if compiled else [f"The pattern {written[:80]!a} of ignoreFiles could not be evaluated."]
    disabled = {each.lower() for each in list_texts(data.get("disablelanguages"))}
    disabled |= {
        key for key, value in named.items() if isinstance(value, dict) and _folded(value).get("disabled") is True
    }
    language = data.get("defaultcontentlanguage")
    return HugoRules(
        root,
        _list_mounts(data, named),
        default_language=language if isinstance(language, str) else "en",
        disabled_languages=frozenset(disabled),
        disabled_kinds=frozenset(each.lower() for each in list_texts(data.get("disablekinds"))),
        ignored=tuple(ignored),
        cascade=list_tables(data.get("cascade")),
        doubts=tuple(doubts),
    )


def _list_mounts(data: Mapping[str, Any], languages: Mapping[str, Any]) -> list[Mount]:
    """List the content folders: those of `module.mounts` if any mounts content, else those of `contentDir`."""
    module = data.get("module")
    written = _folded(module).get("mounts") if isinstance(module, dict) else None
    found = [mount for table in list_tables(written) if (mount := _read_mount(_folded(table)))]
    if found:
        return [mount for mount in found if not mount.source.startswith("..")]
    folder = data.get("contentdir")
    usual = _clean(folder) if isinstance(folder, str) else _CONTENT
    folders = {
        key: folder
        for key, value in languages.items()
        if isinstance(value, dict) and isinstance(folder := _folded(value).get("contentdir"), str)
    }
    found = [Mount(_clean(folder), lang=key) for key, folder in folders.items()]
    return found if folders and set(folders) == set(languages) else [*found, Mount(usual)]


def _read_mount(table: Mapping[str, Any]) -> Mount | None:
    source, target = table.get("source"), table.get("target")
    if not isinstance(source, str) or not isinstance(target, str) or not below(_clean(target), _CONTENT):
        return None
    files = list_texts(table.get("files"))
    never = (*list_texts(table.get("excludefiles")), *(each[1:].strip() for each in files if each.startswith("!")))
    only = (*list_texts(table.get("includefiles")), *(each for each in files if not each.startswith("!")))
    lang = table.get("lang")
    outside = source.startswith("/")
    return Mount(
        "../" if outside else _clean(source), _clean(target), lang.lower() if isinstance(lang, str) else "", only, never
    )


def _folded(table: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in table.items()}


def _clean(folder: str) -> str:
    return "/".join(step for step in folder.replace("\\", "/").split("/") if step not in ("", "."))


def _has_expired(read: SourceText) -> bool:
    """Return True if an end date has passed or cannot be read."""
    for key, (_, value) in read.table.entries.items():
        if key.lower() in ("expirydate", "unpublishdate") and isinstance(value, Text) and not value.empty:
            try:
                return parse_moment(value.text, UTC) <= Clock.system().now
            except ValueError:
                return True
    return False


def _is_section(path: str) -> bool:
    return path.rpartition("/")[2].startswith("_index.")


def _logical(path: str) -> str:
    """Return Hugo's path of a page: `/posts/a`, in lower case, without `index` and language."""
    inner = _LANGUAGE.sub(".md", path).lower().removeprefix(f"{_CONTENT}/").rpartition(".")[0]
    return "/" + re.sub(r"(?:^|/)_?index$", "", inner)
