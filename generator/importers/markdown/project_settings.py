"""The settings of the project a source belongs to: they tell its generator and how its addresses were made.

Nothing of another generator's is run: YAML and TOML are read with our bounded readers, Pelican's Python file only
for the texts that it assigns.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator.content.fields import plain
from generator.content.read import decode, read_source
from generator.content.toml_reader import read_toml
from generator.content.tree import Items, Table, Text, Value
from generator.content.yaml_reader import read_yaml
from generator.errors import ContentError
from generator.importers.import_model import Generator

_MAX_VALUES = 10_000


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What the settings say. `root` is the folder they stand in.

    `patterns` maps a section ("" for all) to the pattern of its addresses, in the words of that generator; `texts`
    are the plain settings, which templates call `site.…`. `url` is the old site's address, "" if unknown.
    `excluded` are the paths and patterns of what it does not publish, `included` folders that it does all the same.
    `collections` maps the names of Jekyll's to the pattern of their addresses, "" for the usual one, None where they
    have none. `defaults` holds what the front matter of sources says unless it says otherwise. `unread` is why
    settings that are there could not be read, "" where they could.
    """

    root: Path | None = None
    shape: Generator | None = None
    url: str = ""
    base: str = ""
    patterns: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    default_language: str = ""
    excluded: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    collections: Mapping[str, str | None] = field(default_factory=dict)
    defaults: tuple[FrontMatterDefaults, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class FrontMatterDefaults:
    """Front matter for the sources below a folder ("" for all), or for those of one type (`posts`, a collection)."""

    folder: str
    type: str
    entries: Mapping[str, tuple[Text, Value]]


def find_project(source: Path) -> ProjectSettings:
    """Look for settings in a source's folder and the two above it; the nearest ones count.

    `content`, `_posts` and the like stand below their project. What cannot be read is passed over, and said.
    """
    folder = source if source.is_dir() else source.parent
    unread = ""
    for place in (folder, *list(folder.resolve().parents)[:2]):
        for name, read in _SETTINGS.items():
            file = place / name
            if not file.is_file() or file.is_symlink():
                continue
            try:
                found = read(place, decode(name, read_source(file, name)))
            except ContentError as refusal:
                unread = unread or f"{name}: {refusal.problems[0].message}"
                continue
            if found is not None:
                return replace(found, unread=unread)
    return ProjectSettings(unread=unread)


def _jekyll(root: Path, text: str) -> ProjectSettings | None:
    data = _yaml(text)
    permalink = data.get("permalink")
    found = _project(root, Generator.JEKYLL, data, "url", {"": permalink} if isinstance(permalink, str) else {})
    return replace(
        found,
        excluded=_paths(data.get("exclude")),
        included=_paths(data.get("include")),
        collections=_collections(data),
        defaults=_defaults(text),
    )


def _paths(value: object) -> tuple[str, ...]:
    """Read a list of paths and patterns, each relative to the project's folder."""
    found = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(path for each in found if isinstance(each, str) and (path := each.strip().strip("/")))


def _collections(data: Mapping[str, Any]) -> dict[str, str | None]:
    written = data.get("collections")
    if isinstance(written, list):
        return {name: None for name in written if isinstance(name, str)}
    found: dict[str, str | None] = {}
    for name, value in written.items() if isinstance(written, dict) else ():
        public = isinstance(value, dict) and value.get("output") is True
        permalink = value.get("permalink") if public else None
        found[name] = (permalink if isinstance(permalink, str) else "") if public else None
    return found


def _defaults(text: str) -> tuple[FrontMatterDefaults, ...]:
    """Read Jekyll's `defaults:`, the narrower ones last."""
    tree = read_yaml("settings", text, 1, _MAX_VALUES)
    listed = tree.entries.get("defaults") if isinstance(tree, Table) else None
    found = []
    for item in listed[1].items if listed and isinstance(listed[1], Items) else ():
        parts = {key: value for key, (_, value) in item.entries.items()} if isinstance(item, Table) else {}
        scope, values = plain(parts.get("scope", Table({}, 1, 1))), parts.get("values")
        if isinstance(scope, dict) and isinstance(values, Table):
            folder = str(scope.get("path") or "").strip("/")
            found.append(FrontMatterDefaults(folder, str(scope.get("type") or ""), values.entries))
    return tuple(sorted(found, key=lambda each: (len(each.folder), bool(each.type))))


def _hugo_yaml(root: Path, text: str) -> ProjectSettings | None:
    return _hugo(root, _yaml(text))


def _toml(root: Path, text: str) -> ProjectSettings | None:
    data = plain(read_toml("config.toml", text, 1))
    if "base_url" in data:
        languages = data.get("languages")
        named = tuple(languages) if isinstance(languages, dict) else ()
        found = _project(root, Generator.ZOLA, data, "base_url", {}, named)
        ignored = _paths(data.get("ignored_content"))
        return replace(found, default_language=_text(data, "default_language", "en"), excluded=ignored)
    return _hugo(root, data)


def _hugo(root: Path, data: Mapping[str, Any]) -> ProjectSettings | None:
    lower = {key.lower(): value for key, value in data.items()}
    if not {"baseurl", "languagecode", "permalinks"} & set(lower):
        return None
    permalinks = lower.get("permalinks")
    if isinstance(permalinks, dict) and isinstance(permalinks.get("page"), dict):
        permalinks = permalinks["page"]
    patterns = {k: v for k, v in permalinks.items() if isinstance(v, str)} if isinstance(permalinks, dict) else {}
    languages = lower.get("languages")
    named = tuple(languages) if isinstance(languages, dict) else ()
    found = _project(root, Generator.HUGO, lower, "baseurl", patterns, named)
    below = lower.get("defaultcontentlanguageinsubdir") is True  # then the usual language has its folder too
    return replace(found, default_language="" if below else _text(lower, "defaultcontentlanguage", "en"))


def _text(data: Mapping[str, Any], key: str, usual: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) and value else usual


def _project(
    root: Path,
    shape: Generator,
    data: Mapping[str, Any],
    url_key: str,
    patterns: Mapping[str, str],
    languages: tuple[str, ...] = (),
) -> ProjectSettings:
    url = data.get(url_key)
    url = url if isinstance(url, str) and url.startswith(("http://", "https://")) else ""
    base = data.get("baseurl") if shape is Generator.JEKYLL else urlsplit(url).path
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    return ProjectSettings(
        root, shape, url, base.strip("/") if isinstance(base, str) else "", patterns, texts, languages
    )


def _pelican(root: Path, text: str) -> ProjectSettings | None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ProjectSettings(root, Generator.PELICAN)
    texts = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    patterns = {"": texts["ARTICLE_URL"]} if texts.get("ARTICLE_URL") else {}
    url = texts.get("SITEURL", "")
    return ProjectSettings(
        root, Generator.PELICAN, url if "://" in url else "", urlsplit(url).path.strip("/"), patterns, texts
    )


def _yaml(text: str) -> dict[str, Any]:
    tree = read_yaml("settings", text, 1, _MAX_VALUES)
    found: dict[str, Any] = plain(tree) if isinstance(tree, Table) else {}
    return found


_SETTINGS: dict[str, Callable[[Path, str], ProjectSettings | None]] = {
    "_config.yml": _jekyll,
    "_config.yaml": _jekyll,
    "hugo.toml": _toml,
    "hugo.yaml": _hugo_yaml,
    "hugo.yml": _hugo_yaml,
    "config.toml": _toml,
    "config.yaml": _hugo_yaml,
    "config.yml": _hugo_yaml,
    "pelicanconf.py": _pelican,
}
