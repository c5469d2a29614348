"""Write JSON Feed 1.1 (jsonfeed.org): each item once, then feeds around the items' bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generator.render.feed_model import Entry, Feed, clean_text
from generator.site.index_model import Recording


def write_json(feed: Feed, items: Sequence[bytes]) -> bytes:
    """Write a feed around items that `write_json_item` made."""
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.url,
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.publisher}],
        **({"icon": feed.icon} if feed.icon else {}),
    }
    head = _encode(value).removesuffix(b"\n}")
    return b"".join((head, b',\n "items": [\n  ', b",\n  ".join(items), b"\n ]\n}\n"))


def write_json_item(entry: Entry, _language: str) -> bytes:
    """Write an item, indented as in a feed."""
    doc = entry.doc
    item = {
        "id": doc.id,
        "url": entry.url,
        "title": clean_text(doc.title),
        "content_html": entry.html,
        "summary": clean_text(doc.summary),
        "image": entry.picture.src if entry.picture else "",
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": clean_text(author.name)} for author in doc.authors],
        "tags": [clean_text(tag.name) for tag in doc.tags],
        "language": doc.lang,
        "attachments": [_attachment(entry, doc.audio)] if doc.audio else [],
    }
    # A text of JSON has no line end in it: each one is of the layout.
    return _encode({name: value for name, value in item.items() if value}).replace(b"\n", b"\n  ")


def _attachment(entry: Entry, audio: Recording) -> dict[str, Any]:
    seconds = {"duration_in_seconds": round(audio.facts.duration_ms / 1000)} if audio.facts.duration_ms else {}
    return {"url": entry.audio_url, "mime_type": audio.facts.type, "size_in_bytes": audio.facts.size_bytes, **seconds}


def _encode(value: dict[str, Any]) -> bytes:
    import json

    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")
