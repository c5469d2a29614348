"""Listings: the pages that list other pages, and their addresses."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TYPE_CHECKING

from generator.config import Config
from generator.model import Document, Kind
from generator.patterns import lazy_pattern
from generator.site.addresses import document_address, output_path
from generator.site.list_addresses import author_address, month_address, series_address, tag_address, year_address
from generator.site.used_words import UsedWords, count_words
from generator.theming.static import FOLDER

if TYPE_CHECKING:
    from generator.site.taxonomies import Taxonomies

FRONT_PAGE = "/"
TAGS = "/tags/"
SERIES = "/series/"
AUTHORS = "/authors/"
FOLLOW = "/follow/"
ARCHIVE = "/archive/"
NEWSLETTER = "/newsletter/"
SEARCH = "/search/"
SEARCH_INDEX = "search/pagefind/"
"""The folder of the search index in the output."""
FEED_FILES = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}
"""The file of each format of a listing's feed, in the listing's own folder."""
CALENDAR = "calendar.ics"
"""The calendar of all events of posts."""
_NOTICES = ("robots.txt", ".well-known/security.txt", "sitemap.xml", "site.webmanifest", "_redirects")
_SINGLE_FILES = ("404.html", *_NOTICES, CALENDAR, *FEED_FILES.values(), f"{FOLDER}/*")
_OLDER_PAGE = lazy_pattern(r"(.*?/)page/[0-9]+/")


def home_address(front_page_taken: bool, config: Config) -> str:
    """Return the address of the list of posts: "/" unless a page has that address."""
    return config.permalinks.home if front_page_taken else FRONT_PAGE


def listing_addresses(documents: Iterable[Document], labels: Taxonomies, config: Config) -> frozenset[str]:
    """List the address of every listing of these documents, all of them on the pages that `config` is for."""
    documents = tuple(documents)
    pages = {document_address(d, config.permalinks) for d in documents if d.meta.kind is Kind.PAGE}
    posts = count_words(document.meta for document in documents if document.meta.kind is Kind.POST)
    return listing_addresses_of(posts, pages, labels, config)


def listing_addresses_of(posts: UsedWords, pages: Container[str], labels: Taxonomies, config: Config) -> frozenset[str]:
    """List the address of every listing of posts that use these words; `pages` has the addresses of all pages."""
    folder = config.folder
    always = [home_address(folder + FRONT_PAGE in pages, config), NEWSLETTER, FOLLOW]
    if config.search.engine != "none":
        always.append(SEARCH)
    return frozenset(folder + address for address in (*always, *_listings_of(posts, labels, config)))


def generated_paths(listings: Iterable[str]) -> Iterable[str]:
    """List the output files that the site generates, except the listings' older pages (see `is_older_page`)."""
    yield from _SINGLE_FILES
    for address in sorted(listings):
        yield output_path(address)
        yield from (output_path(address).removesuffix("index.html") + name for name in FEED_FILES.values())


def is_older_page(address: str, listings: Container[str]) -> bool:
    """Return True if an older page of a listing may take an address, or one above it, as the site grows."""
    match = _OLDER_PAGE.match(address) if "/page/" in address else None
    return match is not None and match[1] in listings


def _listings_of(posts: UsedWords, labels: Taxonomies, config: Config) -> Iterable[str]:
    if posts.tags:
        yield TAGS
    if posts.series:
        yield SERIES
    yield from (tag_address(labels.tags[tag].slug) for tag in posts.tags)
    yield from (series_address(labels.series[name].slug) for name in posts.series)
    if config.output.authors:
        yield from [AUTHORS] * bool(posts.authors)
        yield from (author_address(labels.authors[name].slug) for name in posts.authors)
    if config.output.archives:
        for year, month in posts.months:
            yield from (ARCHIVE, year_address(year), month_address(year, month))
