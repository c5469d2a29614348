"""Write feeds in XML, RSS 2.0 and Atom: each entry once, then feeds around the entries' bytes.

feedgen writes what is around the entries, and the entries of Atom. Most feeds are RSS, of tags and authors, and every
post is in some; for an item, feedgen would need ten times as long.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from generator.render.feed_browser import show_in_browsers
from generator.render.feed_frames import write_frame
from generator.render.feed_model import Entry, Feed, clean_text, escape_xml

_NAMESPACE = uuid.UUID("5b0c3f5e-3f1b-5d0c-8a55-7f5b6f4f2d11")


def write_rss(feed: Feed, items: Sequence[bytes]) -> bytes:
    """Write RSS 2.0 (rssboard.org) around items that `write_rss_item` made."""
    return _put_together(write_frame(feed, _as_html(feed.description), atom=False), b"</channel>", items, feed)


def write_atom(feed: Feed, entries: Sequence[bytes]) -> bytes:
    """Write Atom (RFC 4287) around entries that `write_atom_entry` made."""
    return _put_together(write_frame(feed, clean_text(feed.description), atom=True), b"</feed>", entries, feed)


def write_rss_item(entry: Entry, language: str) -> bytes:
    """Write an entry of a feed in a language: full text as content:encoded, guid = the document's id."""
    doc, title, summary = entry.doc, clean_text(entry.doc.title), _as_html(entry.doc.summary)
    parts = [("title", title)] * bool(title) + [("link", entry.url)]
    parts += [("description", summary), ("content:encoded", entry.html)] if summary else [("description", entry.html)]
    parts += [('guid isPermaLink="false"', clean_text(doc.id))]
    parts += [("category", clean_text(tag.name)) for tag in doc.tags]
    parts += [("pubDate", format_datetime(entry.published))]
    parts += [("dc:creator", clean_text(author.name)) for author in doc.authors]
    parts += [("dc:language", doc.lang)] * (doc.lang not in ("", language))
    written = (f"<{tag}>{escape_xml(text)}</{tag.partition(' ')[0]}>" for tag, text in parts)
    return f"<item>{''.join(written)}{_rss_picture(entry)}{_rss_recording(entry)}</item>".encode()


def write_atom_entry(entry: Entry, language: str) -> bytes:
    """Write an entry of a feed in a language. It uses no namespace that the feed declares."""
    from feedgen.entry import FeedEntry
    from lxml import etree

    from generator.render.feed_extension import LanguageExtension, PictureExtension

    made, doc = FeedEntry(), entry.doc
    made.register_extension("tongue", LanguageExtension)
    made.register_extension("picture", PictureExtension)
    made.id(atom_id(doc.id))
    made.title(clean_text(doc.title))
    made.link(href=entry.url, rel="alternate", type="text/html")
    made.published(entry.published)
    made.updated(entry.updated)
    made.content(entry.html, type="html")
    if doc.summary:
        made.summary(clean_text(doc.summary))
    made.author([{"name": clean_text(author.name)} for author in doc.authors])
    made.category([{"term": clean_text(tag.name)} for tag in doc.tags])
    if doc.audio:
        made.picture.carry(entry.audio_url, doc.audio.facts)
    if entry.picture:
        made.picture.show(entry.picture)
    if doc.lang != language:
        made.tongue.set(doc.lang)
    return etree.tostring(made.atom_entry(), encoding="UTF-8")


def atom_id(written: str) -> str:
    """Turn a document's id into an IRI (RFC 4287 §4.2.6): one that is an IRI stays, a UUID becomes a URN."""
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", written):
        return f"urn:uuid:{written.lower()}"
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+", written) and not re.search(r'[<>"\\^`{|}\[\]]', written):
        return written
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, written)}"


def _rss_picture(entry: Entry) -> str:
    """Write the lead picture with its description in it. Source: Media RSS 1.5.1, `media:content`."""
    picture = entry.picture
    if picture is None:
        return ""
    kind = f' type="{picture.media_type}"' if picture.media_type else ""
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width and picture.height else ""
    start = f'<media:content url="{_attribute(picture.src)}"{kind} medium="image"{size}'
    if not picture.alt:
        return f"{start}/>"
    return f'{start}><media:description type="plain">{escape_xml(picture.alt)}</media:description></media:content>'


def _rss_recording(entry: Entry) -> str:
    """Write the recording that podcast programs play."""
    if not entry.doc.audio:
        return ""
    facts = entry.doc.audio.facts
    return f'<enclosure url="{_attribute(entry.audio_url)}" length="{facts.size_bytes}" type="{facts.type}"/>'


def _put_together(xml: bytes, end: bytes, entries: Sequence[bytes], feed: Feed) -> bytes:
    """Put entries into a feed, before the tag that ends it."""
    head, tag, tail = xml.rpartition(end)
    return b"".join((show_in_browsers(head, feed.shown), *entries, tag, tail, b"\n"))


def _attribute(address: str) -> str:
    return escape_xml(address).replace('"', "&quot;")


def _as_html(text: str) -> str:
    """Write plain text as HTML. Source: RSS 2.0, whose `description` is HTML; every other field of ours is plain."""
    return escape(clean_text(text), quote=False)
