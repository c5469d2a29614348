"""Write feeds in XML, RSS 2.0 and Atom, by feedgen: each entry once, then feeds around the entries' bytes.

An entry is in the feeds of the site, its tags and its authors, and feedgen takes a third of a millisecond to write it.
What is around the entries differs in a few texts, so feedgen writes that once too.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from html import escape
from typing import Any

from generator import __version__
from generator.render.feed_browser import show_in_browsers
from generator.render.feed_model import Entry, Feed, clean_text

_MARKS = tuple("\ue000\ue001\ue002\ue003\ue004\ue005")
"""Stand for title, description, url, page, icon and publisher in a frame."""
_DATE = datetime(1970, 1, 1, tzinfo=UTC)
_RSS_DATE, _ATOM_DATE = format_datetime(_DATE), _DATE.isoformat()
_MARK = re.compile(f"[{''.join(_MARKS)}]|{re.escape(_RSS_DATE)}|{re.escape(_ATOM_DATE)}")
_NAMESPACE = uuid.UUID("5b0c3f5e-3f1b-5d0c-8a55-7f5b6f4f2d11")


def write_rss(feed: Feed, items: Sequence[bytes]) -> bytes:
    """Write RSS 2.0 (rssboard.org) around items that `write_rss_item` made."""
    xml = _fill(_frame(_rss_frame, feed.language, bool(feed.icon)), feed, _as_html(feed.description))
    return _put_together(xml, b"</channel>", items, feed)


def write_atom(feed: Feed, entries: Sequence[bytes]) -> bytes:
    """Write Atom (RFC 4287) around entries that `write_atom_entry` made."""
    xml = _fill(_frame(_atom_frame, feed.language, bool(feed.icon)), feed, clean_text(feed.description))
    return _put_together(xml, b"</feed>", entries, feed)


def write_rss_item(entry: Entry, language: str) -> bytes:
    """Write an entry of a feed in a language: full text as content:encoded, guid = the document's id."""
    from lxml import etree

    made, doc = _new_entry(entry, language), entry.doc
    made.guid(clean_text(doc.id), permalink=False)
    made.content(entry.html)
    if doc.summary:
        made.summary(_as_html(doc.summary))
    if doc.authors:
        made.dc.dc_creator([clean_text(author.name) for author in doc.authors])
    around = etree.fromstring(_empty_rss())  # whose namespaces the item uses
    around[0].append(made.rss_entry())
    xml = etree.tostring(around, encoding="UTF-8")
    # No text of the feed contains a tag: its `<` are escaped.
    return xml[xml.index(b"<item>") : xml.rindex(b"</channel>")]


def write_atom_entry(entry: Entry, language: str) -> bytes:
    """Write an entry of a feed in a language. It uses no namespace that the feed declares."""
    from lxml import etree

    made, doc = _new_entry(entry, language), entry.doc
    made.id(atom_id(doc.id))  # not for RSS: its guid is the id as written
    made.content(entry.html, type="html")
    if doc.summary:
        made.summary(clean_text(doc.summary))
    made.author([{"name": clean_text(author.name)} for author in doc.authors])
    return etree.tostring(made.atom_entry(), encoding="UTF-8")


def atom_id(written: str) -> str:
    """Turn a document's id into an IRI (RFC 4287 §4.2.6): one that is an IRI stays, a UUID becomes a URN."""
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", written):
        return f"urn:uuid:{written.lower()}"
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+", written) and not re.search(r'[<>"\\^`{|}\[\]]', written):
        return written
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, written)}"


def _fill(frame: str, feed: Feed, description: str) -> bytes:
    """Put a feed's texts into a frame. Its addresses are percent-encoded: they have no quotation mark."""
    texts = (clean_text(feed.title), description, feed.url, feed.page, feed.icon, clean_text(feed.publisher))
    written = {mark: escape(text, quote=False).replace("\r", "&#13;") for mark, text in zip(_MARKS, texts, strict=True)}
    written |= {_RSS_DATE: format_datetime(feed.updated), _ATOM_DATE: feed.updated.isoformat()}
    return _MARK.sub(lambda mark: written[mark[0]], frame).encode()


@cache
def _frame(write: Callable[[Feed], bytes], language: str, icon: bool) -> str:
    """Let feedgen write the frame of feeds, with marks in the place of their texts; it takes 0.1 ms."""
    title, description, url, page, picture, publisher = _MARKS
    picture = picture if icon else ""
    return write(Feed(title, description, url, page, language, picture, publisher, None, _DATE)).decode()


def _rss_frame(feed: Feed) -> bytes:
    made = _new_feed(feed, atom=False)
    made.description(feed.description)
    made.dc.dc_publisher(feed.publisher)
    if feed.icon:
        made.image(feed.icon, title=feed.title, link=feed.page)
    written: bytes = made.rss_str(pretty=False)
    return written


def _atom_frame(feed: Feed) -> bytes:
    made = _new_feed(feed, atom=True)
    made.description(feed.description)  # in Atom, the subtitle
    made.author({"name": feed.publisher})
    if feed.icon:
        made.icon(feed.icon)
    written: bytes = made.atom_str(pretty=False)
    return written


def _new_feed(feed: Feed, *, atom: bool) -> Any:
    """Fill in what both formats have. Set every date: for a missing one, feedgen writes the time of the build."""
    made = _feed_with_extensions()
    made.title(feed.title)
    made.id(feed.page)
    made.link(href=feed.url, rel="self", type="application/atom+xml" if atom else "application/rss+xml")
    made.link(href=feed.page, rel="alternate", type="text/html")  # must be last: feedgen uses it as the channel's link
    made.language(feed.language)
    made.generator("Openletter", version=__version__)
    made.updated(feed.updated)
    made.lastBuildDate(feed.updated)
    return made


def _feed_with_extensions() -> Any:
    import lxml.etree  # noqa: F401 (feedgen.ext.dc uses it and does not import it)
    from feedgen.ext.base import BaseExtension
    from feedgen.ext.dc import DcEntryExtension, DcExtension
    from feedgen.feed import FeedGenerator

    from generator.render.feed_extension import LanguageExtension, PictureExtension, PictureFeedExtension

    made = FeedGenerator()
    # `load_extension("dc")` would take half of the time of a small feed, to import it again.
    made.register_extension("dc", DcExtension, DcEntryExtension, atom=False, rss=True)
    made.register_extension("tongue", BaseExtension, LanguageExtension)
    made.register_extension("picture", PictureFeedExtension, PictureExtension)
    return made


@cache
def _empty_rss() -> bytes:
    """Write a feed without entries, which declares the same namespaces as all others."""
    feed = _feed_with_extensions()
    feed.title("-")  # these three are required, and not used
    feed.link(href="-")
    feed.description("-")
    written: bytes = feed.rss_str(pretty=False)
    return written


def _new_entry(entry: Entry, language: str) -> Any:
    """Make an entry of its own, with what both formats have."""
    from feedgen.entry import FeedEntry
    from feedgen.ext.dc import DcEntryExtension

    from generator.render.feed_extension import LanguageExtension, PictureExtension

    made, doc = FeedEntry(), entry.doc
    made.register_extension("dc", DcEntryExtension, atom=False, rss=True)
    made.register_extension("tongue", LanguageExtension)
    made.register_extension("picture", PictureExtension)
    made.title(clean_text(doc.title))
    made.link(href=entry.url, rel="alternate", type="text/html")
    made.published(entry.published)
    made.updated(entry.updated)
    if doc.audio:
        made.picture.carry(entry.audio_url, doc.audio.facts)
    if entry.picture:
        made.picture.show(entry.picture)
    made.category([{"term": clean_text(tag.name)} for tag in doc.tags])
    if doc.lang != language:
        made.tongue.set(doc.lang)
    return made


def _put_together(xml: bytes, end: bytes, entries: Sequence[bytes], feed: Feed) -> bytes:
    """Put entries into a feed, before the tag that ends it."""
    head, tag, tail = xml.rpartition(end)
    return b"".join((show_in_browsers(head, feed.shown), *entries, tag, tail, b"\n"))


def _as_html(text: str) -> str:
    """Write plain text as HTML. Source: RSS 2.0, whose `description` is HTML; every other field of ours is plain."""
    return escape(clean_text(text), quote=False)
