"""List the feeds and their addresses: of the site, of its newsletter, and of tags, series and authors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.config import OutputConfig
from generator.site.list_addresses import author_address, series_address, tag_address
from generator.site.listings import FEED_FILES, NEWSLETTER

if TYPE_CHECKING:
    from generator.render.facade import Site

MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
_GROUPS = {"posts": "site", "newsletter": "site", "tag": "tags", "series": "series", "author": "authors"}


class FeedLink(Struct, frozen=True):
    """A feed as a page announces it: `url` is root-relative, `type` its media type."""

    title: str
    url: str
    type: str


def feed_folder(listing: str) -> str:
    """Return the folder of a listing's feeds: `/` for the site, `/tags/x/` for a tag."""
    kind, _, slug = listing.partition("/")
    if kind in ("posts", "newsletter"):
        return "/" if kind == "posts" else NEWSLETTER
    return {"tag": tag_address, "series": series_address, "author": author_address}[kind](slug)


def formats_for(listing: str, output: OutputConfig) -> Iterator[str]:
    """List the formats that a listing's feed is made in."""
    group = _GROUPS.get(listing.partition("/")[0])
    if group in output.feeds_for:
        formats = output.feeds if group == "site" else output.listing_feeds
        yield from (name for name in FEED_FILES if name in formats)


def feed_title(site: Site, listing: str) -> str:
    """Name a feed: the site's title, before it what the feed is of."""
    name = site.words.gettext("Newsletter") if listing == "newsletter" else site.listing_name(listing)
    return f"{name} · {site.title}" if name else site.title


def feed_links(site: Site, listing: str = "") -> tuple[FeedLink, ...]:
    """List the feeds a page announces: its listing's own first, then the site's."""
    return site.share(f"feeds|{listing}", lambda piece: _find_feed_links(piece, listing))


def _find_feed_links(site: Site, listing: str) -> tuple[FeedLink, ...]:
    output = site.output_settings()
    own = [listing] if listing and listing != "posts" else []
    everywhere = ["posts"] if site.has_listing("posts") else []
    return tuple(
        FeedLink(
            f"{feed_title(site, each)} ({_NAMES[name]})",
            site.place(feed_folder(each) + FEED_FILES[name]),
            MEDIA_TYPES[name],
        )
        for each in [*own, *everywhere]
        for name in formats_for(each, output)
    )
