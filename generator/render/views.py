"""Tags, series and authors for templates: values whose counts are read only if a template shows them.

A count changes with every post. The older pages of a listing show no count, so they do not change.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from generator.render.ratings import RatingRow, rating_rows
from generator.site.list_addresses import author_address, series_address, tag_address

if TYPE_CHECKING:
    from generator.render.facade import Site


class Counted:
    """A listing whose number of posts is a separate key."""

    def __init__(self, site: Site, listing: str) -> None:
        self._site = site
        self._listing = listing

    @property
    def count(self) -> int:
        """How many posts it lists."""
        return self._site.count(self._listing)

    @property
    def since(self) -> datetime | None:
        """The date of its oldest post."""
        return self._site.since(self._listing)


class TagView(Counted):
    """A tag as templates see it: name, slug, url, description, count."""

    def __init__(self, site: Site, slug: str) -> None:
        super().__init__(site, f"tag/{slug}")
        self.slug = slug
        self.name, self.url, self.description = site.tag(slug)
        self.address = tag_address(slug)


class AuthorView(Counted):
    """An author as templates see them: name, role, bio, image, url, page, slug, count."""

    def __init__(self, site: Site, slug: str) -> None:
        super().__init__(site, f"author/{slug}")
        author = site.author(slug)
        self.slug = slug
        self.name, self.role, self.bio = author.name, author.role, author.bio
        self.image, self.url, self.page = author.image, author.url, author.page
        self.address = author_address(slug)


class SeriesView:
    """A series as lists and the front page show it: name, slug, url, description, count, ratings."""

    def __init__(self, site: Site, slug: str) -> None:
        self._site = site
        self._series = site.series(slug)
        self.slug = slug
        self.name, self.url = self._series.name, self._series.url
        self.description, self.count = self._series.description, self._series.count
        self.address = series_address(slug)

    @cached_property
    def ratings(self) -> tuple[RatingRow, ...]:
        """The rated parts in order."""
        return rating_rows(self._site, self._series)

    @property
    def newest(self) -> datetime | None:
        """The date of its newest part."""
        return self._site.card(self._series.posts[0]).date


def largest_tags(site: Site, count: int) -> tuple[TagView, ...]:
    """List the tags with the most posts, the largest first."""
    ordered = sorted(site.tags(), key=lambda row: (-row.post_count, row.slug))
    return tuple(TagView(site, row.slug) for row in ordered[:count])
