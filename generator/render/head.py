"""The head of a page: title, description, canonical address, feeds, link preview, policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.render.feed_links import FeedLink, feed_links
from generator.render.jsonld import posting, website
from generator.site.listings import FRONT_PAGE
from generator.site.pagination import page_url
from generator.site.values import Card

if TYPE_CHECKING:
    from generator.render.tracked import Site

_NO_DATA = Markup("")
SOCIAL_CARD = "social-card.png"
SOCIAL_CARD_SIZE = (1200, 630)


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step on the way to a page."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a page says of itself, `page` in templates. URLs are root-relative, `canonical` and `image` absolute."""

    kind: str
    title: str
    head_title: str
    description: str
    url: str
    canonical: str
    lang: str
    feeds: tuple[FeedLink, ...]
    og_type: str
    image: str
    image_alt: str
    image_width: int
    image_height: int
    published: str = ""
    updated: str = ""
    json_ld: Markup = _NO_DATA
    noindex: bool = False
    banner: str = ""
    csp: str = ""
    crumbs: tuple[Crumb, ...] = ()
    prev_url: str = ""
    next_url: str = ""


def listing_head(
    site: Site,
    kind: str,
    title: str,
    listing: str,
    *,
    description: str = "",
    feed: str = "",
    number: int | None = None,
    neighbours: tuple[str, str] = ("", ""),
    crumbs: Sequence[tuple[str, str]] = (),
) -> Head:
    """Make the head of a listing at the address `listing`; a page that introduces it supplies title and description.

    `feed` names its own feed beside the site's; `number` is that of an older page.
    """
    image, alt, width, height = _default_image(site)
    key = site.ask(f"intro|{listing}")
    if key:
        page = site.card(key)
        title, description = page.title, page.description
    numbered = f"{title}, page {number}" if number else title
    front = listing == FRONT_PAGE and not number
    url = site.link(page_url(listing, number) if number else listing)
    about = description or (site.description if front else f"{title}: {site.title}")
    return Head(
        kind=kind,
        title=title,
        head_title=site.title if front else f"{numbered} · {site.title}",
        description=f"{about} (page {number})" if number else about,
        url=url,
        canonical=site.absolute(url),
        lang=site.language,
        feeds=feed_links(site, feed),
        og_type="website",
        image=image,
        image_alt=alt,
        image_width=width,
        image_height=height,
        json_ld=website(site) if front else _NO_DATA,
        noindex=bool(site.preview),
        banner=site.preview,
        csp=policy(site),
        crumbs=tuple(Crumb(words, site.link(step)) for words, step in crumbs),
        prev_url=neighbours[0],
        next_url=neighbours[1],
    )


def document_head(site: Site, doc: Card) -> Head:
    """Make the head of a post, a page or an issue."""
    image, alt, width, height = _image(site, doc)
    canonical = site.absolute(doc.url)
    article = doc.kind != "page"
    front = doc.url == site.home
    return Head(
        kind=str(doc.kind),
        title=doc.title,
        head_title=site.title if front else f"{_own_title(site, doc)} · {site.title}",
        description=doc.description,
        url=doc.url,
        canonical=canonical,
        lang=doc.lang,
        feeds=feed_links(site, f"series/{doc.series.slug}" if doc.series else ""),
        og_type="article" if article else "website",
        image=image,
        image_alt=alt,
        image_width=width,
        image_height=height,
        published=_iso(doc.date) if article else "",
        updated=_iso(doc.updated) if article else "",
        json_ld=posting(site, doc, canonical, image) if article else _NO_DATA,
        noindex=bool(site.preview),
        banner=site.preview,
        csp=policy(site),
    )


def _own_title(site: Site, doc: Card) -> str:
    """Give a title that no other page has: one that several documents share is told apart by its date."""
    if doc.date is None or not site.ask(f"shared_title|{doc.title}"):
        return doc.title
    return f"{doc.title} ({site.date(doc.date)})"


def _image(site: Site, doc: Card) -> tuple[str, str, int, int]:
    if doc.image:
        return site.absolute(doc.image), doc.image_alt, doc.image_width, doc.image_height
    return _default_image(site)


def _default_image(site: Site) -> tuple[str, str, int, int]:
    """Give the site's picture for link previews, else the theme's."""
    return site.share("default-image", _find_default_image)


def _find_default_image(site: Site) -> tuple[str, str, int, int]:
    *_, image, alt = site.ask("cfg|site")
    if image:
        return site.absolute(site.link(image)), alt, 0, 0
    if site.ask(f"asset|{SOCIAL_CARD}"):
        return site.absolute(site.asset(SOCIAL_CARD)), "", *SOCIAL_CARD_SIZE
    return "", "", 0, 0


def policy(site: Site) -> str:
    """Write the page's Content Security Policy (W3C CSP Level 3): nothing but the site's own files.

    Pictures may also come from the hosts that `[images] hosts` allows: one set for all pages.
    """
    return site.share("policy", _write_policy)


def _write_policy(site: Site) -> str:
    pictures = " ".join(["'self'", *(f"https://{host}" for host in site.ask("cfg|images").hosts)])
    return (
        f"default-src 'none'; img-src {pictures}; media-src 'self'; style-src 'self'; font-src 'self'; "
        "script-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'"
    )


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
