"""Read the entries of a Blogger backup: the classic one (to 2024), and that of Google Takeout."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from generator.importers.exports.export_comments import WAITED
from generator.importers.exports.export_dates import read_date
from generator.importers.exports.export_post import ExportItem
from generator.importers.exports.people import byline, person_name, without_addresses
from generator.importers.exports.records import Node
from generator.importers.exports.store import KeptComment
from generator.model import Kind

_KIND = "http://schemas.google.com/g/2005#kind"
_KINDS = re.compile(r"http://schemas\.google\.com/blogger/2008/kind#(\w+)")
_NUMBER = re.compile(r"(?:post|page|comment)-(\d+)$|/(\d+)$")
_HIDDEN = {
    "DRAFT": "A draft.",
    "SCHEDULED": "It is scheduled for {date}.",
}
_WAITING = ("PENDING", "PENDING_COMMENT")
TRASHED = ("SOFT_TRASHED", "TRASHED", "SPAM", "HARD_DELETED")


def kind_of(entry: Node) -> str:
    """Return `post`, `page`, `comment`, or what else an entry is; "" if it does not say."""
    kind = entry.get("blogger:type").lower()
    if kind:
        return kind
    for each in entry.all("category"):
        if each.attributes.get("scheme") == _KIND and (match := _KINDS.fullmatch(each.attributes.get("term", ""))):
            return match[1]
    return ""


def number_of(written: str) -> str:
    """Return the number at the end of an id or address of Blogger."""
    match = _NUMBER.search(written.strip())
    return (match[1] or match[2]) if match else written.strip()


def is_trash(entry: Node) -> bool:
    """Return True for an entry in the trash."""
    return entry.get("blogger:status") in TRASHED or bool(entry.get("blogger:trashed"))


def read_entry(entry: Node, kind: str, shown: str, file: Path) -> ExportItem:
    """Read a post or page."""
    link = entry.get("blogger:filename") or _link(entry, "alternate")
    item = ExportItem(
        key=f"{kind}:{number_of(entry.get('id')) or link}",
        shown=shown,
        file=file,
        kind=Kind.PAGE if kind == "page" else Kind.POST,
        line=entry.line,
        title=entry.get("title"),
        name=urlsplit(link).path.rpartition("/")[2],
        link=link,
    )
    item.date = read_date(entry.get("published")) or read_date(entry.get("blogger:created"))
    item.updated = read_date(entry.get("updated"))
    item.hidden = _hidden(entry, item)
    item.description = entry.get("blogger:metaDescription")
    item.tags = tuple(
        each.attributes.get("term", "") for each in entry.all("category") if each.attributes.get("scheme") != _KIND
    )
    names = (byline(each.get("name")) for each in entry.all("author"))
    item.authors = tuple(name for name in names if name and name != "Unknown")
    query = parse_qsl(urlsplit(link).query)
    if len(query) == 1:
        item.queries = (f"/?{query[0][0]}={query[0][1]}",)
    return item


def _hidden(entry: Node, item: ExportItem) -> str:
    status = entry.get("blogger:status")
    if status not in ("", "LIVE"):
        when = f"{item.date:%Y-%m-%d %H:%M}" if item.date else "later"
        return _HIDDEN.get(status, f'Its status was "{status}".').replace("{date}", when)
    controls = (control.get(name) for control in entry.all("app:control") for name in ("app:draft", "draft"))
    return "A draft." if "yes" in controls else ""


def why_left_out(entry: Node, *, pending: bool) -> str:
    """Say why a comment is not imported: spam, trash, or waiting unless `pending`; "" if it is."""
    status = entry.get("blogger:status")
    if is_trash(entry) or status == "SPAM_COMMENT":
        return "was spam." if status.startswith("SPAM") else "was in the trash."
    if status in _WAITING:
        return "" if pending else WAITED
    return "" if status in ("", "LIVE") else f'had the status "{status[:80]}".'


def read_comment(entry: Node) -> tuple[str, KeptComment]:
    """Read a comment that is not left out, and the number of its post."""
    answered = next((each.attributes for each in entry.all("thr:in-reply-to")), {})
    post = entry.get("blogger:parent") or answered.get("ref") or answered.get("source", "")
    parent = entry.get("blogger:inReplyTo") or _link(entry, "related")
    emails = (each.get(name) for each in entry.all("author") for name in ("email", "gd:email"))
    name = next((each.get("name") for each in entry.all("author")), "")
    comment = KeptComment(
        id=f"b-{number_of(entry.get('id'))}",
        author=person_name(name),
        date=entry.get("published") or entry.get("blogger:created"),
        html=without_addresses(entry.html("content"), *emails),
        parent=f"b-{number_of(parent)}" if parent else "",
        hidden=entry.get("blogger:status") in _WAITING,
    )
    return number_of(post), comment


def _link(entry: Node, rel: str) -> str:
    found = (each.attributes.get("href", "") for each in entry.all("link") if each.attributes.get("rel") == rel)
    return next(found, "")
