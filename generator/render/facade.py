"""The site as templates see it: every fact read through it is noted as a key with its digest.

`site` is handed to templates as a context variable, never as a global: Jinja keeps imported modules, and with them
would keep the reads of the first page for all others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from markupsafe import Markup, escape
from msgspec.structs import replace

from generator.markup.bare_addresses import link_text
from generator.markup.placeholders import Shown, write_picture
from generator.registry import unknown
from generator.render import dates
from generator.render.bodies import Context, resolve_body
from generator.render.context import KEPT, RenderContext
from generator.render.jinja_options import PLAIN
from generator.render.languages import LanguageLink, language_name, list_languages
from generator.render.links import resolve_address
from generator.render.media_words import describe_media
from generator.render.own_links import resolve_action
from generator.render.players import show_player
from generator.render.reads import Reads
from generator.render.srcset import show_picture
from generator.site import keys
from generator.site.addresses import output_path, site_link
from generator.site.contacts import ContactedHost, list_hosts
from generator.site.index_model import Card
from generator.site.listings import ARCHIVE, AUTHORS, CALENDAR, FOLLOW, NEWSLETTER, SEARCH, SERIES, TAGS
from generator.site.typesetting import Typesetter
from generator.words import Words, choose_formats, direction, find_words, is_latin

T = TypeVar("T")


class Site(Reads):
    """The tracked site of one target, with what docs/theming.md promises to templates."""

    _formats = ""
    """The language of dates and numbers in the template that is rendered now; "" is the site's."""

    def __init__(self, context: RenderContext, edition: str = "") -> None:
        super().__init__(context, edition)
        self._shared: dict[str, Any] = {}
        """The shared pieces that this target has read: their reads are noted."""

    def share(self, name: str, make: Callable[[Site], T]) -> T:
        """Make a piece that several targets have in common once, and note its reads for each of them."""
        if name in self._shared:
            return cast("T", self._shared[name])
        self._shared[name] = value = self._share(name, make)
        return value

    def _share(self, name: str, make: Callable[[Site], T]) -> T:
        pieces, name = self.context.pieces, self._of_language + name
        if name in pieces:
            pieces.move_to_end(name)
        else:
            site = Site(self.context, self.edition)
            pieces[name] = (make(site), site.reads)
            if len(pieces) > KEPT:
                pieces.popitem(last=False)
        value, reads = pieces[name]
        self.reads.update(reads)
        return cast("T", value)

    def render(self, template: str, context: Mapping[str, Any]) -> str:
        """Render a template for this target, noting all that it is made of.

        Its words, dates and numbers are in the language of its page, else of its document, else of the site.
        """
        self._query(keys.TEMPLATE, template)
        of = context.get("page") or context.get("doc")
        language, before = getattr(of, "lang", ""), self._formats
        words = self.words_of(language, html=not template.endswith(f".{PLAIN}"))
        given = {"site": self, "_": words.gettext, "gettext": words.gettext, "ngettext": words.ngettext}
        self._formats = choose_formats(language, self.language, words.language)
        try:
            return self.context.templates.render(template, {**given, **context})
        finally:
            self._formats = before

    def has_template(self, name: str) -> bool:
        """Return True if the theme, or one that it extends, has a template."""
        self._query(keys.TEMPLATE, name)
        return self.context.theme.find(name) is not None

    @property
    def words(self) -> Words:
        """The catalogue of the site's language, for texts written in Python."""
        return find_words(self.language)

    def words_of(self, language: str, *, html: bool = False) -> Words:
        """Return the words of a page's or document's language, the site's if it has no catalogue."""
        return find_words(language, self.language, html=html)

    @cached_property
    def title(self) -> str:
        """The site's name."""
        return self._text_of_site("title")

    @property
    def url(self) -> str:
        """The absolute URL of the site's start; ends in a slash."""
        return str(self._identity.url)

    @property
    def language(self) -> str:
        """The site's language, a BCP 47 tag."""
        return str(self._identity.language)

    @property
    def main_language(self) -> str:
        """The language of the whole site, also on the pages of another of its languages."""
        return str(self._identity.main_language)

    @property
    def language_tags(self) -> tuple[str, ...]:
        """The tags of the languages that site.toml gives pages of their own."""
        return self._identity.languages

    def language_name(self, language: str) -> str:
        """Return the name of a language in itself, "Cymraeg"."""
        return language_name(language)

    @cached_property
    def description(self) -> str:
        """One or two sentences about the site."""
        return self._text_of_site("description")

    @cached_property
    def organisation(self) -> str:
        """The organisation that publishes the site, "" where site.toml names none."""
        return self._text_of_site("organisation")

    @property
    def home(self) -> str:
        """The root-relative URL of the front page, in the language of this page."""
        return self.place("/")

    @property
    def root(self) -> str:
        """The root-relative URL of the site's start, whatever the language."""
        return self.link("/")

    def place(self, address: str) -> str:
        """Make the address of a list or of the front page root-relative, for the language of this page."""
        return self.link(f"/{self.edition}{address}" if self.edition else address)

    def has_page(self, address: str) -> bool:
        """Return True if there is a page at a list's address, in the language of this page."""
        return self.has_output(output_path(f"/{self.edition}{address}" if self.edition else address))

    @property
    def languages(self) -> tuple[LanguageLink, ...]:
        """The languages that the site has pages in, each with its front page; () if there is but one."""
        return self.share("languages", list_languages)

    @property
    def preview(self) -> str:
        """The words of the preview's banner; "" in a public build."""
        return self._query(keys.BANNER)

    @property
    def nav(self) -> tuple[Mapping[str, str], ...]:
        """The menu: title and URL of each entry, base path included."""
        return self.share("nav", lambda piece: _links(piece, footer=False))

    @property
    def footer_nav(self) -> tuple[Mapping[str, str], ...]:
        """The links at the foot of each page, as in `nav`."""
        return self.share("footer-nav", lambda piece: _links(piece, footer=True))

    @cached_property
    def theme(self) -> Mapping[str, Any]:
        """The theme's options."""
        return self.theme_options()

    @property
    def listings(self) -> Mapping[str, str]:
        """The root-relative URLs of the main listings, "" for one that is not built."""
        return self.share("listings", _listings)

    @property
    def subscribe_url(self) -> str:
        """The address where readers subscribe to the newsletter, "" for none."""
        return self._query(keys.SUBSCRIBE)

    @property
    def calendar_url(self) -> str:
        """The root-relative URL of the calendar of all events; "" if no post has an event."""
        return self.link(f"/{CALENDAR}") if self.events() else ""

    @property
    def contacted_hosts(self) -> tuple[ContactedHost, ...]:
        """The other hosts that pages of the site can contact, sorted; links to them do not count."""
        return self.share("contacted-hosts", _contacted_hosts)

    def typeset(self, text: str, language: str = "") -> str:
        """Set a plain text typographically, in a language or the site's, as bodies are."""
        self._query(keys.SETTINGS, "markup")
        return Typesetter(self.context.config).set(text, language)

    def direction(self, language: str) -> str:
        """Return the direction that a language is written in: "ltr" or "rtl"."""
        return direction(language)

    def is_latin(self, language: str) -> bool:
        """Return True if a language is written in Latin letters."""
        return is_latin(language)

    def link(self, address: str) -> str:
        """Make a site address root-relative, base path included; an address elsewhere stays as it is."""
        links = self.context.links
        known = links.get(address)
        if known is None:
            known = links[address] = site_link(self.context.config, address)
        return known

    def absolute(self, url: str) -> str:
        """Make a root-relative URL absolute; an absolute one stays."""
        return self.context.origin + url if url.startswith("/") else url

    def asset(self, path: str) -> str:
        """Return the root-relative URL of a theme's static file, which carries its digest in its name.

        Raises: LookupError for a file the theme does not have.
        """
        name = self.find_asset(path)
        if not name:
            raise LookupError(f'the theme has no static file "{path}"')
        return self.link(f"/{name}")

    def accented(self, name: str, suffix: str) -> str:
        """Give the URL of a picture of the theme in the site's accent, `icon-plum.svg`; "" if there is none.

        A theme's plain `icon.svg` comes first.
        """
        names = (f"{name}{suffix}", f"{name}-{self.theme.get('accent', '')}{suffix}")
        return next((self.link(f"/{found}") for found in map(self.find_asset, names) if found), "")

    def card(self, key: str) -> Card:
        """Fetch a document's card. Raises: LookupError for a key that is no published document's."""
        card = self.stored_card(key)
        if card is None:
            raise LookupError(f'there is no document "{key}"')
        return card if card.action is None else replace(card, action=resolve_action(self, card.action))

    def cards(self, keys: tuple[str, ...]) -> tuple[Card, ...]:
        """Fetch the cards of several documents, in their order."""
        return tuple(self.card(key) for key in keys)

    def card_or_none(self, key: str) -> Card | None:
        """Fetch a card, None for the key ""."""
        return self.card(key) if key else None

    def body(self, doc: Card) -> Markup:
        """Return a document's text for a listing: heading levels shifted down, no anchors."""
        return resolve_body(self, doc, Context.LISTING)

    def excerpt(self, doc: Card) -> Markup:
        """Return the text above `<!--more-->` of a document, for a listing; "" without that mark."""
        return resolve_body(self, doc, Context.LISTING, excerpt=True)

    def picture(self, url: str, alt: str = "", sizes: str = "100vw", *, lazy: bool = True, css: str = "") -> Markup:
        """Write the HTML of a picture of the site, by its root-relative URL, with all the sizes that the build makes.

        `sizes` says how wide it is on the page, in the words of HTML's `sizes`; `css` are classes of the `img`.
        """
        path = self.picture_at(url)
        shown = show_picture(self, path, sizes) if path else Shown(url)
        size = f' width="{shown.width}" height="{shown.height}"' if shown.width and shown.height else ""
        names = f' class="{escape(css)}"' if css else ""
        later = ' loading="lazy" decoding="async"' if lazy else ' fetchpriority="high"'
        return Markup(write_picture(shown, f'{names}{size} alt="{escape(alt)}"{later}'))  # noqa: S704 escaped above

    def player(self, doc: Card) -> Markup:
        """Write the HTML of the player for the sound that a document's front matter names; "" for none."""
        if doc.audio is None:
            return Markup("")
        name = self.words_of(doc.lang).gettext("Listen to “%(title)s”", title=doc.title)
        shown = show_player(self, doc.audio.path, doc.audio.url, name, Context.PAGE, doc.lang)
        caption = f"{shown.opening}{escape(name)}{shown.closing}"
        return Markup(f'<figure class="player">{shown.player}<figcaption>{caption}</figcaption></figure>')  # noqa: S704

    def recording_facts(self, doc: Card) -> str:
        """Describe the length and size of that sound, such as "4:05, 12 MB"; "" for none."""
        return describe_media(doc.audio.facts, self.words_of(doc.lang)) if doc.audio else ""

    def query(self, name: str, of: object = "") -> Any:
        """Ask a question that an extension answers (see docs/extending.md)."""
        if name not in self.context.additions.queries:
            raise LookupError(unknown("query", name, self.context.additions.queries))
        return self._query_added(name, str(of))

    def date(self, value: dates.Moment, style: str = "long") -> str:
        """Write a date in the language of the words around: "full", "long", "medium", "short" or a CLDR pattern."""
        return dates.write_date(value, style, self._formats or self.language)

    def linked(self, text: str) -> Markup:
        """Give a plain text as HTML, in which addresses, `https://…`, `www.…` and `name@…`, are links."""
        return Markup(link_text(text))  # noqa: S704 (it is escaped)

    def number(self, value: float) -> str:
        """Write a number in the language of the words around."""
        return dates.write_number(value, self._formats or self.language)


def _contacted_hosts(site: Site) -> tuple[ContactedHost, ...]:
    own = urlsplit(site.url).netloc.lower()
    return tuple(each for each in list_hosts(site.contacts()) if each.host != own)


def _links(site: Site, *, footer: bool) -> tuple[Mapping[str, str], ...]:
    items = (item for item in site.menu() if item.footer is footer)
    resolved = ((item.title, resolve_address(site, item.url).url or "") for item in items)
    return tuple({"title": site.typeset(title), "url": url} for title, url in resolved)


_OPTIONAL = {"series": SERIES, "authors": AUTHORS, "follow": FOLLOW, "search": SEARCH}
"""The pages that a theme may do without."""


def _listings(site: Site) -> Mapping[str, str]:
    posts, issues = site.has_listing("posts"), site.has_listing("newsletter")
    archives = posts and site.output_settings().archives
    return {
        "home": site.place(site.home_address()),
        "archive": site.place(ARCHIVE) if archives else "",
        "tags": site.place(TAGS) if site.has_listing("tags") else "",
        "newsletter": site.place(NEWSLETTER) if issues else "",
        **{name: site.place(of) if site.has_page(of) else "" for name, of in _OPTIONAL.items()},
    }
