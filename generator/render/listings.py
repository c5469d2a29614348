"""Listings of posts: the front page, tags, authors, months, the newsletter's archive, in numbered pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from generator.model import Target
from generator.render.bodies import introduction
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.fast import Lazy
from generator.render.head import listing_head
from generator.render.kinds import OutputKind, Phase, page_bytes
from generator.render.views import AuthorView, SeriesView, TagView, largest_tags
from generator.site.addresses import output_path
from generator.site.list_addresses import author_address, month_address, tag_address, year_address
from generator.site.listings import ARCHIVE, NEWSLETTER, TAGS
from generator.site.pagination import chunk_numbers, page_url

SUBJECTS = 8
"""How many tags the front page names."""


class Listing(Struct, frozen=True):
    """A listing's title, the values for its head, and the values for its template beside the posts."""

    title: str
    description: str = ""
    feed: str = ""
    crumbs: tuple[tuple[str, str], ...] = ()
    more: Mapping[str, Any] | None = None


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan the listings that have something to list."""
    queries = context.queries
    for kind, listing, address in find_listings(context):
        yield from plan_listing(kind, listing, address, len(queries.listing(listing)), queries.per_page(listing))


def find_listings(context: RenderContext) -> list[tuple[str, str, str]]:
    """List the kind, the name and the address of each listing that has something to list."""
    index = context.queries.index
    names: list[tuple[str, str, str]] = [("home", "posts", context.queries.home)]
    names += [("tag", f"tag/{slug}", tag_address(slug)) for slug in index.tags]
    if context.config.output.authors:
        names += [("author", f"author/{slug}", author_address(slug)) for slug in index.authors]
    if context.config.output.archives:
        months = ((name, *name.split("-")) for name in index.months)
        names += [("month", f"month/{name}", month_address(int(year), int(month))) for name, year, month in months]
    if index.issues:
        names.append(("newsletter", "newsletter", NEWSLETTER))
    return names


def plan_listing(kind: str, listing: str, address: str, count: int, per_page: int) -> list[Target]:
    """Plan a listing of `count` posts on its own address and on its older pages'."""
    numbers = chunk_numbers(count, per_page)
    older = [Target(output_path(page_url(address, one)), kind, (listing, address, str(one))) for one in numbers]
    return [Target(output_path(address), kind, (listing, address, "")), *older]


def render(target: Target, site: Site) -> bytes:
    """Render one page of a listing."""
    name, address, number = target.args
    chunk = site.chunk(name, address, number)
    listing = _LISTINGS[target.kind](site, name.partition("/")[2])
    head = listing_head(
        site,
        target.kind,
        listing.title,
        address,
        description=listing.description,
        feed=listing.feed,
        number=chunk.number,
        neighbours=(chunk.newer_url, chunk.older_url),
        crumbs=listing.crumbs,
    )
    posts = "issues" if target.kind == "newsletter" else "posts"
    context = {
        "page": head,
        "intro": introduction(site, address) if chunk.number is None else "",
        posts: site.cards(chunk.posts),
        "pager": chunk,
        **(listing.more or {}),
    }
    return page_bytes(site.render(f"{target.kind}.html", context))


def _home(site: Site, _: str) -> Listing:
    title = site.title if site.home_address() == "/" else site.words.gettext("All posts")
    more: dict[str, Any] = {name: Lazy(make, site) for name, make in _BESIDE.items()}
    return Listing(title, more={"pinned": site.cards(site.pinned()), **more})


def _latest_series(site: Site) -> SeriesView | None:
    slug = next(iter(site.all_series()), "")
    return SeriesView(site, slug) if slug else None


_BESIDE: Mapping[str, Callable[[Site], Any]] = {
    "series": _latest_series,
    "issue": lambda site: next(iter(site.cards(site.newest("newsletter", 1))), None),
    "largest": lambda site: largest_tags(site, SUBJECTS),
    "authors": lambda site: tuple(AuthorView(site, slug) for slug in site.all_authors()),
}
"""What the front page can show beside the posts, each read only if its template asks for it."""


def _tag(site: Site, slug: str) -> Listing:
    tag = TagView(site, slug)
    return Listing(tag.name, tag.description, f"tag/{slug}", ((site.words.gettext("Tags"), TAGS),), {"tag": tag})


def _author(site: Site, slug: str) -> Listing:
    author = AuthorView(site, slug)
    return Listing(author.name, author.bio, f"author/{slug}", more={"author": author})


def _month(site: Site, name: str) -> Listing:
    year, _, number = name.partition("-")
    month = date(int(year), int(number), 1)
    crumbs = ((site.words.gettext("Archive"), ARCHIVE), (year, year_address(month.year)))
    return Listing(site.date(month, "MMMM y"), crumbs=crumbs, more={"month": month})


def _newsletter(site: Site, _: str) -> Listing:
    settings = site.newsletter_settings()
    links = {"subscribe_url": settings.subscribe, "unsubscribe_url": settings.public_unsubscribe}
    return Listing(site.words.gettext("Newsletter"), feed="newsletter", more=links)


_LISTINGS: Mapping[str, Callable[[Site, str], Listing]] = {
    "home": _home,
    "tag": _tag,
    "author": _author,
    "month": _month,
    "newsletter": _newsletter,
}

LISTINGS = OutputKind(
    {
        "home": "the list of posts",
        "tag": "the list of a tag's posts",
        "author": "the list of an author's posts",
        "month": "the list of a month's posts",
        "newsletter": "the list of newsletter issues",
    },
    "ADDRESS/index.html",
    Phase.PAGES,
    plan,
    render,
    is_page=True,
    by_language=True,
)
