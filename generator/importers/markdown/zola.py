"""Zola: its settings, its shortcodes, its links `@/…`, its addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.importers.import_model import Origin
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.project_settings import ProjectSettings, get_text, list_texts, make_settings
from generator.importers.markdown.shortcodes import resolve_shortcode
from generator.importers.markdown.source_text import SourceText
from generator.importers.markdown.static_folders import find_zola_folders
from generator.importers.markdown.template_tags import TagMatch, parse_call
from generator.importers.markdown.zola_rules import ZolaRules
from generator.importers.url_index import checked_url

if TYPE_CHECKING:
    from generator.importers.markdown.template_tags import TagContext

SOURCE_LINK = "@/"
"""Begins a link to a source, relative to the content folder."""

_KEYS = frozenset(("path", "taxonomies", "extra", "in_search_index", "template", "updated"))
_FUNCTION = re.compile(r"([\w-]+)\s*\(((?:[^()\"'`\x04]|\"[^\"]*\"|'[^']*'|[`\x04][^`\x04]*[`\x04])*+)\)")


class ZolaDialect(Dialect):
    """The dialect of Zola."""

    label = "Zola"
    leaf_bundles = True
    language_folders = True

    def undated_is_page(self, origin: Origin) -> bool:
        """Return True."""
        return True

    def usual_url(self, post: MarkdownPost) -> str:
        """Guess the address from the folders and name of the source, without a date at its start."""
        folder = post.origin.group.removeprefix("content/").rpartition("/")[0]
        name = post.slug if "slug" in post.values else post.stem
        return checked_url(f"/{folder}/{name}/".replace("//", "/").lower())

    def is_tag(self, match: TagMatch) -> bool:
        """Return True for a shortcode: `{{ name(…) }}` or `{% name(…) %}`."""
        return match["short"] is None and _function(match) is not None

    def resolve_tag(self, match: TagMatch, context: TagContext, *, html: bool) -> str | None:
        """Resolve a shortcode."""
        function = _function(match)
        return resolve_shortcode(parse_call(function[1], function[2], html=html), context) if function else None

    def unprotect(self, text: str, context: TagContext) -> str:
        """Return the text unchanged, because Zola has no raw sections here."""
        return text


ZOLA = ZolaDialect()


def read_zola_settings(root: Path, data: Mapping[str, Any]) -> ProjectSettings | None:
    """Read the settings; None if they are not Zola's."""
    if "base_url" not in data:
        return None
    languages = data.get("languages")
    named = tuple(languages) if isinstance(languages, dict) else ()
    found = make_settings(root, ZOLA, data, "base_url", {}, named)
    rules = ZolaRules(root, list_texts(data.get("ignored_content")))
    markdown = data.get("markdown")
    return replace(
        found,
        default_language=get_text(data, "default_language", "en"),
        rules=rules,
        static=find_zola_folders(root, data),
        emoji=isinstance(markdown, dict) and markdown.get("render_emoji") is True,
    )


def has_zola_toml(text: SourceText, origin: Origin) -> bool:
    """Return True if the front matter is TOML with a key of Zola's."""
    return text.mark == "+" and bool(_KEYS & set(text.table.entries))


def _function(match: TagMatch) -> re.Match[str] | None:
    return _FUNCTION.fullmatch((match["output"] or match["rest"] or "").strip("- \n"))
