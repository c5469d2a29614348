"""Typed access to the facts of a build, each noted with its digest as a read of the target that is rendered.

This is the one way from templates and renderers to the queries (see `site.keys`): what is read past it is not
recorded, and a page that shows it would not be rebuilt.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from generator.config import (
    ContactConfig,
    ImagesConfig,
    LanguageConfig,
    NavItem,
    NewsletterConfig,
    OutputConfig,
    SecurityConfig,
    SocialConfig,
)
from generator.errors import Problem
from generator.model import Body, Contact
from generator.render.context import RenderContext
from generator.site import keys
from generator.site.index_model import (
    Author,
    Card,
    Chunk,
    Discussion,
    DocumentBlocks,
    IssueLayout,
    MediaFile,
    PictureSize,
    RefusedPicture,
    Series,
)
from generator.site.keys import KeyKind
from generator.site.renditions import Rendition, find_renditions
from generator.site.results import (
    MonthCount,
    MonthPosts,
    Neighbours,
    PartNeighbours,
    Redirect,
    SiteIdentity,
    SitemapEntry,
    TagCount,
    TagFacts,
    YearNeighbours,
)
from generator.site.social_cards import SocialCard, find_social_card
from generator.theming import StaticFile

T = TypeVar("T")


class Reads:
    """The recorded reads of one target. `reads` and `problems` are those that rendering it has met so far."""

    def __init__(self, context: RenderContext, edition: str = "") -> None:
        """Begin; `edition` is the language whose pages the target belongs to, "" for the site's own."""
        self.context = context
        self.edition = edition
        self._of_language = f"{edition}:" if edition else ""
        self.reads: dict[str, str] = {}
        self.problems: list[Problem] = []
        self._known = context.queries.known
        self._query(keys.PROGRAM)
        self._identity: SiteIdentity = self._query(keys.SETTINGS, "site")

    def _query(self, kind: KeyKind[T], of: str = "") -> T:
        """Return the result of a key, and note that it was read."""
        if self._of_language and kind.by_language:
            of = self._of_language + of
        key = f"{kind.name}|{of}"
        result = self._known.get(key) or self.context.queries.get(key)
        self.reads[key] = result[1]
        value: T = result[0]
        return value

    def _query_added(self, name: str, of: str) -> Any:
        """Return the result of a query that an extension adds, and note that it was read."""
        key = f"{keys.ADDED.name}{name}|{of}"
        value, self.reads[key] = self.context.queries.get(key)
        return value

    # Documents, by their card or their key: the path of the source.

    def stored_card(self, key: str) -> Card | None:
        """Return a document's card from the index; None if it is not published."""
        return self._query(keys.CARD, key)

    def stored_body(self, key: str) -> Body:
        """Fetch a document's text, with placeholders for links and pictures."""
        return self._query(keys.BODY, key)

    def neighbours(self, doc: Card) -> Neighbours:
        """Return the neighbours of a post among the posts, of an issue among the issues."""
        return self._query(keys.NEIGHBOURS, doc.key)

    def part_neighbours(self, doc: Card) -> PartNeighbours:
        """Return the neighbours of a post within its series."""
        return self._query(keys.PART_NEIGHBOURS, doc.key)

    def related(self, doc: Card) -> tuple[str, ...]:
        """List the keys of the posts related to a post, nearest first; () if the site shows none."""
        return self._query(keys.RELATED, doc.key) if self._query(keys.SETTINGS, "output.related") else ()

    def discussion(self, doc: Card) -> Discussion:
        """Return the comments under a document, as they are stored."""
        return self._query(keys.DISCUSSION, doc.key)

    def issue_posts(self, key: str) -> tuple[str, ...]:
        """List the keys of an issue's posts, in the editor's order."""
        return self._query(keys.ISSUE_POSTS, key)

    def issue_layout(self, key: str) -> IssueLayout:
        """Return where each post of an issue is shown. Raises: LookupError if there is no such issue."""
        layout = self._query(keys.ISSUE_LAYOUT, key)
        if layout is None:
            raise LookupError(f'there is no issue "{key}"')
        return layout

    def document_blocks(self, key: str) -> DocumentBlocks | None:
        """Return the blocks of a document; None if it has none."""
        return self._query(keys.BLOCKS, key)

    def events(self) -> tuple[str, ...]:
        """List the keys of the posts with an event, the first event first."""
        return self._query(keys.EVENTS)

    def shares_title(self, doc: Card) -> bool:
        """Return True if another document has the same title."""
        return self._query(keys.SHARED_TITLE, doc.title)

    def locate(self, key: str, target: str) -> tuple[tuple[int, int], ...]:
        """Find each line and column of a link or picture in a document's source; it depends on all of its text.

        There is at least one: (0, 0) if the target is not there.
        """
        self._query(keys.LINES, key)
        return self.context.locate.in_text(key, target)

    def locate_field(self, key: str, words: str, field: str) -> tuple[int, int]:
        """Find the line and column of words in a field of a document's front matter."""
        self._query(keys.LINES, key)
        return self.context.locate(key, words, field)

    # Listings, by their name: `posts`, `newsletter`, `tag/x`, `series/x`, `author/x`, `month/2014-10`.

    def has_listing(self, listing: str) -> bool:
        """Return True if a listing has something to list; "tags", "series" and "authors" list all there are."""
        return self._query(keys.HAS, listing)

    def listing_name(self, listing: str) -> str:
        """Return the name that the site gives a listing; "" for its posts and its newsletter."""
        return self._query(keys.LISTING_NAME, listing)

    def count(self, listing: str) -> int:
        """Count the posts of a listing."""
        return self._query(keys.COUNT, listing)

    def since(self, listing: str) -> datetime | None:
        """Return the date of a listing's oldest post."""
        return self._query(keys.SINCE, listing)

    def chunk(self, listing: str, address: str, number: str) -> Chunk:
        """Return one page of a listing at an address; `number` is "" for the address itself."""
        return self._query(keys.CHUNK, f"{listing}|{address}|{number}")

    def newest(self, listing: str, count: int) -> tuple[str, ...]:
        """List the keys of a listing's newest posts, at most `count`."""
        return self._query(keys.NEWEST, f"{listing}|{count}")

    def pinned(self) -> tuple[str, ...]:
        """List the keys of the pinned posts, newest first."""
        return self._query(keys.PINNED)

    def introduction(self, address: str) -> str:
        """Return the key of the page that introduces the listing at an address, "" if there is none."""
        return self._query(keys.INTRODUCTION, address)

    def home_address(self) -> str:
        """Return the address of the list of posts."""
        return self._query(keys.HOME)

    def tags(self) -> tuple[TagCount, ...]:
        """List all tags, sorted by slug."""
        return self._query(keys.TAGS)

    def tag(self, slug: str) -> TagFacts:
        """Return a tag's facts."""
        return self._query(keys.TAG, slug)

    def series(self, slug: str) -> Series:
        """Return a series. Raises: LookupError if there is none."""
        series = self._query(keys.SERIES, slug)
        if series is None:
            raise LookupError(f'there is no series "{slug}"')
        return series

    def all_series(self) -> tuple[str, ...]:
        """List the slugs of all series, the one with the newest part first."""
        return self._query(keys.ALL_SERIES)

    def last_part(self, slug: str) -> int:
        """Return the highest part number of a series; 0 if it has none, or too many parts to be counted on each."""
        return self._query(keys.LAST_PART, slug)

    def all_authors(self) -> tuple[str, ...]:
        """List the slugs of all authors, by name."""
        return self._query(keys.ALL_AUTHORS)

    def author(self, slug: str) -> Author:
        """Return an author."""
        return self._query(keys.AUTHOR, slug)

    def months(self) -> tuple[MonthCount, ...]:
        """List the months that have posts, newest first."""
        return self._query(keys.MONTHS)

    def year(self, year: int) -> tuple[MonthPosts, ...]:
        """List a year's months, oldest first."""
        return self._query(keys.YEAR, str(year))

    def year_neighbours(self, year: int) -> YearNeighbours:
        """Return the neighbours of a year in the archive."""
        return self._query(keys.YEAR_NEIGHBOURS, str(year))

    # Files and addresses.

    def url_of(self, path: str) -> str:
        """Return the root-relative URL of a source or file of the site; "" if it is not published."""
        return self._query(keys.URL, path)

    def find_named(self, name: str) -> str:
        """Return the path of the one source that has a file name; "" if there is none, or several."""
        return self._query(keys.NAMED, name) if name else ""

    def find_meant(self, key: str, written: str) -> str:
        """Return what a broken link of a document may have meant, as it should be written; "" if unknown."""
        return self._query(keys.MEANT, f"{key}\t{written}")

    def hidden_state(self, place: str) -> str:
        """Return why a source's path or an address is not public: "draft", "scheduled", "expired", "listing"; or ""."""
        return self._query(keys.HIDDEN, place)

    def has_output(self, path: str) -> bool:
        """Return True if the build makes a file at an output path."""
        return self._query(keys.OUTPUT, path)

    def picture_size(self, path: str) -> PictureSize | None:
        """Return a picture's size, by its path; None if there is no such picture."""
        return self._query(keys.PICTURE, path)

    def refusal(self, path: str) -> RefusedPicture | None:
        """Return why a file is not shown as a picture, by its path; None if it may be, or if there is no such file."""
        return self._query(keys.REFUSAL, path)

    def renditions(self, path: str) -> tuple[Rendition, ...]:
        """List the renditions of a picture that the build makes, by format, then width; () if it is shown as it is."""
        size = self.picture_size(path)
        if size is None or not self.url_of(path):
            return ()
        found = find_renditions(self.context.queries.index.files[path], size, self.image_settings())
        return found if all(one.is_original or self.has_output(one.path) for one in found[:1]) else ()

    def social_card(self, doc: Card) -> SocialCard | None:
        """Return the card that the build draws for a post without a lead picture; None if there is none."""
        settings: SocialConfig = self._query(keys.SETTINGS, "social")
        if not settings.cards or not self.url_of(doc.key):
            return None
        address, look = self.context.queries.index.addresses[doc.key], self._query(keys.CARD_LOOK)
        card = find_social_card(doc, address, self._text_of_site("title"), look)
        return card if card is not None and self.has_output(card.path) else None

    def contacts(self) -> tuple[Contact, ...]:
        """List what the site's texts, files and theme can contact on other hosts."""
        return (*self._query(keys.CONTACTS), *self._query(keys.THEME_CONTACTS))

    def media(self, path: str) -> MediaFile | None:
        """Return a film or sound of the site, by its path; None if there is none, or no browser plays it."""
        return self._query(keys.MEDIA, path)

    def picture_at(self, url: str) -> str:
        """Name the source of the picture at a root-relative URL; "" if there is none."""
        return self._query(keys.PICTURE_AT, url)

    def source_file(self, path: str) -> Path:
        """Return the file whose bytes are published for a path of the site."""
        self._query(keys.SOURCE, path)
        return self.context.source(path)

    def source_digest(self, path: str) -> str:
        """Return the digest of the bytes that are published for a path of the site, as this build has read them."""
        return self._query(keys.SOURCE, path)

    def find_asset(self, path: str) -> str:
        """Return the output path of a theme's static file; "" if the theme has none."""
        return self._query(keys.ASSET, path)

    def static_file(self, path: str) -> StaticFile:
        """Return a theme's static file."""
        self._query(keys.ASSET_BYTES, path)
        return self.context.theme.static[path]

    def redirects(self) -> tuple[Redirect, ...]:
        """List the old addresses, sorted."""
        return self._query(keys.REDIRECTS)

    def sitemap(self) -> tuple[SitemapEntry, ...]:
        """List the pages of the sitemap, sorted by URL."""
        return self._query(keys.SITEMAP)

    # Settings.

    def menu(self) -> tuple[NavItem, ...]:
        """Return `[nav]` of site.toml: all entries, those at the foot included."""
        items: tuple[NavItem, ...] = self._query(keys.SETTINGS, "nav")
        return items

    def output_settings(self) -> OutputConfig:
        """Return what pages show of `[output]` of site.toml: its feeds and archives."""
        settings: OutputConfig = self._query(keys.SETTINGS, "output")
        return settings

    def newsletter_settings(self) -> NewsletterConfig:
        """Return `[newsletter]` of site.toml."""
        settings: NewsletterConfig = self._query(keys.SETTINGS, "newsletter")
        return settings

    def contact_settings(self) -> ContactConfig:
        """Return `[contact]` of site.toml."""
        settings: ContactConfig = self._query(keys.SETTINGS, "contact")
        return settings

    def security_settings(self) -> SecurityConfig:
        """Return `[security]` of site.toml."""
        settings: SecurityConfig = self._query(keys.SETTINGS, "security")
        return settings

    def image_settings(self) -> ImagesConfig:
        """Return `[images]` of site.toml, except for the size of the cache."""
        settings: ImagesConfig = self._query(keys.SETTINGS, "images")
        return settings

    def default_image(self) -> tuple[str, str]:
        """Return the address and the alternative text of the site's picture for link previews; "" for none."""
        image: tuple[str, str] = self._query(keys.SETTINGS, "site.image")
        return image

    def _text_of_site(self, name: str) -> str:
        """Return a text of site.toml: its "title", "description" or "organisation"."""
        text: str = self._query(keys.SETTINGS, f"site.{name}")
        return text

    def theme_options(self) -> Mapping[str, Any]:
        """Return the theme's options."""
        options = self._query(keys.THEME_OPTIONS)
        if not self.edition:
            return options
        own: LanguageConfig = self._query(keys.SETTINGS, "languages")[self.edition]
        return {**options, "footer_text": own.footer_text} if own.footer_text else options
