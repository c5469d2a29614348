"""Results of queries: small named tuples of values that a page reads together.

They are tuples so that their digest is that of their values.
"""

from __future__ import annotations

from typing import NamedTuple


class SiteIdentity(NamedTuple):
    """Where the site is, and its languages: what every file may depend on. `url` ends in a slash."""

    url: str
    language: str
    main_language: str
    languages: tuple[str, ...]


class Neighbours(NamedTuple):
    """The keys of the next newer and the next older document of one kind; "" at the ends."""

    newer: str
    older: str


class PartNeighbours(NamedTuple):
    """The keys of the part before and the part after within a series, over gaps; "" at the ends."""

    previous: str
    next: str


class YearNeighbours(NamedTuple):
    """The next newer and the next older year that have posts; None at the ends."""

    newer: int | None
    older: int | None


class TagFacts(NamedTuple):
    """A tag without its posts. `url` is root-relative."""

    name: str
    url: str
    description: str


class TagCount(NamedTuple):
    """A tag with the number of its posts."""

    slug: str
    post_count: int


class MonthCount(NamedTuple):
    """A month with the number of its posts."""

    year: int
    month: int
    post_count: int


class MonthPosts(NamedTuple):
    """A month of a given year with the keys of its posts, oldest first."""

    month: int
    posts: tuple[str, ...]


class Redirect(NamedTuple):
    """An old address of a document, and the document's root-relative URL."""

    address: str
    url: str


class SitemapEntry(NamedTuple):
    """A page's root-relative URL and the day of its last change in ISO 8601, "" if unknown."""

    url: str
    changed: str
