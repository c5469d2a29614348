"""Overviews: all tags, series and authors, one series, the archive and its years, how to follow. Each is one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any
from unicodedata import normalize

from msgspec import Struct

from generator.model import Target
from generator.render.bodies import introduction
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.head import Head, listing_head
from generator.render.kinds import OutputKind, Phase, page_bytes
from generator.render.ratings import rating_rows
from generator.render.views import AuthorView, SeriesView, TagView, largest_tags
from generator.site.addresses import output_path
from generator.site.index_model import Card
from generator.site.list_addresses import month_address, series_address, year_address
from generator.site.listings import ARCHIVE, AUTHORS, FOLLOW, SERIES, TAGS

LARGEST = 10
"""How many tags come first in the list of tags."""
SHOWN_TITLES = 40
"""The archive lists the posts of a year that has no more than this; a larger year has a page of its own for them."""


class Month(Struct, frozen=True):
    """A month of the archive."""

    date: date
    url: str
    count: int
    posts: tuple[Card, ...] = ()


class Year(Struct, frozen=True):
    """A year of the archive, its months newest first; its posts are listed if it has few."""

    year: int
    url: str
    count: int
    months: tuple[Month, ...]


class TagGroup(Struct, frozen=True):
    """The tags whose names begin with a letter, by name."""

    letter: str
    tags: tuple[TagView, ...]


class Part(Struct, frozen=True):
    """A place in a series: `doc` is None where the part is missing."""

    part: int | None
    doc: Card | None


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan the overviews that have something to show."""
    index = context.queries.index
    if index.tags:
        yield Target(output_path(TAGS), "tags")
    yield from _optional(context)
    for slug in index.series:
        yield Target(output_path(series_address(slug)), "series", (slug,))
    if index.posts and context.config.output.archives:
        yield Target(output_path(ARCHIVE), "archive")
        for year in sorted({name.partition("-")[0] for name in index.months}):
            yield Target(output_path(year_address(int(year))), "year", (year,))


def _optional(context: RenderContext) -> Iterable[Target]:
    """Plan the overviews that a theme of its own may do without: those that it has a template for."""
    index = context.queries.index
    wanted = {
        "series-list": (SERIES, index.series),
        "authors": (AUTHORS, index.authors and context.config.output.authors),
        "follow": (FOLLOW, index.posts or index.issues),
    }
    for kind, (address, has_any) in wanted.items():
        if has_any and context.theme.find(f"{kind}.html") is not None:
            yield Target(output_path(address), kind)


def render(target: Target, site: Site) -> bytes:
    """Render an overview."""
    head, context = _OVERVIEWS[target.kind](site, *target.args)
    address = f"/{target.path}".removeprefix(f"/{site.edition}" if site.edition else "").removesuffix("index.html")
    shown = {"page": head, "intro": introduction(site, address), **context}
    return page_bytes(site.render(f"{target.kind}.html", shown))


def _tags(site: Site) -> tuple[Head, dict[str, Any]]:
    tags = [TagView(site, slug) for slug, _ in site.tags()]
    ordered = tuple(sorted(tags, key=lambda tag: (tag.name.casefold(), tag.slug)))
    shown = {"tags": ordered, "letters": _by_letter(ordered), "largest": largest_tags(site, LARGEST)}
    return listing_head(site, "tags", site.words.gettext("Tags"), TAGS), shown


def _by_letter(tags: tuple[TagView, ...]) -> tuple[TagGroup, ...]:
    """Group tags by the first letter of their names, accents removed; all others come under "#", at the end."""
    groups: dict[str, list[TagView]] = {}
    for tag in tags:
        first = normalize("NFD", tag.name)[:1].upper()
        groups.setdefault(first if first.isalpha() else "#", []).append(tag)
    ordered = sorted(groups.items(), key=lambda group: (group[0] == "#", group[0]))
    return tuple(TagGroup(letter, tuple(members)) for letter, members in ordered)


def _series_list(site: Site) -> tuple[Head, dict[str, Any]]:
    head = listing_head(site, "series-list", site.words.gettext("Series"), SERIES)
    return head, {"all_series": tuple(SeriesView(site, slug) for slug in site.all_series())}


def _authors(site: Site) -> tuple[Head, dict[str, Any]]:
    head = listing_head(site, "authors", site.words.gettext("Authors"), AUTHORS)
    return head, {"authors": tuple(AuthorView(site, slug) for slug in site.all_authors())}


def _follow(site: Site) -> tuple[Head, dict[str, Any]]:
    words = site.words
    about = words.gettext("How to get new posts of %(title)s by e-mail or in a feed reader.", title=site.title)
    head = listing_head(site, "follow", words.gettext("Follow"), FOLLOW, description=about)
    settings = site.newsletter_settings()
    issue = next(iter(site.cards(site.newest("newsletter", 1))), None)
    return head, {"unsubscribe_url": settings.public_unsubscribe, "issue": issue}


def _series(site: Site, slug: str) -> tuple[Head, dict[str, Any]]:
    series = site.series(slug)
    address = series_address(slug)
    parts = tuple(Part(part.part, site.card_or_none(part.key or "")) for part in series.parts)
    head = listing_head(site, "series", series.name, address, description=series.description, feed=f"series/{slug}")
    return head, {"series": series, "parts": parts, "ratings": rating_rows(site, series)}


def _archive(site: Site) -> tuple[Head, dict[str, Any]]:
    years = []
    for year, rows in groupby(site.months(), key=lambda row: row.year):
        counts = [(month, count) for _, month, count in rows]
        total = sum(count for _, count in counts)
        posts = {month: keys[::-1] for month, keys in site.year(year)} if total <= SHOWN_TITLES else {}
        months = tuple(
            Month(date(year, n, 1), site.place(month_address(year, n)), count, site.cards(posts.get(n, ())))
            for n, count in counts
        )
        years.append(Year(year, site.place(year_address(year)), total, months))
    return listing_head(site, "archive", site.words.gettext("Archive"), ARCHIVE), {"years": tuple(years)}


def _year(site: Site, name: str) -> tuple[Head, dict[str, Any]]:
    year = int(name)
    months = tuple(
        Month(date(year, month, 1), site.place(month_address(year, month)), len(keys), site.cards(keys))
        for month, keys in site.year(year)
    )
    newer, older = ("" if near is None else site.place(year_address(near)) for near in site.year_neighbours(year))
    head = listing_head(site, "year", name, year_address(year), crumbs=((site.words.gettext("Archive"), ARCHIVE),))
    return head, {"year": year, "months": months, "newer_url": newer, "older_url": older}


_OVERVIEWS: Mapping[str, Callable[..., tuple[Head, dict[str, Any]]]] = {
    "tags": _tags,
    "series-list": _series_list,
    "authors": _authors,
    "follow": _follow,
    "series": _series,
    "archive": _archive,
    "year": _year,
}

OVERVIEWS = OutputKind(
    {
        "tags": "the list of tags",
        "series-list": "the list of series",
        "authors": "the list of authors",
        "follow": "the page that explains how to follow",
        "series": "the page of a series",
        "archive": "the archive",
        "year": "the archive of a year",
    },
    "ADDRESS/index.html",
    Phase.PAGES,
    plan,
    render,
    is_page=True,
    by_language=True,
)
