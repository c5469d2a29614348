"""Material for MkDocs: the settings and texts of its blogs, and its addresses.

Source: Material for MkDocs, "Built-in blog plugin".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator.importers.import_model import Note, Origin, Topic
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.mkdocs_rules import MkdocsRules
from generator.importers.markdown.project_settings import ProjectSettings, get_text, parse_yaml
from generator.importers.url_index import checked_url
from generator.model import Kind
from generator.slugs import slugify

_TAG = re.compile(r"(?<=[\s:\[-])!(?:![\w/:.]+|ENV|relative)\b[ \t]*")
"""YAML tags that call Python or the environment: they are never followed."""
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)")
_FOLDED = re.compile(r"^([ \t]*)\?\?\?\+?(?=[ \t])")
_TAB = re.compile(r"^[ \t]*===[+!]?[ \t]+\"")
_ICON = re.compile(r":(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:(?:\{[^{}\n]*\})?")
_ATTRIBUTES = re.compile(r"(?<=[)\]`\w])\{:?[ \t]*[.#][^{}\n]*\}|^[ \t]*\{:?[ \t]*\.[^{}\n]*\}[ \t]*$")


class MkdocsDialect(Dialect):
    """The dialect of Material for MkDocs, which uses Python-Markdown."""

    label = "Material for MkDocs"
    commonmark = False
    named_by_title = True
    template_tags = False

    def undated_is_page(self, origin: Origin) -> bool:
        """Return True: posts must have a date."""
        return True

    def usual_url(self, post: MarkdownPost) -> str:
        """Guess the address: that of the blog plugin for posts, the path of the source for pages."""
        if post.kind is not Kind.POST:
            path = post.origin.place.removeprefix(get_text(post.project.texts, "docs_dir", "docs")).removesuffix(".md")
            return checked_url(f"{path.removesuffix('/index').removesuffix('/README')}/")
        day = post.date
        if day is None:
            return ""
        texts = post.project.texts
        date = get_text(texts, "post_url_date_format", "yyyy/MM/dd")
        for sign, value in (("yyyy", f"{day.year:04}"), ("MM", f"{day.month:02}"), ("dd", f"{day.day:02}")):
            date = date.replace(sign, value)
        name = post.slug if "slug" in post.values else slugify(post.title)
        address = get_text(texts, "post_url_format", "{date}/{slug}")
        for word, value in (("{date}", date), ("{slug}", name), ("{file}", post.origin.group.rpartition("/")[2])):
            address = address.replace(word, value)
        blog = get_text(texts, "blog_dir", "blog").strip("./")
        return checked_url(f"/{blog}/{address}/".replace("//", "/")) if "{" not in address else ""


MKDOCS = MkdocsDialect()


def read_mkdocs_settings(root: Path, text: str) -> ProjectSettings | None:
    """Read `mkdocs.yml`. Raises: ContentError."""
    data = parse_yaml(_TAG.sub("", text))
    if "site_name" not in data:
        return None
    blog = _blog_plugin(data.get("plugins"))
    texts = {key: value for key, value in {**data, **blog}.items() if isinstance(value, str)}
    url = get_text(data, "site_url", "")
    return ProjectSettings(
        root,
        MKDOCS,
        url if "://" in url else "",
        urlsplit(url).path.strip("/"),
        texts=texts,
        rules=MkdocsRules(root, texts, blog),
        title=get_text(data, "site_name", ""),
        emoji="emoji" in str(data.get("markdown_extensions", "")),
    )


def _blog_plugin(plugins: object) -> Mapping[str, Any]:
    """Return the settings of the blog plugin."""
    for each in plugins if isinstance(plugins, list) else [plugins]:
        for name, value in each.items() if isinstance(each, dict) else ():
            if str(name).rpartition("/")[2] == "blog" and isinstance(value, dict):
                return value
    return {}


def convert_mkdocs_text(text: str, post: MarkdownPost, notes: list[Note]) -> str:
    """Convert what only Material's extensions read: folded notes become notes; tabs and icons are reported."""
    if post.dialect is not MKDOCS:
        return text
    lines, fenced = text.split("\n"), False
    for number, line in enumerate(lines):
        fenced ^= bool(_FENCE.match(line))
        if fenced:
            continue
        if _TAB.match(line):
            words = "A tab (`===`): readers see its title and text as they are written."
            notes.append(Note(Topic.TEMPLATE, words, post.origin.path, post.body_line + number))
        new = _ATTRIBUTES.sub("", _ICON.sub("", _FOLDED.sub(r"\1!!!", line)))
        if _ICON.search(line):
            notes.append(Note(Topic.ATTRIBUTE, "An icon was removed.", post.origin.path, post.body_line + number))
        lines[number] = new
    return "\n".join(lines)
