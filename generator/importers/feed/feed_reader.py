"""The reader of feeds. A feed has what the old program put into it: often the newest posts, sometimes summaries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from generator.config import Config
from generator.errors import Problem, error
from generator.importers.exports.export_dates import read_date
from generator.importers.exports.export_post import ExportItem, date_elsewhere, first_words, make_post, tell_apart
from generator.importers.exports.export_reader import ExportReader
from generator.importers.exports.people import byline
from generator.importers.exports.store import KeptText
from generator.importers.exports.writer import missing_libraries
from generator.importers.feed.h_entry import read_h_entry
from generator.importers.import_model import ImportOptions, Note, Topic
from generator.importers.reader import Collected

MAX_BYTES = 200_000_000


class FeedReader(ExportReader):
    """Reads RSS and Atom, and folders of posts as HTML."""

    name = "feed"

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, ExportItem] = {}
        self._problems: list[Problem] = []
        self._notes: list[Note] = []
        self._title = self._url = ""

    def read(self, options: ImportOptions, config: Config) -> Collected:
        """Read all files."""
        for source in options.sources:
            files = sorted(source.rglob("*.htm*")) if source.is_dir() else [source]
            if source.is_dir() and not files:
                self._refuse(source, "There are no HTML files in it.")
            for file in files:
                self._read_file(file)
        base, own_base = urlsplit(self._url).path.strip("/"), config.base_path.strip("/")
        base = base if "." not in base else ""
        return Collected(
            posts=tuple(make_post(item, "feed", base, own_base) for item in self._items.values()),
            notes=tuple(self._notes),
            problems=tuple(self._problems),
            url=self._url,
            base=base,
            title=self._title,
        )

    def _refuse(self, file: Path, what: str) -> None:
        hint = "Give the address or the file of a feed (RSS or Atom), or a folder of posts saved as HTML."
        self._problems.append(error(file.name, "import-kind", what, hint))

    def _read_file(self, file: Path) -> None:
        if file.suffix.lower() in (".html", ".htm"):
            read = read_h_entry(file, file.name)
            if read is None:
                self._notes.append(Note(Topic.FILE, "It is not a post: it has no h-entry.", file.name))
            else:
                self._keep(*read, None)
            return
        if file.stat().st_size > MAX_BYTES or b"<!ENTITY" in file.read_bytes():
            self._refuse(file, "The feed is far too large, or declares entities.")
            return
        self._read_feed(file)

    def _read_feed(self, file: Path) -> None:
        try:
            import feedparser
        except ImportError as fault:
            raise missing_libraries() from fault

        feed: Any = feedparser.parse(file.read_bytes())
        if not feed.get("version") and not feed.entries:
            self._refuse(file, "This is not a feed.")
            return
        if feed.bozo and "Encoding" not in type(feed.bozo_exception).__name__:
            line, column = _place(feed.bozo_exception)
            what = "The feed is damaged here. Openletter imported everything that it could read."
            hint = "Compare the posts there with the original."
            self._problems.append(error(file.name, "import-damaged", what, hint, line=line, column=column))
        about = feed.feed
        self._title = self._title or str(about.get("title", ""))
        self._url = self._url or str(about.get("link", ""))
        exported = _date(about, "updated", "published")
        for number, entry in enumerate(feed.entries, 1):
            item = _item(entry, file, f"{file.name}: entry {number}")
            contents = entry.get("content") or ()
            html = next((str(each.get("value", "")) for each in contents if each.get("value")), "")
            if not html:
                html = str(entry.get("summary", ""))
                self._notes.append(Note(Topic.TEXT, "The feed has only this post's summary.", item.shown))
            self._keep(item, html, exported)

    def _keep(self, item: ExportItem, html: str, exported: datetime | None) -> None:
        if item.date is None:
            item.date, item.dated = date_elsewhere(item, exported)
        item.dated = "" if item.hidden else item.dated
        item.opening = first_words(html) if not item.title else ""
        tell_apart(item, self._items, html, self.store.text(item.key).html)
        if item.key not in self._items:
            self._items[item.key] = item
            self.store.put_text(item.key, KeptText(html))


def _item(entry: Any, file: Path, shown: str) -> ExportItem:
    link = str(entry.get("link", ""))
    parts = urlsplit(link)
    item = ExportItem(
        key=str(entry.get("id") or link or entry.get("title", "")),
        shown=shown,
        file=file,
        title=str(entry.get("title", "")),
        name=parts.path.rstrip("/").rpartition("/")[2],
        link=link,
    )
    item.date, item.updated = _date(entry, "published"), _date(entry, "updated")
    item.date = item.date or item.updated
    names: Iterable[str] = (str(each.get("name", "")) for each in entry.get("authors", ()))
    item.authors = tuple(filter(None, map(byline, names)))
    item.tags = tuple(str(each.get("term", "") or "") for each in entry.get("tags", ()))
    query = parse_qsl(parts.query)
    item.queries = (f"/?{query[0][0]}={query[0][1]}",) if len(query) == 1 and query[0][0] == "p" else ()
    return item


def _date(entry: Any, *names: str) -> datetime | None:
    """Return a date with the offset that it is written with, else in UTC."""
    for name in names:
        found = read_date(str(dict.get(entry, name) or ""))  # its own `get` takes one date for another
        if found is not None:
            return found
        parsed = dict.get(entry, f"{name}_parsed")
        if parsed:
            year, month, day, hour, minute, second = parsed[:6]
            return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    return None


def _place(fault: Any) -> tuple[int, int]:
    try:
        return int(fault.getLineNumber()), int(fault.getColumnNumber()) + 1
    except (AttributeError, TypeError, ValueError):
        return 0, 0
