"""Make an `ImportedPost` of what an export says about a post: the rules that all exports share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from generator.clock import Clock
from generator.importers.exports.export_dates import write_date
from generator.importers.exports.trees import parse_fragment, words_of
from generator.importers.import_model import ImportedPost, Note, Origin, Topic
from generator.importers.plain_words import strip_markup
from generator.importers.url_index import checked_url
from generator.model import Kind
from generator.slugs import fold_label, slug_or_digest, slugify

_MAX_TITLE_CHARS = 200
_MAX_SUMMARY_CHARS = 2000
_SUFFIX = re.compile(r"(?i)\.(?:html?|php|aspx?)$")


@dataclass(slots=True)
class ExportItem:
    """A post or page as an export has it.

    `key` is the same in every export of the site; `shown` is the place for the report. `hidden` is why it was not
    public, "" if it was. `link` is its old address; `queries` are addresses with a query, below the site's root.
    `dated` is where the date is from if not from the post itself.
    """

    key: str
    shown: str
    file: Path
    kind: Kind = Kind.POST
    title: str = ""
    name: str = ""
    date: datetime | None = None
    dated: str = ""
    updated: datetime | None = None
    hidden: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    series: str = ""
    part: int = 0
    pinned: bool = False
    summary: str = ""
    description: str = ""
    image: str = ""
    image_alt: str = ""
    image_caption: str = ""
    comments: str = ""
    lang: str = ""
    link: str = ""
    older: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    opening: str = ""
    line: int = 0
    extra: dict[str, Any] = field(default_factory=dict)


def tell_apart(item: ExportItem, items: Mapping[str, ExportItem], html: str, kept: str) -> None:
    """Give an item a key of its own if another one in the same file has its key and says something else.

    Damaged exports have entries without an id, or with the same one. Two files of one site may have the same post.
    `kept` is the text of the item that has the key.
    """
    before = items.get(item.key)
    if before is not None and before.file == item.file and (before.title, kept) != (item.title, html):
        item.key = f"{item.key} ({len(items)})"


def make_post(item: ExportItem, program: str, base: str, own_base: str) -> ImportedPost:
    """Make the post; `base` is the old site's base path, `own_base` that of this site, both without slashes."""
    notes: list[Note] = []
    title = _title(item, notes)
    name = _SUFFIX.sub("", unquote(item.name, errors="replace"))
    slug = slugify(name) or slugify(title) or ""
    slug = slug_or_digest(slug or title, item.kind.value)
    assert item.date is not None
    if item.hidden:
        notes.append(Note(Topic.HIDDEN, item.hidden, item.shown, item.line))
    if item.dated:
        notes.append(
            Note(Topic.DATE, f"It had no date. It got {item.dated}: {item.date:%Y-%m-%d}.", item.shown, item.line)
        )
    paths = _paths(item, base, own_base)
    prefix = f"/{base}" if base and base != own_base else ""
    queries = tuple(f"{prefix}{query}" for query in item.queries)
    return ImportedPost(
        origin=Origin(item.shown, item.key, item.file.parent, item.file),
        generator=program,
        kind=item.kind,
        title=title,
        slug=slug,
        stem=name or slug,
        date=item.date.date(),
        head=_head(item, title),
        extra=item.extra,
        text="",
        body_line=item.line,
        commonmark=False,
        old=paths[:1],
        urls=paths,
        queries=tuple(dict.fromkeys((*item.queries, *queries))) if prefix else queries,
        url_known=bool(paths),
        notes=tuple(notes),
    )


def _title(item: ExportItem, notes: list[Note]) -> str:
    """Return the title; a post without one gets its first words."""
    title = strip_markup(item.title)[:_MAX_TITLE_CHARS].strip()
    if title:
        return title
    words = " ".join(item.opening.split())
    title = words if len(words) <= 60 else words[:60].rpartition(" ")[0] + "…" if " " in words[:60] else words[:60]
    title = title or strip_markup(unquote(item.name).replace("-", " ")).capitalize()
    title = title or f"Untitled, {item.date:%Y-%m-%d}"
    notes.append(Note(Topic.TITLE, f'It had no title. It is called "{title}".', item.shown, item.line))
    return title


def _head(item: ExportItem, title: str) -> Mapping[str, Any]:
    assert item.date is not None
    date = write_date(item.date)
    head: dict[str, Any] = {"title": title, "date": date}
    if item.updated is not None and str(item.updated.date()) > str(item.date.date()):
        head["updated"] = write_date(item.updated)
    head |= {"authors": list(item.authors), "tags": _labels(item.tags)}
    if item.kind is Kind.POST:
        head |= {"series": item.series, "pinned": item.pinned or ""}
        head |= {"part": item.part} if item.series and item.part > 0 else {}
    head["summary"] = strip_markup(item.summary)[:_MAX_SUMMARY_CHARS]
    head["description"] = strip_markup(item.description)[:_MAX_SUMMARY_CHARS]
    head |= {"image": item.image, "image_alt": strip_markup(item.image_alt)} if item.image else {}
    head |= {"draft": True} if item.hidden else {}
    head |= {"comments": item.comments} if item.comments else {}
    head |= {"lang": item.lang} if item.lang else {}
    return {key: value for key, value in head.items() if value != "" and value != []}


def _labels(tags: Iterable[str]) -> list[str]:
    """Clean the labels; the first spelling of each counts."""
    found: dict[str, str] = {}
    for tag in tags:
        label = strip_markup(unescape(tag))[:200]
        found.setdefault(fold_label(label), label)
    return [label for label in found.values() if label]


def _paths(item: ExportItem, base: str, own_base: str) -> tuple[str, ...]:
    """Return the old addresses that have no query, first the post's own."""
    found: list[str] = []
    for link in (item.link, *item.older):
        parts = urlsplit(link)
        if parts.query or not parts.path.strip("/"):
            continue
        path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
        below = path.removeprefix(f"/{base}") if base and path.startswith(f"/{base}/") else path
        found += [below] if base == own_base else [path, below]
    return tuple(dict.fromkeys(filter(None, map(checked_url, found))))


def date_elsewhere(item: ExportItem, exported: datetime | None) -> tuple[datetime, str]:
    """Return a date for an item without one, and where it is from: its last change, the export, the file."""
    if item.updated is not None:
        return item.updated, "the date of its last change"
    if exported is not None:
        return exported, "the date of the export"
    made = datetime.fromtimestamp(item.file.stat().st_mtime, UTC).replace(microsecond=0)
    return min(made, Clock.system().now.astimezone(UTC).replace(microsecond=0)), "the date of the file"


def first_words(html: str) -> str:
    """Return the first words of a text, for the title of a post without one."""
    return words_of(parse_fragment(html[:5000]))[:200] if html.strip() else ""
