"""Map another generator's front matter to ours: known keys become fields, all others go below `extra`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from generator.errors import Problem
from generator.importers.import_model import Origin, Topic
from generator.importers.markdown.dates import WrittenDate, find_day_in_name
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.front_matter_address import WrittenAddress, read_address
from generator.importers.markdown.front_matter_dates import date_undated, read_date, read_update
from generator.importers.markdown.front_matter_hidden import is_hidden
from generator.importers.markdown.front_matter_keys import FrontMatterKeys, words
from generator.importers.markdown.front_matter_title import read_title
from generator.importers.markdown.front_matter_words import read_description
from generator.importers.markdown.jekyll import list_folder_categories
from generator.importers.markdown.labels import read_authors, read_tags
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.project_settings import ProjectSettings
from generator.importers.markdown.source_text import SourceText
from generator.model import Kind
from generator.slugs import fold_label, reserved, slug_or_digest, slugify
from generator.text.dates import date_from_name
from generator.text.tree import Text

_MEANINGLESS = {"layout": ("post", "page", "default", "posts", "single"), "type": ("post", "page", "posts")}
_PAGES = frozenset(("pages", "_pages"))
_LINK_KEYS = (
    "source_url", "external_url", "link", "link_url", "externalurl", "original_url", "canonical_url", "canonical",
)  # fmt: skip


def map_source(
    origin: Origin, read: SourceText, dialect: Dialect, topics: bool, project: ProjectSettings, *, hidden: bool
) -> MarkdownPost:
    """Map one source; `hidden` if its project did not publish it.

    Raises: ContentError if it has no date and is not known to be a page.
    """
    keys = FrontMatterKeys(read.table, origin.path)
    values = keys.texts()
    stem, name_day = _stem(origin)
    address = read_address(keys)
    drafted = is_hidden(keys, origin) or address.hidden or hidden
    html = origin.rel.lower().endswith((".html", ".htm"))
    title, text, body_line = read_title(keys, read, stem, html=html)
    moment, wrong = read_date(keys, name_day, (*address.old, origin.rel))
    kind = project.rules.kind(origin.place) or _kind(keys, origin, dialect, moment, wrong)
    if moment is None and kind is Kind.POST:
        moment = date_undated(keys, origin, wrong, drafted=drafted)
    tags, categories = read_tags(keys, dialect, topics)
    tags, categories = _with_folders(origin, tags, categories)
    head: dict[str, Any] = {"title": title, "date": moment.text if moment else None, "updated": read_update(keys)}
    head |= {"authors": read_authors(keys, dialect), "tags": tags}
    head |= read_description(keys, kind) | {"draft": drafted or None}
    name = _name(keys, address, kind, title if dialect.named_by_title and kind is Kind.POST else stem)
    key = words(keys.take_one("translationkey", "translation_key"))
    return MarkdownPost(
        origin=origin,
        generator=dialect.label,
        kind=kind,
        title=title,
        slug=name,
        stem=stem,
        date=moment.day if moment else None,
        head={name: value for name, value in head.items() if value or value in (False, 0)},
        extra=_extra(keys),
        text=text,
        body_line=body_line,
        html=html,
        commonmark=dialect.commonmark,
        day_in_name=name_day,
        old=address.old,
        link=_link(values),
        notes=(*read.notes, *keys.notes),
        dialect=dialect,
        project=project,
        values=values,
        own_url=address.own,
        categories=categories,
        translation_key=key,
    )


def _link(values: Mapping[str, str]) -> str:
    """Find the address that a link post is about, "" if there is none."""
    urls = (values.get(key, "").strip() for key in _LINK_KEYS)
    return next((url for url in urls if re.fullmatch(r"https?://[^\s<>\"]+", url)), "")


def _with_folders(origin: Origin, tags: list[str], categories: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """Add the folders around `_posts`, which are categories in Jekyll: `travel/_posts/2014-10-06-x.md`."""
    folders = list_folder_categories(origin)
    known = {fold_label(tag) for tag in tags}
    more = [folder for folder in folders if fold_label(folder) not in known]
    return [*tags, *more], tuple(dict.fromkeys((*folders, *categories)))


def _name(keys: FrontMatterKeys, address: WrittenAddress, kind: Kind, usual: str) -> str:
    """Choose a source's slug: its own, else its generator's default; never a name that Windows reserves."""
    slug = address.slug or slugify(usual)
    if not slug or not reserved(slug):
        return slug
    safe = slug_or_digest(slug, kind.value)
    keys.note(Topic.SLUG, f"Windows does not allow a file called {slug}, so it is now called {safe}.")
    return safe


def _stem(origin: Origin) -> tuple[str, date | None]:
    """Return a source's name from its file, or its folder for an index, and the date at its start."""
    name = origin.group.rpartition("/")[2] or origin.rel.rpartition("/")[2].rpartition(".")[0]
    day = find_day_in_name(name)
    return (date_from_name(name)[1] or name if day else name), day


def _kind(
    keys: FrontMatterKeys, origin: Origin, dialect: Dialect, moment: WrittenDate | None, wrong: Problem | None
) -> Kind:
    """Decide between post and page: by layout, type or folder; without a date, by the generator's rule.

    A source with an unreadable date is a post, so that it does not silently become a page.
    """
    said = {words(keys.look(name)).lower() for name in _MEANINGLESS}
    folders = {step.lower() for step in origin.rel.split("/")[:-1]}
    bundle = moment is not None and dialect.leaf_bundles and "_index." not in origin.rel
    if "page" in said or folders & _PAGES or (origin.section and not bundle):
        return Kind.PAGE
    if moment is not None or wrong is not None or folders & {"_posts", "_drafts"}:
        return Kind.POST
    return Kind.PAGE if dialect.undated_is_page(origin) else Kind.POST


def _extra(keys: FrontMatterKeys) -> dict[str, Any]:
    """Return the remaining values, without a layout or type that only means "post"."""
    for name, usual in _MEANINGLESS.items():
        value = keys.look(name)
        if isinstance(value, Text) and value.text.strip().lower() in usual:
            keys.take_one(name)
    return keys.extra()
