"""Jekyll: its settings (`exclude`, `collections`, `defaults`), its folders, its patterns of addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.importers.import_model import Origin
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.jekyll_rules import JekyllRules
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.project_settings import (
    FrontMatterDefaults,
    ProjectSettings,
    get_text,
    list_texts,
    make_settings,
    parse_yaml,
    parse_yaml_tree,
)
from generator.importers.markdown.source_text import SourceText
from generator.importers.markdown.url_pattern import expand_pattern
from generator.importers.url_index import checked_url
from generator.model import Kind
from generator.text.tree import Items, Table
from generator.text.written_rules import plain_value

URL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}
"""Jekyll's names for patterns of addresses."""


class JekyllDialect(Dialect):
    """The dialect of Jekyll."""

    label = "Jekyll"
    spaced_labels = True
    attribute_lists = True

    def undated_is_page(self, origin: Origin) -> bool:
        """Return True if it is in the project's own folder or in a collection."""
        return "/" not in origin.rel or bool(origin.collection)

    def usual_url(self, post: MarkdownPost) -> str:
        """Guess the address: a post's from its date, unless the settings say pretty; a page's from its path."""
        made = self._url(post)
        if f"{post.project.patterns.get('')}".endswith(("/", "pretty")):
            return made.removesuffix(".html") + "/" if made else ""
        return made

    def _url(self, post: MarkdownPost) -> str:
        if post.kind is Kind.PAGE:
            page = post.origin.group.removeprefix("_pages/")
            return "" if post.origin.section else checked_url(f"/{page}.html")
        if "_posts/" in f"/{post.origin.rel}":
            return checked_url(expand_pattern(URL_STYLES["date"], post))
        return ""


JEKYLL = JekyllDialect()


def read_jekyll_settings(root: Path, text: str) -> ProjectSettings | None:
    """Read `_config.yml`. Raises: ContentError."""
    data = parse_yaml(text)
    permalink = data.get("permalink")
    base = data.get("baseurl")
    patterns = {"": permalink} if isinstance(permalink, str) else {}
    return replace(
        make_settings(root, JEKYLL, data, "url", patterns),
        base=base.strip("/") if isinstance(base, str) else "",
        collections=_collections(data),
        rules=_rules(data),
        defaults=_defaults(text),
        emoji="jemoji" in (*list_texts(data.get("plugins")), *list_texts(data.get("gems"))),
        title=get_text(data, "title", get_text(data, "name", "")),
    )


def _rules(data: Mapping[str, Any]) -> JekyllRules:
    usual = {"destination": "_site", "layouts_dir": "", "includes_dir": "", "data_dir": "", "plugins_dir": ""}
    own = [get_text(data, name, folder).strip("./") for name, folder in usual.items()]
    plugins = (*list_texts(data.get("plugins")), *list_texts(data.get("gems")))
    return JekyllRules(
        source=get_text(data, "source", "").removeprefix("./").strip("/."),
        exclude=list_texts(data.get("exclude")),
        include=list_texts(data.get("include")),
        not_read=tuple(filter(None, own)),
        collections=_collections(data),
        collections_dir=get_text(data, "collections_dir", "").strip("/."),
        bare_pages=bool({"jekyll-optional-front-matter", "github-pages"} & set(plugins)),
    )


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
    """Read `defaults:`, the most specific last."""
    tree = parse_yaml_tree(text)
    listed = tree.entries.get("defaults") if isinstance(tree, Table) else None
    found = []
    for item in listed[1].items if listed and isinstance(listed[1], Items) else ():
        parts = {key: value for key, (_, value) in item.entries.items()} if isinstance(item, Table) else {}
        scope, values = plain_value(parts.get("scope", Table({}, 1, 1))), parts.get("values")
        if isinstance(scope, dict) and isinstance(values, Table):
            folder = str(scope.get("path") or "").strip("/")
            found.append(FrontMatterDefaults(folder, str(scope.get("type") or ""), values.entries))
    return tuple(sorted(found, key=lambda each: (len(each.folder), bool(each.type))))


def in_jekyll_folder(text: SourceText, origin: Origin) -> bool:
    """Return True if a source is in `_posts` or `_drafts`."""
    return "_posts/" in f"/{origin.rel}" or "_drafts/" in f"/{origin.rel}"


def has_jekyll_name(text: SourceText, origin: Origin) -> bool:
    """Return True if the name of a source begins with its date."""
    return re.match(r"\d{4}-\d{1,2}-\d{1,2}-", origin.rel.rpartition("/")[2]) is not None


def list_folder_categories(origin: Origin) -> tuple[str, ...]:
    """List the folders around `_posts`, which are categories: `travel/_posts/2014-10-06-x.md`."""
    above, inside, _ = origin.rel.rpartition("_posts/")
    return tuple(step for step in above.split("/") if step and not step.startswith("_")) if inside else ()


def find_collection(path: str, project: ProjectSettings) -> str:
    """Return the collection of a source, "" for none."""
    return project.rules.collection(path) if isinstance(project.rules, JekyllRules) else ""


def mark_excerpt(post: MarkdownPost) -> str:
    """Replace the excerpt marker set by `excerpt_separator` with ours."""
    mark = (post.values.get("excerpt_separator") or post.project.texts.get("excerpt_separator") or "").strip()
    if not mark.startswith("<!--") or "<!--more-->" in post.text:
        return post.text
    return post.text.replace(mark, "<!--more-->", 1)
