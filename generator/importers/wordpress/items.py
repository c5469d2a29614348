"""Read the items of a WordPress export: posts, pages, files, comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from generator.importers.exports.export_comments import WAITED
from generator.importers.exports.export_dates import local_date, read_date
from generator.importers.exports.export_post import ExportItem
from generator.importers.exports.people import byline, page_address, person_name, without_addresses
from generator.importers.exports.records import Node
from generator.importers.exports.store import KeptComment
from generator.importers.wordpress.paragraphs import add_paragraphs
from generator.model import Kind

HIDDEN = {
    "draft": "A draft.",
    "pending": "It waits for review.",
    "private": "It is private.",
    "future": "It is scheduled for {date}.",
}
SKIPPED = ("trash", "auto-draft", "inherit", "spam")
_WAITING = ("0", "hold")
_STATUSES = {"spam": "was spam.", "trash": "was in the trash.", "post-trashed": "was in the trash."}
_PUBLIC = ("publish", "")
_QUERIES = ("p", "page_id")
_DESCRIPTIONS = (
    "_yoast_wpseo_metadesc",
    "rank_math_description",
    "_aioseo_description",
    "_aioseop_description",
    "advanced_seo_description",
)
_TAKEN_TERMS = frozenset(("", "category", "post_tag", "tag", "author", "series", "language"))
_PROGRAM_FIELDS = frozenset(("original_post_id", "email_notification", "jabber_published", "reddit", "enclosure"))
"""Custom fields that WordPress.com writes for its own use."""
_PART = re.compile(r"_series_part(?:_[\w-]+)?")


def read_item(node: Node, host: str, shown: str, file: Path) -> ExportItem:
    """Read an item of type post or page."""
    number = node.get("wp:post_id")
    kind = Kind.PAGE if node.get("wp:post_type") == "page" else Kind.POST
    guid, link = node.get("guid"), node.get("link")
    name = node.get("wp:post_name")
    meta = read_meta(node)
    item = ExportItem(
        key=f"{host}:{kind}:{number or guid or link or name or node.get('title')}",
        shown=shown,
        file=file,
        kind=kind,
        line=node.line,
        title=node.get("title"),
        name=name,
        link=link,
    )
    item.date = local_date(node.get("wp:post_date"), node.get("wp:post_date_gmt")) or read_date(node.get("pubDate"))
    item.updated = local_date(node.get("wp:post_modified"), node.get("wp:post_modified_gmt"))
    item.hidden = _hidden(node, item)
    item.pinned = node.get("wp:is_sticky") == "1"
    item.summary = node.html("excerpt:encoded")
    item.description = next((meta[key] for key in _DESCRIPTIONS if meta.get(key) and "%" not in meta[key]), "")
    item.comments = "closed" if kind is Kind.POST and node.get("wp:comment_status") == "closed" else ""
    item.image = meta.get("_thumbnail_id", "")
    _read_terms(node, item, meta)
    creator = node.get("dc:creator")
    item.authors = item.authors or ((creator,) if creator else ())
    ids = [f"/?p={number}"] if number.isdigit() else []
    ids += [f"/?page_id={number}"] if ids and kind is Kind.PAGE else []
    for url in (guid, link):
        query = parse_qsl(urlsplit(url).query)
        if len(query) == 1 and query[0][0] in _QUERIES and query[0][1].isdigit():
            ids.append(f"/?{query[0][0]}={query[0][1]}")
    item.queries = tuple(dict.fromkeys(ids))
    return item


def _hidden(node: Node, item: ExportItem) -> str:
    status = node.get("wp:status")
    if status not in _PUBLIC:
        when = f"{item.date:%Y-%m-%d %H:%M}" if item.date else "later"
        return HIDDEN.get(status, f'Its status was "{status}".').replace("{date}", when)
    return "It has a password." if node.get("wp:post_password") else ""


def _read_terms(node: Node, item: ExportItem, meta: Mapping[str, str]) -> None:
    tags: list[str] = []
    authors: list[str] = []
    for term in node.all("category"):
        domain, words = term.attributes.get("domain", ""), unescape(term.text)
        if domain in ("", "category", "post_tag", "tag"):
            tags.append(words)
        elif domain == "author":
            authors.append(byline(words))
        elif domain == "series" and not item.series:
            item.series = words
        elif domain == "language" and re.fullmatch(r"[a-z]{2}", term.attributes.get("nicename", "")):
            item.lang = term.attributes["nicename"]
    item.tags, item.authors = tuple(tags), tuple(dict.fromkeys(authors))
    part = next((value for key, value in meta.items() if _PART.fullmatch(key) and value.isdigit()), "0")
    item.part = int(part[:4])


def unused_of(node: Node) -> list[str]:
    """Name what a plugin or a person kept with an item and a post here has no place for: terms, custom fields."""
    terms = {term.attributes.get("domain", "") for term in node.all("category")} - _TAKEN_TERMS
    fields = {each.get("wp:meta_key") for each in node.all("wp:postmeta")}
    plain = {name for name in fields if name and not name.startswith("_") and name not in _PROGRAM_FIELDS}
    plain = {name for name in plain if name not in _DESCRIPTIONS and not _PART.fullmatch(name)}
    return [
        *(f"Terms of the kind `{name[:80]}` were not taken." for name in sorted(terms)),
        *(f"The custom field `{name[:80]}` was not taken." for name in sorted(plain)),
    ]


def read_meta(node: Node) -> dict[str, str]:
    """Return the plain values that plugins keep with an item; the first of a key counts."""
    found: dict[str, str] = {}
    for each in node.all("wp:postmeta"):
        found.setdefault(each.get("wp:meta_key"), each.get("wp:meta_value"))
    return found


def why_left_out(node: Node, *, pending: bool) -> str:
    """Say why a comment is not imported: spam, trash, a type of a plugin, or waiting unless `pending`; "" if it is."""
    approved = node.get("wp:comment_approved")
    if approved in _WAITING and not pending:
        return WAITED
    if approved not in _WAITING and approved not in ("1", "approve", "approved"):
        return _STATUSES.get(approved, f'had the status "{approved[:80]}".')
    kind = node.get("wp:comment_type") or "comment"
    if kind not in ("comment", "pingback", "trackback"):
        return f'had the type "{kind[:80]}", which only a plugin can show.'
    return ""


def read_comment(node: Node) -> KeptComment:
    """Read a comment that is not left out."""
    approved = node.get("wp:comment_approved")
    kind = node.get("wp:comment_type") or "comment"
    date = local_date(node.get("wp:comment_date"), node.get("wp:comment_date_gmt"))
    private = (node.get("wp:comment_author_email"), node.get("wp:comment_author_IP"))
    parent = node.get("wp:comment_parent")
    return KeptComment(
        id=f"wp-{node.get('wp:comment_id')}",
        author=person_name(node.get("wp:comment_author")),
        date=date.isoformat(sep=" ") if date else "",
        html=without_addresses(add_paragraphs(node.html("wp:comment_content")), *private),
        parent=f"wp-{parent}" if parent not in ("", "0") else "",
        hidden=approved in _WAITING,
        kind=kind,
        url=page_address(node.get("wp:comment_author_url")) if kind != "comment" else "",
    )
