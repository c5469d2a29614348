"""Feeds: RSS 2.0 and Atom by feedgen, JSON Feed 1.1; full text, absolute addresses, dates from the content alone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from generator import __version__
from generator.model import Target
from generator.render.blocks import show_blocks
from generator.render.bodies import PAGE_BLOCK, Context, resolve_body
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.feed_browser import Explanation, explain_feed, show_in_browsers
from generator.render.feed_links import feed_folder, feed_title, formats_for
from generator.render.feed_pictures import FeedPicture
from generator.render.kinds import OutputKind, Phase
from generator.render.srcset import FEED_WIDTH, picture_for_programs
from generator.site.index_model import Card, Recording
from generator.site.listings import FEED_FILES

ENTRIES = 20
_NAMESPACE = uuid.UUID("5b0c3f5e-3f1b-5d0c-8a55-7f5b6f4f2d11")
# All characters that XML 1.0 §2.2 forbids; the negated form takes 3 ms to compile.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Entry(Struct, frozen=True):
    """A document as a feed's entry; `url` and all addresses in `html` are absolute."""

    doc: Card
    url: str
    html: str
    picture: FeedPicture | None
    published: datetime
    updated: datetime
    audio_url: str = ""


class Feed(Struct, frozen=True):
    """A feed, independent of its format.

    `url` is its own address, `page` that of the page whose posts it lists, `icon` that of a PNG.
    """

    title: str
    description: str
    url: str
    page: str
    language: str
    icon: str
    publisher: str
    shown: Explanation | None
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime:
        """The newest change of any entry: never the time of the build."""
        return max(entry.updated for entry in self.entries)


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan the feeds of the site and of each tag, series and author that has posts."""
    index = context.queries.index
    listings = ["posts"] * bool(index.posts) + ["newsletter"] * bool(index.issues)
    listings += [f"tag/{slug}" for slug in index.tags] + [f"series/{slug}" for slug in index.series]
    listings += [f"author/{slug}" for slug in index.authors] * context.config.output.authors
    for listing in listings:
        for name in formats_for(listing, context.config.output):
            yield Target(feed_folder(listing).lstrip("/") + FEED_FILES[name], name, (listing,))


def render(target: Target, site: Site) -> bytes:
    """Render one feed in one format."""
    listing = target.args[0]
    folder = site.home_address() if listing == "posts" else feed_folder(listing)
    feed = Feed(
        title=feed_title(site, listing),
        description=site.description or site.title,
        url=site.absolute(site.link("/" + target.path)),
        page=site.absolute(site.place(folder)),
        language=site.language,
        icon=site.absolute(site.accented("icon", ".png")),
        publisher=site.organisation or site.title,
        shown=None if target.kind == "json" else explain_feed(site),
        entries=tuple(_shared_entry(site, key) for key in site.newest(listing, ENTRIES)),
    )
    return {"rss": _rss, "atom": _atom, "json": _json}[target.kind](feed)


def _shared_entry(site: Site, key: str) -> Entry:
    """Make an entry once, for all feeds that contain it."""
    return site.share(f"entry|{key}", lambda piece: _entry(piece, key))


def feed_blocks(site: Site, doc: Card) -> Mapping[str, Markup]:
    """Return the blocks of a document's front matter as feeds show them, by name, in their order."""
    return show_blocks(site, doc, Context.FEED, PAGE_BLOCK, {"plain": True, "level": 3})


def _entry(site: Site, key: str) -> Entry:
    doc = site.card(key)
    assert doc.date is not None, "what a feed carries has a date"
    posts = site.cards(site.issue_posts(key)) if doc.kind == "issue" else ()
    body = resolve_body(site, doc, Context.FEED)
    picture = _find_picture(site, doc)
    blocks = feed_blocks(site, doc)
    shown = {"doc": doc, "body": body, "posts": posts, "picture": picture, "blocks": blocks}
    html = site.render("feed-entry.html", shown)
    return Entry(
        doc,
        site.absolute(doc.url),
        _clean(html).strip(),
        picture,
        doc.date,
        max(doc.date, doc.updated or doc.date),
        site.absolute(doc.audio.url) if doc.audio else "",
    )


def _find_picture(site: Site, doc: Card) -> FeedPicture | None:
    """Choose the file of a document's lead picture: every feed and the text of the entry name the same one."""
    if not doc.image:
        return None
    shown = picture_for_programs(site, doc.image, FEED_WIDTH)
    return FeedPicture(site.absolute(shown.src), _clean(doc.image_alt), shown.width, shown.height)


def _clean(text: str) -> str:
    """Remove the characters that XML forbids even when escaped."""
    return _FORBIDDEN.sub("", text)


def _as_html(text: str) -> str:
    """Write plain text as HTML. Source: RSS 2.0, whose `description` is HTML; every other field of ours is plain."""
    return escape(_clean(text), quote=False)


def atom_id(written: str) -> str:
    """Turn a document's id into an IRI (RFC 4287 §4.2.6): one that is an IRI stays, a UUID becomes a URN."""
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", written):
        return f"urn:uuid:{written.lower()}"
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+", written) and not re.search(r'[<>"\\^`{|}\[\]]', written):
        return written
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, written)}"


def _generator(feed: Feed, *, atom: bool) -> Any:
    """Fill in a feedgen feed. Set every date: for a missing one, feedgen writes the time of the build."""
    from feedgen.ext.base import BaseExtension
    from feedgen.feed import FeedGenerator

    from generator.render.feed_extension import LanguageExtension, PictureExtension, PictureFeedExtension

    made = FeedGenerator()
    made.load_extension("dc", atom=False, rss=True)
    made.register_extension("tongue", BaseExtension, LanguageExtension)
    made.register_extension("picture", PictureFeedExtension, PictureExtension)
    made.title(_clean(feed.title))
    made.id(feed.page)
    made.link(href=feed.url, rel="self", type="application/atom+xml" if atom else "application/rss+xml")
    made.link(href=feed.page, rel="alternate", type="text/html")  # must be last: feedgen uses it as the channel's link
    made.description(_clean(feed.description) if atom else _as_html(feed.description))  # in Atom, the subtitle
    made.language(feed.language)
    made.generator("Openletter", version=__version__)
    made.updated(feed.updated)
    made.lastBuildDate(feed.updated)
    if atom:
        made.author({"name": _clean(feed.publisher)})
        if feed.icon:
            made.icon(feed.icon)
    else:
        made.dc.dc_publisher(_clean(feed.publisher))
        if feed.icon:
            made.image(feed.icon, title=_clean(feed.title), link=feed.page)
    for entry in feed.entries:
        added = made.add_entry(order="append")
        _add_entry(added, entry, atom=atom)
        if entry.doc.lang != feed.language:
            added.tongue.set(entry.doc.lang)
    return made


def _add_entry(made: Any, entry: Entry, *, atom: bool) -> None:
    doc = entry.doc
    made.title(_clean(doc.title))
    if atom:
        made.id(atom_id(doc.id))
    else:
        made.guid(_clean(doc.id), permalink=False)  # feedgen's guid() would also set Atom's id, which must be an IRI
    made.link(href=entry.url, rel="alternate", type="text/html")
    made.published(entry.published)
    made.updated(entry.updated)
    made.content(entry.html, type="html" if atom else None)
    if doc.summary:
        made.summary(_clean(doc.summary) if atom else _as_html(doc.summary))
    names = [_clean(author.name) for author in doc.authors]
    if atom and names:
        made.author([{"name": name} for name in names])
    elif names:
        made.dc.dc_creator(names)
    if doc.audio:
        made.picture.carry(entry.audio_url, doc.audio.facts)
    if entry.picture:
        made.picture.show(entry.picture)
    made.category([{"term": _clean(tag.name)} for tag in doc.tags])


def _rss(feed: Feed) -> bytes:
    """Write RSS 2.0 (rssboard.org), full text as content:encoded, guid = the document's id."""
    return show_in_browsers(bytes(_generator(feed, atom=False).rss_str(pretty=False)) + b"\n", feed.shown)


def _atom(feed: Feed) -> bytes:
    """Write Atom (RFC 4287)."""
    return show_in_browsers(bytes(_generator(feed, atom=True).atom_str(pretty=False)) + b"\n", feed.shown)


def _json(feed: Feed) -> bytes:
    """Write JSON Feed 1.1 (jsonfeed.org)."""
    import json

    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.url,
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.publisher}],
        **({"icon": feed.icon} if feed.icon else {}),
        "items": [_item(entry) for entry in feed.entries],
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _item(entry: Entry) -> dict[str, Any]:
    doc = entry.doc
    item = {
        "id": doc.id,
        "url": entry.url,
        "title": _clean(doc.title),
        "content_html": entry.html,
        "summary": _clean(doc.summary),
        "image": entry.picture.src if entry.picture else "",
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": _clean(author.name)} for author in doc.authors],
        "tags": [_clean(tag.name) for tag in doc.tags],
        "language": doc.lang,
        "attachments": [_attachment(entry, doc.audio)] if doc.audio else [],
    }
    return {name: value for name, value in item.items() if value}


def _attachment(entry: Entry, audio: Recording) -> dict[str, Any]:
    seconds = {"duration_in_seconds": round(audio.facts.duration_ms / 1000)} if audio.facts.duration_ms else {}
    return {"url": entry.audio_url, "mime_type": audio.facts.type, "size_in_bytes": audio.facts.size_bytes, **seconds}


FEEDS = OutputKind(
    {"rss": "an RSS feed", "atom": "an Atom feed", "json": "a JSON feed"},
    "LISTING/feed.xml",
    Phase.NOTICES,
    plan,
    render,
    by_language=True,
)
