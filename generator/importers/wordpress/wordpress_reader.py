"""The reader of WordPress exports (WXR 1.0 to 1.2), one file or several in any order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape, unescape
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from generator.config import Config
from generator.errors import Problem, error
from generator.importers.exports.export_comments import note_left_out
from generator.importers.exports.export_dates import infer_zone, read_date
from generator.importers.exports.export_post import ExportItem, date_elsewhere, first_words, make_post, tell_apart
from generator.importers.exports.export_reader import ExportReader
from generator.importers.exports.people import byline
from generator.importers.exports.records import Node, RecordFile
from generator.importers.exports.store import KeptText
from generator.importers.import_model import ImportOptions, Note, Topic
from generator.importers.reader import Collected
from generator.importers.wordpress.items import SKIPPED, read_comment, read_item, read_meta, unused_of, why_left_out
from generator.importers.wordpress.shortcodes import Attachment
from generator.importers.wordpress.text import wordpress_html
from generator.markup.alt_text import describe_weak
from generator.text.counts import format_count

_ENTRIES = frozenset(("item",))
_FACTS = frozenset((
    "title", "link", "pubDate", "wp:wxr_version", "wp:base_blog_url", "wp:base_site_url", "wp:author", "wp:category",
    "wp:tag", "wp:term",
))  # fmt: skip
_QUIET = frozenset((
    "nav_menu_item", "wp_global_styles", "wp_navigation", "wp_template", "wp_template_part", "wp_block", "wp_font_face",
    "wp_font_family", "revision", "custom_css", "customize_changeset", "oembed_cache", "user_request",
))  # fmt: skip
"""Types that belong to the old theme and program, not to readers: the report only counts them."""
_PATTERN = re.compile(r'<!--\s+wp:block\s+\{"ref":(\d{1,18})[^{}]*\}\s+/-->')
_PATTERN_KEY = "pattern {}"
_PATTERN_DEPTH = 3
"""How often patterns may be in patterns."""

_ZONE_SAMPLE = 400
_MAX_LISTED = 2000
_HREF = re.compile(r"(?i)(<a\b[^<>]*?\bhref\s*=\s*)[\"'](https?://[^\"'<>]+)[\"']")


@dataclass(slots=True)
class _File:
    """What one file says about the site."""

    shown: str
    title: str = ""
    link: str = ""
    base: str = ""
    date: datetime | None = None
    is_wordpress: bool = False
    items: int = 0


@dataclass(slots=True)
class _Found:
    """All that the files have."""

    items: dict[str, ExportItem] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    unused: Counter[str] = field(default_factory=Counter)
    files: list[_File] = field(default_factory=list)


class WordpressReader(ExportReader):
    """Reads the files that Tools → Export of WordPress writes."""

    name = "wordpress"

    def read(self, options: ImportOptions, config: Config) -> Collected:
        """Read all files."""
        found = _Found()
        for number, source in enumerate(options.sources):
            if options.progress is not None:
                options.progress("Reading the export", number, len(options.sources))
            self._read_file(source, found, options)
        return self._collected(found, config)

    def _read_file(self, source: Path, found: _Found, options: ImportOptions) -> None:
        about = _File(source.name)
        if source.is_dir():
            hint = "Give the XML files that Tools → Export wrote."
            found.problems.append(error(source.name, "import-kind", "This is a folder.", hint))
            return
        records = RecordFile(source, source.name, _ENTRIES, _FACTS)
        for node in records.records():
            if node.name == "item":
                about.items += 1
                self._read_item(node, about, found, source, pending=options.pending)
            else:
                _read_fact(node, about, found)
        found.problems += records.problems
        if not about.is_wordpress and not records.problems:
            what = "This is a feed or another file, not an export of WordPress: it has no wp: elements."
            hint = "In WordPress, choose Tools → Export. For a feed, use: openletter import feed"
            found.problems.append(error(source.name, "import-kind", what, hint, line=1, column=1))
        found.files.append(about)

    def _read_item(self, node: Node, about: _File, found: _Found, source: Path, *, pending: bool) -> None:
        kind, status = node.get("wp:post_type"), node.get("wp:status")
        about.is_wordpress |= any(child.name.startswith("wp:") for child in node.children)
        shown = f"{about.shown}:{node.line}"
        if kind == "attachment":
            self._keep_file(node)
        elif kind == "wp_block" and status == "publish":
            number = node.get("wp:post_id")
            self.store.put_text(_PATTERN_KEY.format(number), KeptText(node.html("content:encoded"), number))
        elif kind not in ("post", "page"):
            found.others[kind] += 1
            if kind not in _QUIET:
                why = f'is of the type "{kind}", which only a plugin can show.' if kind else "has no type."
                words = f'"{node.get("title")[:80]}" {why}'
                found.notes.append(Note(Topic.FILE, words, shown))
        elif status in SKIPPED:
            words = {"trash": "It was in the trash.", "spam": "It was spam."}.get(
                status, "It was never saved by a person."
            )
            found.notes.append(Note(Topic.FILE, f'"{node.get("title")[:80]}": {words}', shown))
        else:
            self._keep_post(node, about, found, source, pending=pending)

    def _keep_file(self, node: Node) -> None:
        meta = read_meta(node)
        caption = node.get("excerpt:encoded") or node.get("content:encoded")
        url = node.get("wp:attachment_url") or node.get("guid")
        page = node.get("link").rstrip("/") if node.get("link") != url else ""
        about = (url, meta.get("_wp_attachment_image_alt", ""), caption, node.get("title"))
        self.store.put_file(node.get("wp:post_id"), node.get("wp:post_parent"), about, page)

    def _keep_post(self, node: Node, about: _File, found: _Found, source: Path, *, pending: bool) -> None:
        host = urlsplit(about.base or about.link).hostname or ""
        item = read_item(node, host, about.shown, source)
        html = node.html("content:encoded")
        tell_apart(item, found.items, html, self.store.text(item.key).html)
        before = found.items.get(item.key)
        if before is not None and str(before.updated or "") >= str(item.updated or ""):
            item = before
        else:
            found.items[item.key] = item
            self.store.put_text(item.key, KeptText(html, node.get("wp:post_id")))
            item.opening = first_words(html) if not item.title else ""
        found.unused.update(unused_of(node))
        for each in node.all("wp:comment"):
            if why := why_left_out(each, pending=pending):
                found.left_out[why] += 1
            else:
                self.store.put_comment(item.key, read_comment(each))

    def _collected(self, found: _Found, config: Config) -> Collected:
        first = next((each for each in found.files if each.base or each.link), _File(""))
        url = first.base or first.link
        base, own_base = urlsplit(url).path.strip("/"), config.base_path.strip("/")
        exported = {each.shown: each.date for each in found.files}
        posts = []
        for item in found.items.values():
            self._finish(item, found, exported)
            posts.append(make_post(item, "WordPress", base, own_base))
        if not (posts or found.problems or self.store.file_count()):
            what = "There are no posts or pages in it."
            found.problems.append(error(found.files[0].shown, "import-empty", what, "Export “All content”.", line=1))
        dated = (item.date for item in found.items.values() if item.date is not None)
        notes = [*found.notes, *_summaries(found, first.shown)]
        notes += note_left_out(found.left_out)
        notes += [Note(Topic.LIBRARY, f"`{url[:300]}`", "") for url in self.store.file_urls(_MAX_LISTED)]
        return Collected(
            posts=tuple(posts),
            notes=tuple(notes),
            problems=tuple(found.problems),
            url=url,
            base=base,
            title=first.title,
            timezone=infer_zone(islice(dated, _ZONE_SAMPLE)),
        )

    def _finish(self, item: ExportItem, found: _Found, exported: dict[str, datetime | None]) -> None:
        """Fill in what other items and files say: the date, the names of authors, the lead picture."""
        if item.date is None:
            item.date, item.dated = date_elsewhere(item, exported.get(item.shown))
        item.authors = tuple(dict.fromkeys(filter(None, (_author(found, login) for login in item.authors))))
        if item.image:
            files = self.store.files([item.image])
            item.image = ""
            if files:
                item.image, item.image_alt, caption, title = files[0]
                item.image_alt = item.image_alt or title
                item.image_alt = "" if describe_weak(item.image_alt, item.image) else item.image_alt
                if caption:
                    item.extra["image_caption"] = caption
                    words = "The caption of the featured picture is below `extra`, where no page shows it."
                    found.notes.append(Note(Topic.KEY, words, f"{item.shown}:{item.line}"))
        item.shown = f"{item.shown}:{item.line}"
        item.line = 0

    def html_of(self, text: KeptText) -> tuple[str, Sequence[tuple[Topic, str]]]:
        """Convert paragraphs, shortcodes and blocks."""

        def library(ids: Iterable[str]) -> list[Attachment]:
            wanted = list(ids)
            rows = self.store.files(wanted) if wanted else self.store.files(parent=text.post)
            return [Attachment(*row) for row in rows]

        written = text.html
        for _ in range(_PATTERN_DEPTH):
            written = _PATTERN.sub(self._pattern, written)
        made = wordpress_html(written, library)
        said = [(Topic.TEMPLATE, f"`[{name}]`") for name in dict.fromkeys(made.shortcodes)]
        said += [
            (Topic.CUT_HTML, f"The block `{name}` has no text in the export.") for name in dict.fromkeys(made.blocks)
        ]
        return _HREF.sub(self._file_instead, made.html), said

    def _pattern(self, match: re.Match[str]) -> str:
        """Put the text of a pattern, which many posts may share, in the place of its block."""
        return self.store.text(_PATTERN_KEY.format(match[1])).html or match[0]

    def _file_instead(self, match: re.Match[str]) -> str:
        """Lead a link to the page of a picture, which does not come, to the picture itself."""
        file = self.store.file_of_page(unescape(match[2]))
        return f'{match[1]}"{escape(file)}"' if file else match[0]


def _author(found: _Found, login: str) -> str:
    """Return the public name of an author; some exports have a stray angle bracket beside the login."""
    login = login.strip("<> ")
    return found.authors.get(login) or byline(login)


def _read_fact(node: Node, about: _File, found: _Found) -> None:
    about.is_wordpress |= node.name.startswith("wp:")
    if node.name == "title":
        about.title = about.title or node.text
    elif node.name == "link":
        about.link = about.link or node.text
    elif node.name in ("wp:base_blog_url", "wp:base_site_url"):
        about.base = node.text if node.name == "wp:base_blog_url" else about.base
    elif node.name == "pubDate":
        about.date = about.date or read_date(node.text)
    elif node.name == "wp:author":
        login, name = node.get("wp:author_login"), node.get("wp:author_display_name")
        full = f"{node.get('wp:author_first_name')} {node.get('wp:author_last_name')}".strip()
        if login:
            found.authors.setdefault(login, byline(name or full or login))


def _summaries(found: _Found, shown: str) -> list[Note]:
    notes = []
    with_query = sum(bool(item.queries) for item in found.items.values())
    if with_query:
        words = (
            f"{format_count(with_query, 'post or page', 'posts and pages')} also had an address such as `/?p=12`. "
            "Netlify redirects it by the file `_redirects`; for nginx and Apache, use import-redirects.nginx and "
            "import-redirects.htaccess."
        )
        notes.append(Note(Topic.QUERY, words, ""))
    notes += [Note(Topic.KEY, f"{what} ({n:,})", shown) for what, n in sorted(found.unused.items())]
    quiet = sum(count for kind, count in found.others.items() if kind in _QUIET)
    if quiet:
        notes.append(Note(Topic.FILE, f"{quiet:,} items of the old theme, such as menus and styles.", shown))
    return notes
