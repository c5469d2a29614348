"""Results read from the index, the settings and the stored texts.

Every method that answers a key (see `keys`) is pure: its result follows from its argument and this build's frozen
values alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from msgspec.structs import replace

from generator.config import SECTIONS, Config, OutputConfig
from generator.model import Body, Comment, CommentMode, Contact
from generator.site.addresses import root_relative
from generator.site.editions import moved_lists
from generator.site.hidden import state_in
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
    SiteIndex,
    list_posts,
)
from generator.site.list_addresses import series_address, tag_address
from generator.site.listings import FRONT_PAGE, home_address
from generator.site.pagination import chunk
from generator.site.related import related_posts
from generator.site.results import (
    MonthCount,
    MonthPosts,
    Neighbours,
    PartNeighbours,
    Redirect,
    SiteIdentity,
    TagCount,
    TagFacts,
    YearNeighbours,
)
from generator.site.source_names import STATIC, SourceNames
from generator.site.typesetting import Typesetter


class Bodies(Protocol):
    """The stored texts, by the path of their document."""

    def body(self, key: str) -> tuple[Body, str]:
        """Fetch a document's body and its digest. Raises: KeyError if there is none."""

    def digest(self, key: str) -> str:
        """Return the digest of a document's body without fetching it. Raises: KeyError if there is none."""

    def comments(self, key: str) -> tuple[tuple[Comment, ...], str]:
        """Fetch the comments kept beside a document, oldest first, and their digest; () and "" for none."""

    def comment_file(self, key: str) -> str:
        """Return the path of the comments kept beside a document, "" for none."""


COUNTED_PARTS = 50
"""Up to this many parts, each part of a series says how many there are: a new part renders all of them again."""
_LISTS = {"posts": "home", "tag": "tags", "author": "authors", "month": "months", "newsletter": "newsletter"}


class IndexReader:
    """Read one build's index. A method raises KeyError if its argument names nothing."""

    def __init__(self, index: SiteIndex, config: Config, bodies: Bodies) -> None:
        self.index = index
        self.config = config
        self._bodies = bodies

    def card(self, key: str) -> Card | None:
        """Return a document's card; None if it is not published."""
        return self.index.cards.get(key)

    def body(self, key: str) -> Body:
        """Fetch a document's text."""
        return self._bodies.body(key)[0]

    def settings(self, section: str) -> Any:
        """Return a section of site.toml as far as files show it; "site" is the `SiteIdentity`.

        The site's texts are "site.title", "site.description", "site.organisation" and "site.image", which is an address
        with its alternative text.
        """
        config = self.config
        if section.startswith("site."):
            return self._text_of_site(section.removeprefix("site."))
        if section == "site":
            url = f"{config.url}{config.folder[1:]}/" if config.folder else config.url
            return SiteIdentity(url, config.language, config.main_language or config.language, tuple(config.languages))
        if section == "output":  # the rest decides which posts and pages there are, and has keys of its own
            shown = config.output
            return OutputConfig(shown.feeds, shown.listing_feeds, shown.feeds_for, shown.archives)
        if section == "output.related":
            return config.output.related
        if section == "images":
            return replace(config.images, cache_size=0)
        if section not in SECTIONS:
            raise KeyError(section)  # an older version recorded it
        return getattr(config, section)

    def _text_of_site(self, name: str) -> Any:
        config, typeset = self.config, Typesetter(self.config).set
        if name == "image":
            return config.image, typeset(config.image_alt)
        return typeset(
            {"title": config.title, "description": config.description, "organisation": config.organisation}[name]
        )

    def subscribe_url(self, _: str) -> str:
        """Return the address where readers subscribe to the newsletter, "" for none."""
        return self.config.newsletter.subscribe

    def neighbours(self, key: str) -> Neighbours:
        """Return the neighbours of a post among the posts, of an issue among the issues."""
        posts = key in self._positions
        everything = self.index.posts if posts else self.index.issues
        place = (self._positions if posts else self._issue_positions)[key]
        older = everything[place + 1] if place + 1 < len(everything) else ""
        return Neighbours(everything[place - 1] if place else "", older)

    def related(self, key: str) -> tuple[str, ...]:
        """List the posts related to a post."""
        return related_posts(self.index, key, self._positions)

    def part_neighbours(self, key: str) -> PartNeighbours:
        """Return the neighbours of a post within its series."""
        if key not in self._part_positions:
            return PartNeighbours("", "")
        slug, place = self._part_positions[key]
        parts = self.index.series[slug].parts  # search from here outwards: a series may have thousands of parts
        before = next((parts[at].key for at in range(place - 1, -1, -1) if parts[at].key), None)
        after = next((parts[at].key for at in range(place + 1, len(parts)) if parts[at].key), None)
        return PartNeighbours(before or "", after or "")

    def discussion(self, key: str) -> Discussion:
        """Return the comments under a document."""
        from generator.site.discussion import discussion

        card: Card = self.index.cards[key]
        kept = () if card.comments is CommentMode.NONE else self._bodies.comments(key)[0]
        return discussion(card, kept, self.config, self._bodies.comment_file(key) if kept else "")

    def issue_posts(self, key: str) -> tuple[str, ...]:
        """List the keys of an issue's posts, in the editor's order."""
        return self.index.issue_layouts[key].posts

    def issue_layout(self, key: str) -> IssueLayout | None:
        """Return where each post of an issue is shown."""
        return self.index.issue_layouts.get(key)

    def blocks(self, key: str) -> DocumentBlocks | None:
        """Return the blocks of a document; None if it has none."""
        return self.index.blocks.get(key)

    def events(self, _: str) -> tuple[str, ...]:
        """List the keys of the posts with an event, in every language, the first event first."""
        events = {key: made.event for key, made in self.index.blocks.items() if made.event}
        return tuple(sorted(events, key=lambda key: (events[key].start, key)))

    def tags(self, _: str) -> tuple[TagCount, ...]:
        """List all tags, sorted by slug."""
        return tuple(TagCount(slug, len(tag.posts)) for slug, tag in self.index.tags.items())

    def tag(self, slug: str) -> TagFacts:
        """Return a tag's facts."""
        tag = self.index.tags[slug]
        return TagFacts(tag.name, tag.url, tag.description)

    def series(self, slug: str) -> Series | None:
        """Return a series."""
        return self.index.series.get(slug)

    def all_series(self, _: str) -> tuple[str, ...]:
        """List the slugs of all series, the one with the newest part first."""
        places = self._positions
        return tuple(sorted(self.index.series, key=lambda slug: (places[self.index.series[slug].posts[0]], slug)))

    def last_part(self, slug: str) -> int:
        """Return the highest part number of a series; 0 if it has none, or has more than `COUNTED_PARTS` parts."""
        parts = self.index.series[slug].parts
        return 0 if len(parts) > COUNTED_PARTS else max((part.part or 0 for part in parts), default=0)

    def all_authors(self, _: str) -> tuple[str, ...]:
        """List the slugs of all authors, by name."""
        names = {slug: posts.author.name.casefold() for slug, posts in self.index.authors.items()}
        return tuple(sorted(names, key=lambda slug: (names[slug], slug)))

    def author(self, slug: str) -> Author:
        """Return an author."""
        return self.index.authors[slug].author

    def listing_name(self, listing: str) -> str:
        """Return the name that the site gives a listing; "" for its posts and its newsletter."""
        kind, _, slug = listing.partition("/")
        if kind == "author":
            return self.index.authors[slug].author.name
        if kind in ("tag", "series"):
            return (self.index.tags if kind == "tag" else self.index.series)[slug].name
        return ""

    def count(self, listing: str) -> int:
        """Count the posts of a listing."""
        return len(self.listing(listing))

    def since(self, listing: str) -> datetime | None:
        """Return the date of the oldest post of a listing."""
        return self.index.cards[self.listing(listing)[-1]].date

    def chunk(self, of: str) -> Chunk:
        """Return one page of a listing: `listing|address|number`, the number "" for the listing's own address."""
        listing, address, number = of.split("|")
        per_page = self.per_page(listing)
        url = self.config.base_path + f"{self.config.folder}{address}".lstrip("/")
        return chunk(self.listing(listing), per_page, url, int(number) if number else None)

    def pinned(self, _: str) -> tuple[str, ...]:
        """List the pinned posts, newest first."""
        return tuple(key for key in self.index.posts if self.index.cards[key].pinned)

    def months(self, _: str) -> tuple[MonthCount, ...]:
        """List the months that have posts, newest first."""
        return tuple(MonthCount(*_year_month(name), len(keys)) for name, keys in self.index.months.items())

    def year(self, year: str) -> tuple[MonthPosts, ...]:
        """List a year's months, oldest first."""
        wanted = int(year)
        months = [(month, name) for name in self.index.months for y, month in (_year_month(name),) if y == wanted]
        return tuple(MonthPosts(month, self.index.months[name][::-1]) for month, name in reversed(months))

    def year_neighbours(self, year: str) -> YearNeighbours:
        """Return the neighbours of a year in the archive."""
        newer = min((y for y in self._years if y > int(year)), default=None)
        return YearNeighbours(newer, max((y for y in self._years if y < int(year)), default=None))

    def introduction(self, address: str) -> str:
        """Return the key of the page at a listing's address, "" if there is none."""
        return self.pages_by_address.get(self.config.folder + address, "")

    def has(self, listing: str) -> bool:
        """Return True if a listing has something to list; "tags", "series" and "authors" list all there are."""
        everything: Mapping[str, Mapping[str, Any]] = {
            "tags": self.index.tags,
            "series": self.index.series,
            "authors": self.index.authors,
        }
        return bool(everything[listing] if listing in everything else self.listing(listing))

    def newest(self, of: str) -> tuple[str, ...]:
        """List the newest posts of a listing: `listing|count`."""
        listing, count = of.split("|")
        return self.listing(listing)[: int(count)]

    def home_address(self, _: str) -> str:
        """Return the address of the list of posts."""
        return self.home

    def redirects(self, _: str) -> tuple[Redirect, ...]:
        """List the old addresses, sorted."""
        documents = (Redirect(alias, self.index.urls[key]) for alias, key in sorted(self.index.aliases.items()))
        base = self.config.base_path
        lists = (
            Redirect(f"{old}*", f"{base}{language}{old}:splat")
            for old, (language, _) in moved_lists(self.index).items()
        )
        return (*documents, *lists)

    def shares_title(self, title: str) -> bool:
        """Return True if several documents have this title."""
        return title in self._shared_titles

    def picture_size(self, path: str) -> PictureSize | None:
        """Return a picture's size; None if there is no such picture."""
        return self.index.pictures.get(path)

    def refusal(self, path: str) -> RefusedPicture | None:
        """Return why a file is not shown as a picture; None if it may be, or if there is no such file."""
        return self.index.refused.get(path)

    def contacts(self, _: str) -> tuple[Contact, ...]:
        """List the other hosts that documents and files can contact, and what for, sorted; each once."""
        return tuple(sorted({contact for found in self.index.contacts.values() for contact in found}))

    def media(self, path: str) -> MediaFile | None:
        """Return a film or sound; None if there is none at that path, or no browser plays it."""
        return self.index.media.get(path)

    def picture_at(self, url: str) -> str:
        """Return the path of the picture at a root-relative URL; "" if there is none."""
        return self._pictures_by_url.get(url, "")

    @cached_property
    def _pictures_by_url(self) -> Mapping[str, str]:
        """Also map a converted picture of content/static by the address that site.toml gives for its source."""
        index, config = self.index, self.config
        found = {index.urls[path]: path for path in index.pictures if path in index.urls}
        static = ((path, path.removeprefix(STATIC)) for path in index.pictures if path.startswith(STATIC))
        written = {root_relative(config, f"/{short}"): path for path, short in static if path in index.files}
        return written | found

    def url(self, path: str) -> str:
        """Return the root-relative URL of a document or file; "" if it is not published."""
        return self.index.urls.get(path, "")

    def hidden(self, place: str) -> str:
        """Return why a source's path or an address is not public, see `site.hidden`; "" if there is no such thing."""
        return state_in(self.index.hidden, place)

    def named(self, name: str) -> str:
        """Return the path of the one source with a file name, published or not; "" if there is none, or several."""
        return self._names.only(name)

    def meant(self, of: str) -> str:
        """Return what a broken link may have meant, as its document should write it; "" if unknown.

        `of` is the document's path and the link, with a tab between them.
        """
        document, _, written = of.partition("\t")
        return self._names.nearest(document, written)

    @cached_property
    def _names(self) -> SourceNames:
        index = self.index
        tags = (tag_address(slug) for slug in index.tags)
        series = (series_address(slug) for slug in index.series)
        return SourceNames(index.urls, index.unpublished, (*index.addresses.values(), *tags, *series))

    def listing(self, name: str) -> tuple[str, ...]:
        """List a listing's keys, newest first.

        Names: `posts`, `newsletter`, `tag/x`, `series/x`, `author/x`, `month/2014-10`.
        """
        posts = list_posts(self.index, name)
        if posts is None:
            raise KeyError(name)
        return posts

    def per_page(self, listing: str) -> int:
        """Return how many posts a page of a listing shows."""
        output = self.config.output
        whole = _LISTS[listing.partition("/")[0]] in output.unpaged
        return max(1, len(self.listing(listing))) if whole else output.per_page

    @cached_property
    def home(self) -> str:
        """The address of the list of posts."""
        return home_address(self.config.folder + FRONT_PAGE in self.pages_by_address, self.config)

    @cached_property
    def pages_by_address(self) -> dict[str, str]:
        """The key of each page, by its address."""
        return {self.index.addresses[key]: key for key in self.index.pages}

    @cached_property
    def _shared_titles(self) -> frozenset[str]:
        return frozenset(self.index.shared_titles)

    @cached_property
    def _years(self) -> frozenset[int]:
        return frozenset(_year_month(name)[0] for name in self.index.months)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self.index.posts)}

    @cached_property
    def _issue_positions(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self.index.issues)}

    @cached_property
    def _part_positions(self) -> dict[str, tuple[str, int]]:
        return {
            part.key: (slug, place)
            for slug, series in self.index.series.items()
            for place, part in enumerate(series.parts)
            if part.key is not None
        }


def _year_month(name: str) -> tuple[int, int]:
    year, _, month = name.partition("-")
    return int(year), int(month)
