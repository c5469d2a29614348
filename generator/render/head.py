"""The head of a page: title, description, canonical address, feeds, link preview, policy.

Templates see it as `page`. Each value is computed only if a template reads it, because few pages show all of them.
The largest are kept, because templates ask for them before they write them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup
from msgspec import Struct

from generator.model import CommentMode, Contact
from generator.render.feed_links import FeedLink, feed_links
from generator.render.jsonld import breadcrumbs, in_script, posting, profile, website
from generator.render.languages import (
    Alternate,
    alternates,
    front_pages,
    open_graph_locale,
    other_locales,
    page_language,
)
from generator.render.policy import write_policy
from generator.render.srcset import LINK_PREVIEW_WIDTH, picture_for_programs
from generator.site.addresses import root_relative
from generator.site.index_model import Author, Card
from generator.site.pagination import page_url
from generator.site.social_cards import previews_show

if TYPE_CHECKING:
    from generator.render.facade import Site

_NO_DATA = Markup("")
SOCIAL_CARD_SIZE = (1200, 630)
_WASM = "'wasm-unsafe-eval'"


class Crumb(Struct, frozen=True):
    """A step on the way to a page."""

    title: str
    url: str


class PreviewPicture(Struct, frozen=True):
    """A picture for link previews: `src` is absolute, "" for none; sizes are in pixels, 0 where unknown."""

    src: str
    alt: str
    width: int
    height: int


class Head:
    """The values for a page's head. URLs are root-relative, `canonical` and `image` absolute.

    `published` and `updated` are in ISO 8601, "" if the page is no article; `og_type` is Open Graph's word for the
    page.
    """

    def __init__(self, site: Site, kind: str, title: str, description: str, url: str, lang: str, feed: str) -> None:
        """Set the values of every page; `feed` is the listing whose own feeds it links to, "" for none."""
        self._site = site
        self._feed = feed
        self.kind = kind
        self.title = title
        self.description = description
        self.url = url
        self.lang = lang
        self.og_type = "website"
        self.prev_url = self.next_url = ""
        self.hidden = False
        self.crumbs: tuple[Crumb, ...] = ()

    @property
    def published(self) -> str:
        """When an article was published."""
        return ""

    @property
    def updated(self) -> str:
        """When an article was last changed; "" if it was not."""
        return ""

    @property
    def head_title(self) -> str:
        """The title for the browser's window: distinct on every page."""
        return f"{self.title} · {self._site.title}"

    @cached_property
    def json_ld(self) -> Markup:
        """Structured data, escaped for a script element; "" for none."""
        return _NO_DATA

    @property
    def canonical(self) -> str:
        """The page's absolute address."""
        return self._site.absolute(self.url)

    @property
    def feeds(self) -> tuple[FeedLink, ...]:
        """The feeds that the page announces."""
        return feed_links(self._site, self._feed)

    @property
    def own_feeds(self) -> tuple[FeedLink, ...]:
        """The feeds of what the page lists, without those of the whole site."""
        whole = feed_links(self._site)
        return tuple(feed for feed in self.feeds if feed not in whole)

    @property
    def noindex(self) -> bool:
        """Whether search engines must ignore the page: in previews, and the page for a wrong address."""
        return self.hidden or bool(self._site.preview)

    @property
    def banner(self) -> str:
        """The words of the preview's banner; "" in a public build."""
        return self._site.preview

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The other hosts that this page can contact, beside those of pictures that all pages can."""
        return ()

    @property
    def has_frames_on_click(self) -> bool:
        """Whether the page shows something of another host once its reader clicks: it then needs `frames.js`."""
        return any(contact.on_click for contact in self.contacts)

    @property
    def alternates(self) -> tuple[Alternate, ...]:
        """The versions of the page in all languages, for `hreflang`; () if there is but one."""
        return ()

    @property
    def locale(self) -> str:
        """The language and region for link previews, such as `en_GB`."""
        return open_graph_locale(self.lang)

    @property
    def other_locales(self) -> tuple[str, ...]:
        """The locales of its translations."""
        languages = (each.lang for each in self.alternates if each.lang != "x-default")
        return other_locales(self.locale, languages)

    @property
    def is_searched(self) -> bool:
        """Whether the site's search finds the page: not in previews, and nothing that search engines must ignore."""
        return bool(self._site.listings["search"]) and not self.noindex

    @cached_property
    def csp(self) -> str:
        """The page's Content Security Policy."""
        return policy(self._site, self.contacts)

    @property
    def image(self) -> str:
        """The absolute URL of a picture for link previews, "" for none."""
        return self._picture.src

    @property
    def image_alt(self) -> str:
        """The description of that picture."""
        return self._picture.alt

    @property
    def image_width(self) -> int:
        """Its width in pixels, 0 where unknown."""
        return self._picture.width

    @property
    def image_height(self) -> int:
        """Its height in pixels, 0 where unknown."""
        return self._picture.height

    @property
    def _picture(self) -> PreviewPicture:
        """Return the site's picture for link previews, else the theme's."""
        return self._site.share("default-image", _find_default_image)


class ListingHead(Head):
    """The head of a listing, `number` that of an older page; see `listing_head`."""

    def __init__(self, site: Site, kind: str, title: str, description: str, url: str, feed: str, number: int | None):
        super().__init__(site, kind, title, description, url, site.language, feed)
        self._number = number
        self.introduced_by = ""
        self._front = url == site.home
        self.author: Author | None = None
        if kind == "author":
            self.og_type = "profile"
            self.author = site.author(feed.partition("/")[2])

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Those of the page that introduces the listing; its text is on the first page of the list only."""
        key = "" if self._number else self.introduced_by
        return self._site.stored_body(key).contacts if key else ()

    @property
    def head_title(self) -> str:
        """The site's title on the front page, else the listing's with the number of an older page."""
        if self._front:
            return self._site.title
        if not self._number:
            return super().head_title
        title = self._site.words.gettext("%(title)s, page %(number)s", title=self.title, number=self._number)
        return f"{title} · {self._site.title}"

    @property
    def alternates(self) -> tuple[Alternate, ...]:
        """Of the front page, those in the other languages."""
        return front_pages(self._site) if self._front else ()

    @cached_property
    def csp(self) -> str:
        """The policy; the search page alone may also run WebAssembly, which the index is read with."""
        written = super().csp
        return written.replace("script-src 'self'", f"script-src 'self' {_WASM}") if self.kind == "search" else written

    @cached_property
    def json_ld(self) -> Markup:
        """On the front page, what the site is; elsewhere the way here, and on an author's page who they are."""
        if self._front:
            return website(self._site)
        facts = [breadcrumbs(self._site, [(crumb.title, crumb.url) for crumb in self.crumbs], self.title, self.url)]
        facts += [profile(self._site, self.author)] if self.author else []
        return _NO_DATA if self.hidden else in_script(*facts)


class DocumentHead(Head):
    """The head of a post, a page or an issue."""

    def __init__(self, site: Site, doc: Card) -> None:
        feed = f"series/{doc.series.slug}" if doc.series else ""
        language = page_language(site, doc.lang)
        super().__init__(site, str(doc.kind), doc.title, doc.description, doc.url, language, feed)
        self._doc = doc
        if doc.kind != "page":
            self.og_type = "article"

    @property
    def alternates(self) -> tuple[Alternate, ...]:
        """The document itself and its translations."""
        return alternates(self._site, self._doc)

    @property
    def published(self) -> str:
        """The date as written."""
        return "" if self.og_type == "website" else _iso(self._doc.date)

    @property
    def updated(self) -> str:
        """The date of the last update."""
        return "" if self.og_type == "website" else _iso(self._doc.updated)

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Those of the document's text and of its discussion."""
        found = self._site.stored_body(self._doc.key).contacts
        if self._doc.comments is CommentMode.NONE:
            return found
        return (*found, *self._site.discussion(self._doc).contacts)

    @property
    def head_title(self) -> str:
        """The site's title on the front page; elsewhere, titles that several documents share get a date."""
        site, doc = self._site, self._doc
        if doc.url == site.home:
            return site.title
        shared = doc.date is not None and site.shares_title(doc)
        return f"{doc.title} ({site.date(doc.date)}) · {site.title}" if shared and doc.date else super().head_title

    @cached_property
    def json_ld(self) -> Markup:
        """The way here, and for an article what search engines want to know of it."""
        site, doc = self._site, self._doc
        if doc.url == site.home:
            return website(site)
        way = []
        if doc.series:
            way = [(doc.series.name, doc.series.url)]
        elif doc.kind == "issue" and site.listings["newsletter"]:
            way = [(site.words.gettext("Newsletter"), site.listings["newsletter"])]
        path = breadcrumbs(site, way, doc.title, doc.url)
        if self.og_type == "website":
            return in_script(path)
        return in_script(posting(self._site, self._doc, self.canonical, self.image), path)

    @property
    def _picture(self) -> PreviewPicture:
        """Return the document's own picture, else its card, else the default one."""
        doc, site = self._doc, self._site
        if not previews_show(doc.image):
            card = site.social_card(doc)
            url = root_relative(site.context.config, f"/{card.path}") if card else ""
            return PreviewPicture(site.absolute(url), doc.title, *SOCIAL_CARD_SIZE) if card else super()._picture
        shown = picture_for_programs(site, doc.image, LINK_PREVIEW_WIDTH)
        return PreviewPicture(site.absolute(shown.src), doc.image_alt, shown.width, shown.height)


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
    key = site.introduction(listing)
    if key:
        page = site.card(key)
        title, description = page.title, page.description
    url = site.place(page_url(listing, number) if number else listing)
    about = description or (site.description if url == site.home else f"{title}: {site.title}")
    if number:
        about = site.words.gettext("%(description)s (page %(number)s)", description=about, number=number)
    head = ListingHead(site, kind, title, about, url, feed, number)
    head.introduced_by = key
    head.crumbs = tuple(Crumb(words, site.place(step)) for words, step in crumbs)
    head.prev_url, head.next_url = neighbours
    return head


def document_head(site: Site, doc: Card) -> Head:
    """Make the head of a post, a page or an issue."""
    return DocumentHead(site, doc)


def _find_default_image(site: Site) -> PreviewPicture:
    image, alt = site.default_image()
    if image:
        shown = picture_for_programs(site, site.link(image), LINK_PREVIEW_WIDTH)
        return PreviewPicture(site.absolute(shown.src), alt, shown.width, shown.height)
    card = site.accented("social-card", ".png")
    return PreviewPicture(site.absolute(card), "", *SOCIAL_CARD_SIZE) if card else PreviewPicture("", "", 0, 0)


def policy(site: Site, contacts: tuple[Contact, ...] = ()) -> str:
    """Write a page's Content Security Policy: the site's own files, and the hosts that this page can contact.

    Pictures may also come from the hosts that `[images] hosts` allows: one set for all pages.
    """
    if not contacts:
        return site.share("policy", lambda piece: write_policy(_picture_hosts(piece), forms=_has_form(piece)))
    return write_policy((*_picture_hosts(site), *contacts), forms=_has_form(site))


def _has_form(site: Site) -> bool:
    """Return True if the pages have a form that leads to a page of the site: the search field."""
    return bool(site.listings["search"])


def _picture_hosts(site: Site) -> list[Contact]:
    return [Contact(host, "image") for host in site.image_settings().hosts]


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
