"""The reader of Ghost's exports: posts, pages, tags and authors. Members and settings with secrets are never read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from generator.config import Config
from generator.errors import Problem, error
from generator.importers.exports.export_dates import read_date
from generator.importers.exports.export_post import ExportItem, date_elsewhere, first_words, make_post, tell_apart
from generator.importers.exports.export_reader import ExportReader
from generator.importers.exports.people import byline
from generator.importers.exports.store import KeptText
from generator.importers.ghost.export_file import ExportFile, Row
from generator.importers.ghost.lexical import write_lexical
from generator.importers.ghost.mobiledoc import write_mobiledoc
from generator.importers.import_model import ImportOptions, Topic
from generator.importers.reader import Collected
from generator.model import Kind

_OWN = "__GHOST_URL__"
"""Stands for the address of the site in exports."""
_SMALL = ("settings", "users", "tags", "posts_tags", "posts_authors", "posts_meta")
"""The tables that a post needs; `posts` itself is read row by row. No other table is read."""
Tables = dict[str, list[Row]]
_HINT = "In Ghost, choose Settings → Advanced → Import/Export → Export content."


class GhostReader(ExportReader):
    """Reads the JSON file of *Settings → Advanced → Import/Export*."""

    name = "ghost"

    def read(self, options: ImportOptions, config: Config) -> Collected:
        """Read all files."""
        items: dict[str, ExportItem] = {}
        problems: list[Problem] = []
        about: dict[str, str] = {}
        for source in options.sources:
            if source.is_dir():
                problems.append(error(source.name, "import-kind", "This is a folder.", _HINT))
                continue
            file = ExportFile(source)
            data = _small_tables(file)
            found = {str(row.get("key")): str(row.get("value") or "") for row in data["settings"]}
            about |= {key: found[key] for key in ("title", "timezone") if found.get(key)}
            for item in self._items(file, data, items):
                items.setdefault(item.key, item)
            wrong = file.wrong or ("" if "posts" in file.tables else "This is not an export of Ghost: it has no posts.")
            if wrong:
                problems.append(error(source.name, "import-kind", wrong, _HINT, line=file.line))
        own_base = config.base_path.strip("/")
        if not items and not problems:
            what = "There are no posts or pages in it."
            problems.append(error(options.sources[0].name, "import-empty", what, "Export the content again."))
        return Collected(
            posts=tuple(make_post(item, "Ghost", own_base, own_base) for item in items.values()),
            problems=tuple(problems),
            title=about.get("title", ""),
            timezone=about.get("timezone", ""),
        )

    def _items(self, file: ExportFile, data: Tables, before: Mapping[str, ExportItem]) -> Iterable[ExportItem]:
        exported = _date(file.exported)
        users = {_id(row, "id"): byline(str(row.get("name") or "")) for row in data["users"]}
        tags = {_id(row, "id"): str(row.get("name") or "") for row in data["tags"]}
        of_post = _linked(data["posts_tags"], "tag_id", tags)
        by_post = _linked(data["posts_authors"], "author_id", users)
        more = {_id(row, "post_id"): row for row in data["posts_meta"]}
        for _, row in file.rows(("posts",)):
            post = _id(row, "id")
            item = _item(row, more.get(post, {}), file.path)
            item.tags = tuple(tag for tag in of_post[post] if not tag.startswith("#"))
            item.authors = tuple(by_post[post]) or tuple(filter(None, [users.get(_id(row, "author_id"))]))
            if item.date is None:
                item.date, item.dated = date_elsewhere(item, exported)
            kept = _kept_text(row)
            item.opening = first_words(self.html_of(kept)[0]) if not item.title else ""
            tell_apart(item, before, kept.html, self.store.text(item.key).html)
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


def _small_tables(file: ExportFile) -> Tables:
    found: Tables = {name: [] for name in _SMALL}
    for table, row in file.rows(_SMALL):
        found[table].append(row)
    return found


def _id(row: Row, key: str) -> str:
    """Return an id, which old exports write as a number; "" for none."""
    value = row.get(key)
    return str(value) if isinstance(value, str | int | float) else ""


def _linked(rows: Sequence[Row], key: str, names: Mapping[str, str]) -> defaultdict[str, list[str]]:
    """Map each post's id to names, in their order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=_order):
        if name := names.get(_id(row, key)):
            found[_id(row, "post_id")].append(name)
    return found


def _order(row: Row) -> float:
    order = row.get("sort_order")
    return order if isinstance(order, int | float) else 0


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
