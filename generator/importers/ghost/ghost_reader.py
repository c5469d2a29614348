"""The reader of Ghost's exports: posts, pages, tags and authors. Members and settings with secrets are never read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generator.config import Config
from generator.errors import Problem, error
from generator.importers.exports.export_dates import read_date
from generator.importers.exports.export_post import ExportItem, date_elsewhere, first_words, make_post
from generator.importers.exports.export_reader import ExportReader
from generator.importers.exports.people import byline
from generator.importers.exports.store import KeptText
from generator.importers.ghost.lexical import write_lexical
from generator.importers.ghost.mobiledoc import write_mobiledoc
from generator.importers.import_model import ImportOptions, Note, Topic
from generator.importers.reader import Collected
from generator.model import Kind

MAX_BYTES = 2_000_000_000
_OWN = "__GHOST_URL__"
"""Stands for the address of the site in exports."""
Row = Mapping[str, Any]


class GhostReader(ExportReader):
    """Reads the JSON file of *Settings → Advanced → Import/Export*."""

    name = "ghost"

    def read(self, options: ImportOptions, config: Config) -> Collected:
        """Read all files."""
        items: dict[str, ExportItem] = {}
        problems: list[Problem] = []
        notes: list[Note] = []
        about: dict[str, str] = {}
        for source in options.sources:
            try:
                data, exported = _load(source)
            except ValueError as fault:
                hint = "In Ghost, choose Settings → Advanced → Import/Export → Export content."
                problems.append(error(source.name, "import-kind", str(fault), hint, line=getattr(fault, "lineno", 1)))
                continue
            found = {str(row.get("key")): str(row.get("value") or "") for row in _rows(data, "settings")}
            about |= {key: found[key] for key in ("title", "timezone") if found.get(key)}
            for item in self._items(data, source, exported):
                items.setdefault(item.key, item)
        own_base = config.base_path.strip("/")
        if not items and not problems:
            what = "There are no posts or pages in it."
            problems.append(error(options.sources[0].name, "import-empty", what, "Export the content again."))
        return Collected(
            posts=tuple(make_post(item, "Ghost", own_base, own_base) for item in items.values()),
            notes=tuple(notes),
            problems=tuple(problems),
            title=about.get("title", ""),
            timezone=about.get("timezone", ""),
        )

    def _items(self, data: Row, source: Path, exported: datetime | None) -> Iterable[ExportItem]:
        users = {row.get("id"): byline(str(row.get("name") or "")) for row in _rows(data, "users")}
        tags = {row.get("id"): str(row.get("name") or "") for row in _rows(data, "tags")}
        of_post = _linked(data, "posts_tags", "tag_id", tags)
        by_post = _linked(data, "posts_authors", "author_id", users)
        more = {row.get("post_id"): row for row in _rows(data, "posts_meta")}
        for row in _rows(data, "posts"):
            item = _item(row, more.get(row.get("id"), {}), source)
            item.tags = tuple(tag for tag in of_post[row.get("id")] if not tag.startswith("#"))
            item.authors = tuple(by_post[row.get("id")]) or tuple(filter(None, [users.get(row.get("author_id"))]))
            if item.date is None:
                item.date, item.dated = date_elsewhere(item, exported)
            kept = _kept_text(row)
            item.opening = first_words(self.html_of(kept)[0]) if not item.title else ""
            self.store.put_text(item.key, kept)
            yield item

    def html_of(self, text: KeptText) -> tuple[str, Sequence[tuple[Topic, str]]]:
        """Write Lexical and Mobiledoc as HTML."""
        written, unknown = text.html, list[str]()
        if text.format != "html":
            try:
                document = json.loads(text.html)
                write = write_lexical if text.format == "lexical" else write_mobiledoc
                written, unknown = write(document if isinstance(document, dict) else {})
            except (ValueError, RecursionError):
                return "", [(Topic.TEXT, "The text is damaged and was not imported.")]
        said = [(Topic.CUT_HTML, f"The card `{name}` has no text in the export.") for name in dict.fromkeys(unknown)]
        return written.replace(_OWN, ""), said


def _load(source: Path) -> tuple[Row, datetime | None]:
    """Read the data of an export. Raises: ValueError with a sentence, OSError."""
    if source.is_dir() or source.stat().st_size > MAX_BYTES:
        raise ValueError("This is a folder, or far too large.")
    try:
        whole = json.loads(source.read_bytes())
    except json.JSONDecodeError as fault:
        found = ValueError(f"This is not JSON, or it is cut off at line {fault.lineno}, column {fault.colno}.")
        raise found from fault
    except (UnicodeDecodeError, RecursionError) as fault:
        raise ValueError("This is not JSON.") from fault
    whole = whole["db"][0] if isinstance(whole, dict) and isinstance(whole.get("db"), list) and whole["db"] else whole
    data = whole.get("data") if isinstance(whole, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("posts"), list):
        raise ValueError("This is not an export of Ghost: it has no posts.")
    meta = whole.get("meta")
    return data, _date(meta.get("exported_on")) if isinstance(meta, dict) else None


def _rows(data: Row, name: str) -> list[Row]:
    found = data.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _linked(data: Row, table: str, key: str, names: Mapping[Any, str]) -> defaultdict[Any, list[str]]:
    """Map each post's id to names, in their order."""
    found: defaultdict[Any, list[str]] = defaultdict(list)
    for row in sorted(_rows(data, table), key=lambda row: row.get("sort_order") or 0):
        if name := names.get(row.get(key)):
            found[row.get("post_id")].append(name)
    return found


def _item(row: Row, more: Row, source: Path) -> ExportItem:
    def text(*names: str) -> str:
        values = (value for name in names for value in (row.get(name), more.get(name)))
        return next((value for value in values if isinstance(value, str) and value), "")

    kind = Kind.PAGE if row.get("type") == "page" or row.get("page") in (1, True) else Kind.POST
    slug = text("slug")
    item = ExportItem(
        key=f"ghost:{text('uuid') or row.get('id') or slug}",
        shown=f"{source.name}: {slug}",
        file=source,
        kind=kind,
        title=text("title") if text("title") != "(Untitled)" else "",
        name=slug,
        link=text("canonical_path") or (f"/{slug}/" if slug else ""),
    )
    item.date = _date(row.get("published_at")) or _date(row.get("created_at"))
    item.updated = _date(row.get("updated_at"))
    item.hidden = _hidden(row, item)
    item.pinned = row.get("featured") in (1, True)
    item.summary, item.description = text("custom_excerpt"), text("meta_description")
    item.image = text("feature_image", "image").replace(_OWN, "")
    item.image_alt = text("feature_image_alt")
    if caption := text("feature_image_caption"):
        item.extra["image_caption"] = caption
    item.lang = text("locale")
    return item


def _hidden(row: Row, item: ExportItem) -> str:
    status, visibility = row.get("status"), row.get("visibility")
    if status == "scheduled":
        return f"It is scheduled for {item.date:%Y-%m-%d %H:%M}." if item.date else "It is scheduled."
    if status == "sent":
        return "It was only sent as a mail."
    if status != "published":
        return "A draft."
    return "" if visibility in ("public", None) else f'It was only for some readers ("{visibility}").'


def _kept_text(row: Row) -> KeptText:
    """Keep the format that has the most: the cards of Lexical and Mobiledoc are plainer than their HTML."""
    for name in ("lexical", "mobiledoc", "html"):
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return KeptText(value, format=name)
    return KeptText("")


def _date(value: object) -> datetime | None:
    if isinstance(value, int | float) and 0 < value < 1e14:
        return datetime.fromtimestamp(value / 1000, UTC).replace(microsecond=0)
    found = read_date(value) if isinstance(value, str) else None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found
