"""Hugo: its settings, its shortcodes, what it does not publish, its addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.clock import Clock
from generator.importers.import_model import Origin
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.front_matter_keys import FrontMatterKeys, truth, words
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.project_settings import ProjectSettings, get_text, make_settings, parse_yaml
from generator.importers.markdown.shortcodes import resolve_shortcode
from generator.importers.markdown.source_text import SourceText
from generator.importers.markdown.template_tags import TagMatch, parse_call, resolve_sections
from generator.importers.marks import BRACE
from generator.importers.url_index import checked_url
from generator.text.dates import parse_moment
from generator.text.tree import Table, Value

if TYPE_CHECKING:
    from generator.importers.markdown.template_tags import TagContext

_HIGHLIGHT = re.compile(r"\{\{[<%]\s*(/?highlight\b[^<>{}]*+)\s*[>%]\}\}")
_ESCAPED = re.compile(r"\{\{([<%])/\*((?:[^*]|\*(?!/))*+)\*/([>%])\}\}")
_KEYS = frozenset(
    ("lastmod", "expirydate", "publishdate", "weight", "translationkey", "url", "featured_image", "draft")
)


class HugoDialect(Dialect):
    """The ways of Hugo."""

    label = "Hugo"
    leaf_bundles = True
    language_folders = True

    def undated_is_page(self, origin: Origin) -> bool:
        """Tell that it is."""
        return True

    def usual_url(self, post: MarkdownPost) -> str:
        """Guess the address: the folders and the name of the source."""
        folder = post.origin.group.removeprefix("content/").rpartition("/")[0]
        name = post.slug if "slug" in post.values else post.origin.group.rpartition("/")[2]
        return checked_url(f"/{folder}/{name}/".replace("//", "/").lower())

    def url_words(self, post: MarkdownPost) -> dict[str, str]:
        """Make a title part of an address as `helpers.MakePath` does."""
        title = _urlized(post.title)
        return {"title": title} if "slug" in post.values else {"title": title, "slug": title}

    def is_tag(self, match: TagMatch) -> bool:
        """Tell whether it is a shortcode: `{{< … >}}` or `{{% … %}}`; `{{ x }}` is plain text."""
        return match["short"] is not None

    def resolve_tag(self, match: TagMatch, context: TagContext, *, html: bool) -> str | None:
        """Resolve a shortcode."""
        return resolve_shortcode(parse_call(match["short"], match["params"].rstrip("/ \n"), html=html), context)

    def unprotect(self, text: str, context: TagContext) -> str:
        """Show shortcodes that are written `{{</* … */>}}`, and turn `highlight` into fences."""
        text = _ESCAPED.sub(lambda m: f"{BRACE}{BRACE}{m[1]}{m[2]}{m[3]}}}}}", text) if "/*" in text else text
        return resolve_sections(text, _HIGHLIGHT, context) if "highlight" in text else text


HUGO = HugoDialect()


def read_hugo_yaml(root: Path, text: str) -> ProjectSettings | None:
    """Read `hugo.yaml`. Raises: ContentError."""
    return read_hugo_settings(root, parse_yaml(text))


def read_hugo_settings(root: Path, data: Mapping[str, Any]) -> ProjectSettings | None:
    """Read the settings; None if they are not Hugo's."""
    lower = {key.lower(): value for key, value in data.items()}
    if not {"baseurl", "languagecode", "permalinks"} & set(lower):
        return None
    permalinks = lower.get("permalinks")
    if isinstance(permalinks, dict) and isinstance(permalinks.get("page"), dict):
        permalinks = permalinks["page"]
    patterns = {k: v for k, v in permalinks.items() if isinstance(v, str)} if isinstance(permalinks, dict) else {}
    languages = lower.get("languages")
    named = tuple(languages) if isinstance(languages, dict) else ()
    found = make_settings(root, HUGO, lower, "baseurl", patterns, named)
    below = lower.get("defaultcontentlanguageinsubdir") is True  # then the usual language has its folder too
    return replace(found, default_language="" if below else get_text(lower, "defaultcontentlanguage", "en"))


def has_hugo_toml(text: SourceText, origin: Origin) -> bool:
    """Tell whether the front matter is TOML."""
    return text.mark == "+"


def has_hugo_signs(text: SourceText, origin: Origin) -> bool:
    """Tell whether a source has front matter in JSON, a shortcode, or a key that only Hugo knows."""
    shortcode = "{{<" in text.text or "{{%" in text.text
    return text.mark == "{" or shortcode or bool(_KEYS & {key.lower() for key in text.table.entries})


def list_unpublished_keys(keys: FrontMatterKeys) -> list[tuple[str, Value]]:
    """List the keys by which no page was made: `headless`, `render = false`, `build: {render: never}`."""
    found = [(name, value) for name in ("render", "build", "_build") if (value := keys.look(name)) and _never(value)]
    if (value := keys.look("headless")) and truth(value):
        found.append(("headless", value))
    return found


def _never(value: Value) -> bool:
    if isinstance(value, Table):
        return any(key.lower() == "render" and _never(inner) for key, (_, inner) in value.entries.items())
    return truth(value) is False or words(value).lower() in ("never", "link")


def is_published_later(values: Mapping[str, str]) -> bool:
    """Tell whether `publishDate` keeps a source back for now, whatever its date is."""
    for name in ("publishdate", "publish_date"):
        if written := values.get(name):
            try:
                return parse_moment(written, UTC) > Clock.system().now
            except ValueError:
                return False
    return False


def _urlized(title: str) -> str:
    """Drop punctuation, and make a space a hyphen."""
    kept = "".join(char for char in title.lower() if char.isalnum() or char.isspace() or char in "._+~-@")
    return re.sub(r"\s+", "-", kept.strip())
