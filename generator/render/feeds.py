"""Feeds: RSS 2.0, Atom, JSON Feed 1.1; full text, absolute addresses, dates from the content alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from generator.model import Target
from generator.render.blocks import show_blocks
from generator.render.bodies import PAGE_BLOCK, Context, resolve_body
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.feed_browser import explain_feed
from generator.render.feed_json import write_json, write_json_item
from generator.render.feed_links import feed_folder, feed_title, formats_for
from generator.render.feed_model import Entry, Feed, clean_text
from generator.render.feed_pictures import FeedPicture
from generator.render.feed_xml import write_atom, write_atom_entry, write_rss, write_rss_item
from generator.render.kinds import OutputKind, Phase
from generator.render.srcset import FEED_WIDTH, picture_for_programs
from generator.site.index_model import Card
from generator.site.listings import FEED_FILES

ENTRIES = 20


class Format(NamedTuple):
    """How a format is written: one entry, for a feed in a language, and a feed around the bytes of its entries."""

    entry: Callable[[Entry, str], bytes]
    feed: Callable[[Feed, Sequence[bytes]], bytes]


_FORMATS: Mapping[str, Format] = {
    "rss": Format(write_rss_item, write_rss),
    "atom": Format(write_atom_entry, write_atom),
    "json": Format(write_json_item, write_json),
}


class SharedEntry:
    """An entry that all feeds in a language share, with its bytes in each format that one of them has asked for."""

    def __init__(self, entry: Entry, language: str) -> None:
        self.updated = entry.updated
        self._entry = entry
        self._language = language
        self._written: dict[str, bytes] = {}

    def written(self, kind: str) -> bytes:
        """Return the entry's bytes in a format; they are made once."""
        if kind not in self._written:
            self._written[kind] = _FORMATS[kind].entry(self._entry, self._language)
        return self._written[kind]


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
    entries = [_shared_entry(site, key) for key in site.newest(listing, ENTRIES)]
    feed = Feed(
        title=feed_title(site, listing),
        description=site.description or site.title,
        url=site.absolute(site.link("/" + target.path)),
        page=site.absolute(site.place(folder)),
        language=site.language,
        icon=site.absolute(site.accented("icon", ".png")),
        publisher=site.organisation or site.title,
        shown=None if target.kind == "json" else explain_feed(site),
        updated=max(entry.updated for entry in entries),
    )
    return _FORMATS[target.kind].feed(feed, [entry.written(target.kind) for entry in entries])


def _shared_entry(site: Site, key: str) -> SharedEntry:
    """Make an entry once, for all feeds that contain it."""
    return site.share(f"entry|{key}", lambda piece: SharedEntry(_entry(piece, key), piece.language))


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
        clean_text(html).strip(),
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
    return FeedPicture(site.absolute(shown.src), clean_text(doc.image_alt), shown.width, shown.height)


FEEDS = OutputKind(
    {"rss": "an RSS feed", "atom": "an Atom feed", "json": "a JSON feed"},
    "LISTING/feed.xml",
    Phase.NOTICES,
    plan,
    render,
    by_language=True,
)
