"""Detect the dialect of projects and sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from generator.content.read import decode_source, read_source
from generator.errors import ContentError
from generator.importers.import_model import Origin
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.eleventy import CONFIGS, UNKNOWN, read_eleventy_config, read_package
from generator.importers.markdown.hugo import (
    HUGO,
    has_hugo_signs,
    has_hugo_toml,
    read_hugo_settings,
    read_hugo_yaml,
)
from generator.importers.markdown.jekyll import JEKYLL, has_jekyll_name, in_jekyll_folder, read_jekyll_settings
from generator.importers.markdown.mkdocs import read_mkdocs_settings
from generator.importers.markdown.pelican import PELICAN, has_pelican_headers, read_pelican_settings
from generator.importers.markdown.project_settings import ProjectSettings
from generator.importers.markdown.source_rules import SourceRules
from generator.importers.markdown.source_text import SourceText
from generator.importers.markdown.zola import ZOLA, has_zola_toml, read_zola_settings
from generator.text.toml_reader import read_toml
from generator.text.written_rules import plain_value

_NEARLY_ALL = 0.8


def _read_config_toml(root: Path, text: str) -> ProjectSettings | None:
    data = plain_value(read_toml("config.toml", text, 1))
    return read_zola_settings(root, data) or read_hugo_settings(root, data)


def _read_hugo_toml(root: Path, text: str) -> ProjectSettings | None:
    return read_hugo_settings(root, plain_value(read_toml("hugo.toml", text, 1)), certain=True)


_read_hugo_yaml = partial(read_hugo_yaml, certain=True)
_SETTINGS: dict[str, Callable[[Path, str], ProjectSettings | None]] = {
    **dict.fromkeys(CONFIGS, read_eleventy_config),
    "_config.yml": read_jekyll_settings,
    "_config.yaml": read_jekyll_settings,
    "zola.toml": _read_config_toml,
    "hugo.toml": _read_hugo_toml,
    "hugo.yaml": _read_hugo_yaml,
    "hugo.yml": _read_hugo_yaml,
    "hugo.json": _read_hugo_yaml,
    "mkdocs.yml": read_mkdocs_settings,
    "mkdocs.yaml": read_mkdocs_settings,
    "config.toml": _read_config_toml,
    "config.yaml": read_hugo_yaml,
    "config.yml": read_hugo_yaml,
    "config.json": read_hugo_yaml,
    "config/_default/hugo.toml": _read_hugo_toml,
    "config/_default/config.toml": _read_hugo_toml,
    "config/_default/hugo.yaml": _read_hugo_yaml,
    "config/_default/config.yaml": _read_hugo_yaml,
    "pelicanconf.py": read_pelican_settings,
    "package.json": read_package,
}
_SIGNS: tuple[tuple[Callable[[SourceText, Origin], bool], Dialect], ...] = (
    (has_pelican_headers, PELICAN),
    (has_zola_toml, ZOLA),
    (has_hugo_toml, HUGO),
    (in_jekyll_folder, JEKYLL),
    (has_hugo_signs, HUGO),
    (has_jekyll_name, JEKYLL),
)
"""Signs of a source's dialect, the most certain first."""


def find_project(source: Path) -> ProjectSettings:
    """Find the settings of a source's project: the nearest in its folder and the two above it.

    Folders such as `content` and `_posts` are inside their project. `unread` of the result names unreadable settings.
    """
    folder = source if source.is_dir() else source.parent
    unread = ""
    for place in (folder, *list(folder.resolve().parents)[:2]):
        for name, read in _SETTINGS.items():
            file = place / name
            if not file.is_file() or file.is_symlink():
                continue
            try:
                found = read(place, decode_source(name, read_source(file, name)))
            except ContentError as refusal:
                unread = unread or f"{name}: {refusal.problems[0].message}"
                continue
            if found is not None:
                return replace(found, unread=unread)
    if not unread:
        return ProjectSettings()
    return ProjectSettings(unread=unread, rules=SourceRules((f"The settings could not be read ({unread})",)))


def choose_dialects(sources: Sequence[tuple[Origin, SourceText]], known: Dialect | None) -> list[Dialect]:
    """Choose the dialect of each source: by the project's settings, else by the sources' signs.

    If nearly all posts with YAML are of one dialect, so are the others: an article about Hugo may look like Hugo's.
    """
    if known is not None:
        return [known] * len(sources)
    found = [_guess(text, origin) for origin, text in sources]
    counts = Counter(dialect for dialect, (_, text) in zip(found, sources, strict=True) if text.mark == "-")
    most, count = counts.most_common(1)[0] if counts else (UNKNOWN, 0)
    if most is UNKNOWN or count < _NEARLY_ALL * counts.total():
        return found
    return [most if text.mark == "-" else dialect for dialect, (_, text) in zip(found, sources, strict=True)]


def _guess(text: SourceText, origin: Origin) -> Dialect:
    return next((dialect for shows, dialect in _SIGNS if shows(text, origin)), UNKNOWN)
