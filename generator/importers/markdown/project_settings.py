"""The settings of a source's project, in one form for all dialects.

Openletter never runs another generator's code: our bounded readers read YAML and TOML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.source_rules import SourceRules
from generator.text.tree import Table, Text, Value
from generator.text.written_rules import plain_value
from generator.text.yaml_reader import read_yaml

_MAX_VALUES = 10_000


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """The settings of a project. `root` is their folder.

    `patterns` maps a section ("" for all) to its address pattern, in that generator's words; `texts` are the plain
    settings, which templates call `site.…`. `url` is the old site's address, "" if unknown. `rules` decide what the
    generator reads and publishes. `collections` maps Jekyll's collections to their address pattern, "" for the default,
    None if they have no pages. `defaults` is the default front matter of sources. `unread` is why existing settings
    could not be read, "" otherwise. `static` lists the folders of public files that the settings name. `emoji`: the
    generator turned names of emoji into emoji. `title` and `timezone` are the old site's, "" if unknown.
    """

    root: Path | None = None
    dialect: Dialect | None = None
    url: str = ""
    base: str = ""
    patterns: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    default_language: str = ""
    collections: Mapping[str, str | None] = field(default_factory=dict)
    defaults: tuple[FrontMatterDefaults, ...] = ()
    unread: str = ""
    static: tuple[Path, ...] = ()
    emoji: bool = False
    title: str = ""
    timezone: str = ""
    rules: SourceRules = field(default_factory=SourceRules)


@dataclass(frozen=True, slots=True)
class FrontMatterDefaults:
    """Default front matter for the sources below a folder ("" for all) or of one type (`posts`, a collection)."""

    folder: str
    type: str
    entries: Mapping[str, tuple[Text, Value]]


def make_settings(
    root: Path,
    dialect: Dialect,
    data: Mapping[str, Any],
    url_key: str,
    patterns: Mapping[str, str],
    languages: tuple[str, ...] = (),
) -> ProjectSettings:
    """Make settings from parsed data; `url_key` is the key of the site's address."""
    url = data.get(url_key)
    url = url if isinstance(url, str) and url.startswith(("http://", "https://")) else ""
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    title, timezone = texts.get("title", ""), texts.get("timezone", "")
    return ProjectSettings(
        root, dialect, url, urlsplit(url).path.strip("/"), patterns, texts, languages, title=title, timezone=timezone
    )


def list_texts(value: object) -> tuple[str, ...]:
    """List the texts in a value: a text or a list of texts."""
    found = value if isinstance(value, list) else [value]
    return tuple(text for each in found if isinstance(each, str) and (text := each.strip()))


def get_text(data: Mapping[str, Any], key: str, usual: str) -> str:
    """Get a text, or the default."""
    value = data.get(key)
    return value if isinstance(value, str) and value else usual


def parse_yaml(text: str) -> dict[str, Any]:
    """Parse YAML into plain values; empty if it is not a mapping. Raises: ContentError."""
    tree = parse_yaml_tree(text)
    found: dict[str, Any] = plain_value(tree) if isinstance(tree, Table) else {}
    return found


def parse_yaml_tree(text: str) -> Value | None:
    """Parse YAML into values with their positions. Raises: ContentError."""
    return read_yaml("settings", text, 1, _MAX_VALUES)
