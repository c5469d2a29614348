"""Overviews: all tags, a series, the archive and its years. Each is one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from msgspec import Struct

from generator.model import Target
from generator.render.bodies import introduction
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.head import Head, listing_head
from generator.render.kinds import OutputKind, Phase, page_bytes
from generator.render.views import TagView
from generator.site.addresses import output_path
from generator.site.index_model import Card
from generator.site.listings import ARCHIVE, TAGS, month_address, series_address, year_address


class Month(Struct, frozen=True):
    """A month of the archive."""

    date: date
    url: str
    count: int
    posts: tuple[Card, ...] = ()


class Year(Struct, frozen=True):
    """A year of the archive, its months newest first."""

    year: int
    url: str
    count: int
    months: tuple[Month, ...]


class Part(Struct, frozen=True):
    """A place in a series: `doc` is None where the part is missing."""

    part: int | None
    doc: Card | None


class RatingRow(Struct, frozen=True):
    """A rating of a series, as its chart and its table show it."""

    part: int | None
    doc: Card
    value: float
    maximum: float
    note: str


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan the overviews that have something to show."""
    index = context.queries.index
    if index.tags:
        yield Target(output_path(TAGS), "tags")
    for slug in index.series:
        yield Target(output_path(series_address(slug)), "series", (slug,))
    if index.posts and context.config.output.archives:
        yield Target(output_path(ARCHIVE), "archive")
        for year in sorted({name.partition("-")[0] for name in index.months}):
            yield Target(output_path(year_address(int(year))), "year", (year,))


def render(target: Target, site: Site) -> bytes:
    """Render an overview."""
    head, context = _OVERVIEWS[target.kind](site, *target.args)
    address = "/" + target.path.removesuffix("index.html")
    shown = {"page": head, "intro": introduction(site, address), **context}
    return page_bytes(site.render(f"{target.kind}.html", shown))


def _tags(site: Site) -> tuple[Head, dict[str, Any]]:
    tags = [TagView(site, slug) for slug, _ in site.tags()]
    ordered = sorted(tags, key=lambda tag: (tag.name.casefold(), tag.slug))
    return listing_head(site, "tags", site.words.gettext("Tags"), TAGS), {"tags": tuple(ordered)}


def _series(site: Site, slug: str) -> tuple[Head, dict[str, Any]]:
    series = site.series(slug)
    address = series_address(slug)
    parts = tuple(Part(part.part, site.card_or_none(part.key or "")) for part in series.parts)
    ratings = tuple(
        RatingRow(part.part, part.doc, rating.value, rating.maximum or rating.value, part.doc.rating_note)
        for part in parts
        if part.doc is not None and (rating := part.doc.rating) is not None
    )
    head = listing_head(site, "series", series.name, address, description=series.description, feed=f"series/{slug}")
    return head, {"series": series, "parts": parts, "ratings": ratings}


def _archive(site: Site) -> tuple[Head, dict[str, Any]]:
    years = []
    for year, rows in groupby(site.months(), key=lambda row: row.year):
        months = tuple(
            Month(date(year, month, 1), site.link(month_address(year, month)), count) for _, month, count in rows
        )
        total = sum(month.count for month in months)
        years.append(Year(year, site.link(year_address(year)), total, months))
    return listing_head(site, "archive", site.words.gettext("Archive"), ARCHIVE), {"years": tuple(years)}


def _year(site: Site, name: str) -> tuple[Head, dict[str, Any]]:
    year = int(name)
    months = tuple(
        Month(date(year, month, 1), site.link(month_address(year, month)), len(keys), site.cards(keys))
        for month, keys in site.year(year)
    )
    newer, older = ("" if near is None else site.link(year_address(near)) for near in site.year_neighbours(year))
    head = listing_head(site, "year", name, year_address(year), crumbs=((site.words.gettext("Archive"), ARCHIVE),))
    return head, {"year": year, "months": months, "newer_url": newer, "older_url": older}


_OVERVIEWS: Mapping[str, Callable[..., tuple[Head, dict[str, Any]]]] = {
    "tags": _tags,
    "series": _series,
    "archive": _archive,
    "year": _year,
}

OVERVIEWS = OutputKind(
    {
        "tags": "the list of tags",
        "series": "the page of a series",
        "archive": "the archive",
        "year": "the archive of a year",
    },
    "ADDRESS/index.html",
    Phase.PAGES,
    plan,
    render,
    is_page=True,
)
