"""Hugo: its settings, its addresses, what it does not publish, and its shortcodes (see also `shortcodes`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.clock import Clock
from generator.content.read import decode_source, read_source
from generator.importers.import_model import Origin
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.front_matter_keys import FrontMatterKeys, truth, words
from generator.importers.markdown.hugo_rules import read_hugo_rules
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.project_settings import ProjectSettings, get_text, make_settings, parse_yaml
from generator.importers.markdown.shortcodes import resolve_shortcode
from generator.importers.markdown.source_text import SourceText
from generator.importers.markdown.static_folders import find_hugo_folders
from generator.importers.markdown.template_tags import TagMatch, parse_call, resolve_sections
from generator.importers.marks import BRACE
from generator.importers.url_index import checked_url
from generator.text.dates import parse_moment
from generator.text.toml_reader import read_toml
from generator.text.tree import Table, Value
from generator.text.written_rules import plain_value

if TYPE_CHECKING:
    from generator.importers.markdown.template_tags import TagContext

_SECTION = re.compile(r"\{\{[<%]\s*(/?highlight\b[^<>{}]*+|/?\s*comment)\s*[>%]\}\}")
_ESCAPED = re.compile(r"\{\{([<%])/\*((?:[^*]|\*(?!/))*+)\*/([>%])\}\}")
_KEYS = frozenset(
    ("lastmod", "expirydate", "publishdate", "weight", "translationkey", "url", "featured_image", "draft")
)


_SETTINGS = frozenset((
    "baseurl", "languagecode", "permalinks", "contentdir", "publishdir", "defaultcontentlanguage", "disablekinds",
    "ignorefiles", "module", "cascade", "builddrafts", "buildfuture", "enablerobotstxt", "enablegitinfo",
))  # fmt: skip
"""Each of these keys, in lower case, shows that settings are Hugo's."""


class HugoDialect(Dialect):
    """The dialect of Hugo."""

    label = "Hugo"
    leaf_bundles = True
    language_folders = True
    tags_in_code = True

    def undated_is_page(self, origin: Origin) -> bool:
        """Return True."""
        return True

    def usual_url(self, post: MarkdownPost) -> str:
        """Guess the address from the folders and name of the source."""
        folder = post.origin.group.removeprefix("content/").rpartition("/")[0]
        name = post.slug if "slug" in post.values else post.origin.group.rpartition("/")[2]
        return checked_url(f"/{folder}/{name}/".replace("//", "/").lower())

    def url_words(self, post: MarkdownPost) -> dict[str, str]:
        """Convert a title to part of an address, as `helpers.MakePath` does."""
        title = _urlized(post.title)
        return {"title": title} if "slug" in post.values else {"title": title, "slug": title}

    def is_tag(self, match: TagMatch) -> bool:
        """Return True for a shortcode: `{{< … >}}` or `{{% … %}}`; `{{ x }}` is plain text."""
        return match["short"] is not None or match["broken"] is not None

    def resolve_tag(self, match: TagMatch, context: TagContext, *, html: bool) -> str | None:
        """Resolve a shortcode."""
        return resolve_shortcode(parse_call(match["short"], match["params"].rstrip("/ \n"), html=html), context)

    def unprotect(self, text: str, context: TagContext) -> str:
        """Unescape shortcodes written as `{{</* … */>}}`, turn `highlight` into fences, and remove comments."""
        text = _ESCAPED.sub(lambda m: f"{BRACE}{BRACE}{m[1]}{m[2]}{m[3]}}}}}", text) if "/*" in text else text
        return resolve_sections(text, _SECTION, context) if "highlight" in text or "comment" in text else text


HUGO = HugoDialect()


def read_hugo_yaml(root: Path, text: str, *, certain: bool = False) -> ProjectSettings | None:
    """Read settings in YAML or JSON; None if they are not Hugo's. Raises: ContentError."""
    return read_hugo_settings(root, parse_yaml(text), certain=certain)


def read_hugo_settings(root: Path, data: Mapping[str, Any], *, certain: bool = False) -> ProjectSettings | None:
    """Read the settings; None if they are not Hugo's. `certain`: their file is named `hugo.…`. Raises: ContentError."""
    lower = {key.lower(): value for key, value in data.items()}
    if not certain and not _SETTINGS & set(lower):
        return None
    lower |= read_config_folder(root)
    permalinks = lower.get("permalinks")
    if isinstance(permalinks, dict) and isinstance(permalinks.get("page"), dict):
        permalinks = permalinks["page"]
    patterns = {k: v for k, v in permalinks.items() if isinstance(v, str)} if isinstance(permalinks, dict) else {}
    languages = lower.get("languages")
    named = tuple(languages) if isinstance(languages, dict) else ()
    found = make_settings(root, HUGO, lower, "baseurl", patterns, named)
    below = lower.get("defaultcontentlanguageinsubdir") is True  # then the default language has a folder too
    language = "" if below else get_text(lower, "defaultcontentlanguage", "en")
    return replace(
        found,
        default_language=language,
        rules=read_hugo_rules(root, lower),
        static=find_hugo_folders(root, lower),
        emoji=lower.get("enableemoji") is True,
        title=found.title or _title_of(languages, language),
    )


def _title_of(languages: object, language: str) -> str:
    """Return the title in the settings of the default language, else of any language."""
    tables = {str(key).lower(): table for key, table in languages.items()} if isinstance(languages, dict) else {}
    for table in (tables.get(language.lower()), *tables.values()):
        title = table.get("title") if isinstance(table, dict) else None
        if isinstance(title, str) and title:
            return title
    return ""


def read_config_folder(root: Path) -> dict[str, Any]:
    """Read the settings in `config/_default` and `config/production`, the latter last. Raises: ContentError."""
    found: dict[str, Any] = {}
    for folder in ("_default", "production"):
        place = root / "config" / folder
        for file in sorted(place.iterdir()) if place.is_dir() else ():
            stem = file.stem.lower()
            if file.suffix not in (".toml", ".yaml", ".yml", ".json") or "." in stem or file.is_symlink():
                continue
            text = decode_source(file.name, read_source(file, file.name))
            data = plain_value(read_toml(file.name, text, 1)) if file.suffix == ".toml" else parse_yaml(text)
            lower = {str(key).lower(): value for key, value in data.items()} if isinstance(data, dict) else data
            if stem in ("hugo", "config"):
                found |= lower if isinstance(lower, dict) else {}
            else:
                found[stem] = lower.get(stem, data) if isinstance(lower, dict) else data
    return found


def has_hugo_toml(text: SourceText, origin: Origin) -> bool:
    """Return True if the front matter is TOML."""
    return text.mark == "+"


def has_hugo_signs(text: SourceText, origin: Origin) -> bool:
    """Return True if a source has front matter in JSON, a shortcode, or a key that only Hugo uses."""
    shortcode = "{{<" in text.text or "{{%" in text.text
    return text.mark == "{" or shortcode or bool(_KEYS & {key.lower() for key in text.table.entries})


def list_unpublished_keys(keys: FrontMatterKeys) -> list[tuple[str, Value]]:
    """List the keys that prevented a page: `headless`, `render = false`, `build: {render: never}`."""
    found = [(name, value) for name in ("render", "build", "_build") if (value := keys.look(name)) and _never(value)]
    if (value := keys.look("headless")) and truth(value):
        found.append(("headless", value))
    return found


def _never(value: Value) -> bool:
    if isinstance(value, Table):
        entries = {key.lower(): inner for key, (_, inner) in value.entries.items()}
        return any(_never(entries[key]) for key in ("render", "list") if key in entries)
    return truth(value) is False or words(value).lower() in ("never", "link", "local")


def is_published_later(values: Mapping[str, str]) -> bool:
    """Return True if `publishDate` is in the future, even if `date` is not."""
    for name in ("publishdate", "publish_date"):
        if written := values.get(name):
            try:
                return parse_moment(written, UTC) > Clock.system().now
            except ValueError:
                return False
    return False


def _urlized(title: str) -> str:
    """Remove punctuation, and replace spaces with hyphens."""
    kept = "".join(char for char in title.lower() if char.isalnum() or char.isspace() or char in "._+~-@")
    return re.sub(r"\s+", "-", kept.strip())
