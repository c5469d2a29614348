"""The settings of the project a source belongs to, in one form for all dialects.

Nothing of another generator's is run: YAML and TOML are read with our bounded readers.
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
    """What the settings say. `root` is the folder they stand in.

    `patterns` maps a section ("" for all) to the pattern of its addresses, in the words of that generator; `texts`
    are the plain settings, which templates call `site.…`. `url` is the old site's address, "" if unknown.
    `rules` know what the generator reads and publishes. `collections` maps the names of Jekyll's to the pattern of
    their addresses, "" for the usual one, None where they have none. `defaults` holds what the front matter of
    sources says unless it says otherwise. `unread` is why settings that are there could not be read, "" where they
    could.
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
    rules: SourceRules = field(default_factory=SourceRules)


@dataclass(frozen=True, slots=True)
class FrontMatterDefaults:
    """Front matter for the sources below a folder ("" for all), or for those of one type (`posts`, a collection)."""

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
    """Make settings of parsed data; `url_key` names the key that holds the site's address."""
    url = data.get(url_key)
    url = url if isinstance(url, str) and url.startswith(("http://", "https://")) else ""
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    return ProjectSettings(root, dialect, url, urlsplit(url).path.strip("/"), patterns, texts, languages)


def list_texts(value: object) -> tuple[str, ...]:
    """List the texts of a value that is one, or a list of them."""
    found = value if isinstance(value, list) else [value]
    return tuple(text for each in found if isinstance(each, str) and (text := each.strip()))


def get_text(data: Mapping[str, Any], key: str, usual: str) -> str:
    """Get a text, or the usual one where there is none."""
    value = data.get(key)
    return value if isinstance(value, str) and value else usual


def parse_yaml(text: str) -> dict[str, Any]:
    """Parse YAML into plain values; what is no mapping is empty. Raises: ContentError."""
    tree = parse_yaml_tree(text)
    found: dict[str, Any] = plain_value(tree) if isinstance(tree, Table) else {}
    return found


def parse_yaml_tree(text: str) -> Value | None:
    """Parse YAML into values with their places. Raises: ContentError."""
    return read_yaml("settings", text, 1, _MAX_VALUES)
