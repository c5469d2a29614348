"""The reader of Blogger's backups (Atom), and of the folder that Google Takeout makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from generator.config import Config
from generator.errors import Problem, error
from generator.importers.blogger.captions import convert_captions
from generator.importers.blogger.entries import is_trash, kind_of, number_of, read_comment, read_entry, why_left_out
from generator.importers.exports.export_comments import note_left_out
from generator.importers.exports.export_dates import infer_zone, read_date
from generator.importers.exports.export_post import ExportItem, date_elsewhere, first_words, make_post, tell_apart
from generator.importers.exports.export_reader import ExportReader
from generator.importers.exports.records import Node, RecordFile
from generator.importers.exports.store import KeptText
from generator.importers.import_model import ImportOptions, Note, Topic
from generator.importers.reader import Collected

_ENTRIES = frozenset(("entry",))
_FACTS = frozenset(("title", "updated", "link"))
_SILENT = frozenset(("settings", "template"))
"""Entries that have nothing for readers."""

_ZONE_SAMPLE = 400


@dataclass(slots=True)
class _Found:
    title: str = ""
    url: str = ""
    date: datetime | None = None
    items: dict[str, ExportItem] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class BloggerReader(ExportReader):
    """Reads the XML of *Back up content*, and `feed.atom` of Google Takeout."""

    name = "blogger"

    def read(self, options: ImportOptions, config: Config) -> Collected:
        """Read all files."""
        found = _Found()
        for source in options.sources:
            files = sorted(source.rglob("*.atom")) or sorted(source.rglob("*.xml")) if source.is_dir() else [source]
            if not files:
                hint = "Give the folder of one blog below Takeout/Blogger/Blogs."
                found.problems.append(error(source.name, "import-kind", "There is no feed.atom in it.", hint))
            for file in files:
                self._read_file(file, found, options)
        return self._collected(found, config)

    def _read_file(self, file: Path, found: _Found, options: ImportOptions) -> None:
        records = RecordFile(file, file.name, _ENTRIES, _FACTS)
        before = found.entries
        for node in records.records():
            if node.name == "entry":
                self._read_entry(node, found, file, pending=options.pending)
            elif node.name == "title":
                found.title = found.title or node.text
            elif node.name == "updated":
                found.date = found.date or read_date(node.text)
            elif node.attributes.get("rel") == "alternate":
                found.url = found.url or node.attributes.get("href", "")
        found.problems += records.problems
        if found.entries == before and not records.problems:
            what = "This is not a backup of Blogger: it has no posts, pages or comments of one."
            hint = "In Blogger, choose Settings → Back up content. For a feed, use: openletter import feed"
            found.problems.append(error(file.name, "import-kind", what, hint, line=1, column=1))

    def _read_entry(self, node: Node, found: _Found, file: Path, *, pending: bool) -> None:
        kind = kind_of(node)
        found.entries += bool(kind)
        shown = f"{file.name}:{node.line}"
        if kind == "comment":
            if why := why_left_out(node, pending=pending):
                found.left_out[why] += 1
            else:
                self.store.put_comment(*read_comment(node))
        elif kind in ("post", "page"):
            if is_trash(node):
                words = f'"{node.get("title")[:80]}": It was in the trash.'
                found.notes.append(Note(Topic.FILE, words, shown))
                return
            item = read_entry(node, kind, file.name, file)
            html = node.html("content") or node.html("summary")
            tell_apart(item, found.items, html, self.store.text(item.key).html)
            if item.key in found.items:
                return
            item.opening = first_words(html) if not item.title else ""
            found.items[item.key] = item
            found.posts[number_of(node.get("id"))] = item.key
            self.store.put_text(item.key, KeptText(html))
        elif kind not in _SILENT:
            words = f'"{node.get("title")[:80]}" is neither a post nor a page nor a comment.'
            found.notes.append(Note(Topic.FILE, words, shown))

    def _collected(self, found: _Found, config: Config) -> Collected:
        url = found.url or next((item.link for item in found.items.values() if "://" in item.link), "")
        own_base = config.base_path.strip("/")
        base = "" if ".blogspot." in url else urlsplit(found.url).path.strip("/")
        posts = []
        for item in found.items.values():
            if item.date is None:
                item.date, item.dated = date_elsewhere(item, found.date)
            item.shown = f"{item.shown}:{item.line}"
            item.line = 0
            posts.append(make_post(item, "Blogger", base, own_base))
        for post, count in self.store.commented():
            if post in found.posts:
                self.store.move_comments(post, found.posts[post])
            else:
                words = f"{count:,} belong to a post that is not in the backup (`{post}`)."
                found.notes.append(Note(Topic.COMMENT, words, ""))
        dated = (item.date for item in found.items.values() if item.date is not None)
        parts = urlsplit(url)
        return Collected(
            posts=tuple(posts),
            notes=(*found.notes, *note_left_out(found.left_out)),
            problems=tuple(found.problems),
            url=f"{parts.scheme}://{parts.netloc}/" if parts.netloc else "",
            base=base,
            title=found.title,
            timezone=infer_zone(islice(dated, _ZONE_SAMPLE)),
        )

    def html_of(self, text: KeptText) -> tuple[str, Sequence[tuple[Topic, str]]]:
        """Convert captions and the jump break."""
        return convert_captions(text.html), ()
