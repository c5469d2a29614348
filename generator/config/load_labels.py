"""Read the menu, the authors, tags and series of site.toml, and the languages that have their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from generator.config import checks
from generator.config.label_options import AuthorConfig, LanguageConfig, NavItem, SeriesConfig, TagConfig
from generator.config.load_newsletter import read_language_newsletter
from generator.errors import error
from generator.slugs import fold_label, label_slug, slugify
from generator.text.mapping_reader import RefusedError
from generator.text.typed_rules import (
    Settings,
    list_of_numbers,
    named_tables,
    plain_setting,
    required_text,
    table_list,
    warn_of_unknown,
)

T = TypeVar("T")


def read_named(top: Settings, key: str, read: Callable[[str, Settings], T]) -> dict[str, T]:
    """Read the sections of one kind, such as `[authors.ID]`: name → settings."""
    found: dict[str, T] = {}
    for at, table in named_tables(top, key):
        name = at.text
        slug = slugify(name)
        if slug and slug != name and key != "authors":
            slug = label_slug(fold_label(name), "")
        if key == "authors" and slug and not any(char in name for char in "/\\"):
            slug = name
        if name == slug:
            found[name] = read(name, table)
        else:
            hint = f"Write it as [{key}.{slug}]" if slug else "Use letters, digits and hyphens."
            message = f'[{key}]: "{name}" cannot be part of a web address.'
            top.problems.add(error(top.path, "config-value", message, hint, line=at.line, column=at.column))
    return found


def read_nav_item(table: Settings) -> NavItem:
    """Read one link of the menu."""
    item = NavItem(
        title=required_text(table, "title", '"About"'),
        url=required_text(table, "url", '"/about/"', checks.link_url),
        footer=table.flag("footer", default=False),
    )
    warn_of_unknown(table)
    return item


def read_author(name: str, table: Settings) -> AuthorConfig:
    """Read an author."""
    author = AuthorConfig(
        name=table.text("name", name) or name,
        role=table.text("role", ""),
        bio=table.text("bio", ""),
        image=table.text("image", "", checks.site_path),
        url=table.text("url", "", partial(checks.web_url, schemes=("https", "http", "mailto"))),
    )
    warn_of_unknown(table)
    return author


def read_tag(_slug: str, table: Settings) -> TagConfig:
    """Read a tag."""
    tag = TagConfig(name=table.text("name", ""), description=table.text("description", ""))
    warn_of_unknown(table)
    return tag


def read_series(_slug: str, table: Settings) -> SeriesConfig:
    """Read a series."""
    best = table.take("rating_max", table.rules.number, 0.0)
    if table.value("rating_max") and not 0 < best <= 1_000_000:
        table.error("rating_max", None, "must be more than 0 and at most a million.", code="config-value")
    series = SeriesConfig(
        name=table.text("name", ""),
        description=table.text("description", ""),
        rating_max=best or None,
        gaps=table.take("gaps", list_of_numbers(0, 1_000_000), ()),
    )
    warn_of_unknown(table)
    return series


def read_languages(top: Settings) -> dict[str, LanguageConfig]:
    """Read the other languages with pages of their own: tag → settings."""
    found: dict[str, LanguageConfig] = {}
    written = top.value("language")
    own = str(plain_setting(written)) if written is not None else "en"
    for at, table in named_tables(top, "languages"):
        try:
            tag = checks.language(at.text)
        except RefusedError:
            tag = ""
        if not tag or tag.lower() in (own.lower(), own.lower().partition("-")[0]):
            message = f'"{at.text}" is the language of the whole site.' if tag else f'"{at.text}" is not a language.'
            hint = (
                "Delete the section: its settings are those above the first section." if tag else "Write [languages.cy]"
            )
            top.problems.add(error(top.path, "config-value", message, hint, line=at.line, column=at.column))
        found[at.text] = _language(table)
    return found


def _language(table: Settings) -> LanguageConfig:
    language = LanguageConfig(
        title=table.text("title", ""),
        description=table.text("description", ""),
        image_alt=table.text("image_alt", ""),
        organisation=table.text("organisation", ""),
        footer_text=table.text("footer_text", ""),
        nav=tuple(read_nav_item(item) for item in table_list(table, "nav")),
        authors=read_named(table, "authors", read_author),
        tags=read_named(table, "tags", read_tag),
        series=read_named(table, "series", read_series),
        newsletter=read_language_newsletter(table.section("newsletter")),
    )
    warn_of_unknown(table)
    return language
