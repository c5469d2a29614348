"""The settings of a site: one frozen class for each section of site.toml, one typed attribute for each setting.

docs/configuration.md describes all of them for the people who write site.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from generator.config.check_options import CheckConfig
from generator.config.contact_options import ContactConfig
from generator.config.label_options import (
    AuthorConfig,
    LanguageConfig,
    NavItem,
    SeriesConfig,
    TagConfig,
    author_in,
    find_language,
    series_in,
)
from generator.config.providers.service import Service
from generator.config.security_options import SecurityConfig
from generator.config.targets.options import TargetConfig
from generator.patterns import lazy_pattern

SearchEngine = Literal["none", "pagefind"]
EmbedProvider = Literal["youtube", "vimeo", "peertube", "ted", "panopto"]
MarkupDialect = Literal["markdown", "commonmark"]
RawHtml = Literal["safe", "trusted"]
Security = Literal["none", "starttls", "tls"]

_READER = lazy_pattern(r"(?:%20|[+ ])*\{(?:address|token)\}")
SECTIONS = (
    "site",
    "nav",
    "authors",
    "tags",
    "series",
    "permalinks",
    "markup",
    "output",
    "images",
    "embeds",
    "social",
    "comments",
    "contact",
    "search",
    "newsletter",
    "extensions",
    "gone",
    "check",
    "publish",
    "security",
    "theme",
    "languages",
)
"""The names of the sections; "site" is the settings above the first section."""

SITE_OPTIONS = ("title", "url", "language", "timezone", "description", "image", "image_alt", "organisation")
"""The settings above the first section."""


class Permalinks(Struct, frozen=True):
    """The patterns of addresses, `[permalinks]`: each begins with a slash, and ends with a slash or `.html`."""

    post: str = "/{year}/{month}/{slug}/"
    """Placeholders: {year} {month} {day} {slug}; {slug} is required."""
    page: str = "/{path}/"
    """Placeholders: {path} (the file's path below content/pages) and {slug}; {path} is required."""
    home: str = "/blog/"
    """The address of the list of posts if a page has "/"; no placeholders."""
    newsletter: str = "/newsletter/{slug}/"
    """Placeholders as for posts; {slug} is required."""
    languages: tuple[str, ...] = ()
    """The languages whose documents are below a folder of their own, as `[languages.TAG]` says."""


class MarkupConfig(Struct, frozen=True):
    """How Markdown is read, `[markup]`."""

    engine: MarkupDialect = "markdown"
    """The dialect: Python-Markdown, or CommonMark with GitHub's extensions."""
    typography: bool = True
    """Whether straight quotes, hyphens and dots become typographic ones, in bodies, titles, summaries and names."""
    emoji: bool = False
    """Whether the names of emoji, `:smile:`, become emoji."""
    raw_html: RawHtml = "safe"
    """Which HTML a post may contain: only what is safe whoever wrote it, or also what needs a trusted author."""


class OutputConfig(Struct, frozen=True):
    """Which pages and feeds are built, `[output]`."""

    feeds: tuple[str, ...] = ("rss", "atom", "json")
    """The formats of the feeds of the site and of its newsletter; () makes none."""
    listing_feeds: tuple[str, ...] = ("rss",)
    """The formats of the feeds of tags, series and authors; () makes none."""
    feeds_for: tuple[str, ...] = ("site", "tags", "series", "authors")
    """The listings that have feeds."""
    archives: bool = True
    """Whether there are pages for the archive, its years and months."""
    authors: bool = True
    """Whether every author has a page."""
    related: bool = True
    """Whether a post links to related posts."""
    per_page: int = 10
    """How many posts one page of a listing shows: 1 to 1,000."""
    unpaged: tuple[str, ...] = ()
    """Lists that are shown on one page, however long they are."""


class ImagesConfig(Struct, frozen=True):
    """How pictures are treated, `[images]`."""

    hosts: tuple[str, ...] = ()
    """Other hosts whose pictures pages may load, as host names in lower case."""
    widths: tuple[int, ...] = (320, 640, 1080, 1600)
    """In which widths pictures are made, in pixels; () shows all as they are."""
    max_width: int = 0
    """The widest that pictures are made, in pixels; 0 is the largest of `widths`."""
    formats: tuple[str, ...] = ("webp",)
    """In which formats they are made beside their own: "webp", "avif"."""
    quality: int = 80
    """How well photos are kept: 1 to 100."""
    cache_size: int = 1000
    """How many megabytes of made pictures are kept for the next build."""


class EmbedsConfig(Struct, frozen=True):
    """Films on other hosts, `[embeds]`."""

    providers: tuple[str, ...] = get_args(EmbedProvider)
    """The services whose links, alone in a paragraph, become cards with a player that a click loads; () for none."""


class SocialConfig(Struct, frozen=True):
    """What link previews in social networks and messengers show, `[social]`."""

    cards: bool = False
    """Whether each post without a lead picture gets a picture with its title."""
    font: str = ""
    """A font file for titles that the theme's face cannot write: a path below the site's folder."""


class CommentsConfig(Struct, frozen=True):
    """Where readers comment, `[comments]`."""

    provider: str = "none"
    """The service, one of `PROVIDERS`, or none."""
    closed_after_days: int | None = None
    """How many days after its date a post takes no new comments; None for ever."""
    rules: str = ""
    """The house rules: the address of a page of the site, or the text itself."""
    moderation: str = ""
    """The e-mail address where readers report a comment."""
    service: Service | None = None
    """The options of that service; None without one."""


class SearchConfig(Struct, frozen=True):
    """The search of the site, `[search]`."""

    engine: SearchEngine = "none"
    """`pagefind` makes an index of the texts that browsers search, without a server."""
    max_pages: int = 5000
    """For how many pages at most the index is made: its memory grows with them."""


def names_reader(url: str) -> bool:
    """Return True if an unsubscribe link is different for each reader."""
    return "{address}" in url or "{token}" in url


def _remove_reader(mailto: str) -> str:
    """Remove the reader's address and token from the subject and text of a mailto: address."""
    address, mark, query = mailto.partition("?")
    return f"{address}{mark}{_READER.sub('', query)}"


class SmtpConfig(Struct, frozen=True):
    """The mail server that sends the newsletter, `[newsletter.smtp]`; it never has the password."""

    host: str = ""
    """The server's name; "" if the site sends no mail."""
    port: int = 587
    """The server's port."""
    security: Security = "starttls"
    """How the connection is protected."""
    user: str = ""
    """The user name; "" if the server requires none."""


class DkimConfig(Struct, frozen=True):
    """The signature of every mail, `[newsletter.dkim]`, if the mail server does not sign; all three or none."""

    domain: str = ""
    """The domain that signs, that of the sender's address; "" if mails are not signed here."""
    selector: str = ""
    """The name of the public key in the domain's DNS: SELECTOR._domainkey.DOMAIN."""
    key: str = ""
    """The file with the private key (PEM, RSA); a relative path starts at the site's folder."""


class NewsletterConfig(Struct, frozen=True):
    """The newsletter, `[newsletter]`."""

    subscribe: str = ""
    """Where readers subscribe: https."""
    unsubscribe: tuple[str, ...] = ()
    """Where readers unsubscribe: at most one https and one mailto address, perhaps with `{address}` or `{token}`."""
    from_: str = ""
    """The sender, `from` in site.toml: an address, or `Name <address>`."""
    to: str = ""
    """The To address of an issue that is sent through a list server."""
    list_id: str = ""
    """The list's identity (RFC 2919), without angle brackets."""
    one_click: bool = False
    """Whether the https address of `unsubscribe` accepts a POST and identifies the reader (RFC 8058)."""
    postal_address: str = ""
    """The sender's postal address, which many countries require."""
    reply_to: str = ""
    """Where replies go, if not to `from`: an address, or `Name <address>`."""
    bounces: str = ""
    """Where failed deliveries are reported (the envelope sender); `{hash}` becomes the recipient's hash."""
    reason: str = ""
    """The sentence at the end of every mail: why the reader gets it."""
    approvals: int = 0
    """How many people must approve a letter before it is sent."""
    dkim: DkimConfig = field(default_factory=DkimConfig)
    """The signature of every mail."""
    smtp: SmtpConfig = field(default_factory=SmtpConfig)
    """The mail server."""

    @property
    def public_unsubscribe(self) -> str:
        """Return where anyone can unsubscribe, for the site's pages; "" if there is no such address.

        If every address names the reader, it is the mailto: address without the reader's part.
        """
        links = (*self.unsubscribe, *(_remove_reader(link) for link in self.unsubscribe if link.startswith("mailto:")))
        return next((link for link in links if not names_reader(link)), "")


class ExtensionsConfig(Struct, frozen=True):
    """The site's extensions, `[extensions]`."""

    use: tuple[str, ...] = ()
    """The names of the extensions to use, in order. No other extension is loaded."""


class GoneConfig(Struct, frozen=True):
    """Addresses that were public and were removed on purpose, `[gone]`: `site.lost_addresses` does not report them."""

    addresses: tuple[str, ...] = ()
    """Addresses within the site, as in `aliases`: the build no longer warns that they are gone."""


class Hold(Struct, frozen=True):
    """A period in which nothing is published, such as before an election: `start` inclusive, `end` exclusive."""

    start: datetime
    end: datetime
    reason: str


class PublishConfig(Struct, frozen=True):
    """Publishing, `[publish]`."""

    hold: tuple[Hold, ...] = ()
    """The periods in which nothing is published, in the order of their beginnings."""
    targets: Mapping[str, TargetConfig] = field(default_factory=dict)
    """Name → the place where the site is published, in the order of site.toml."""


class Config(Struct, frozen=True, kw_only=True):
    """A site's configuration, checked: addresses are in their normal form, and all names exist."""

    title: str
    """The site's name."""
    url: str
    """The absolute http(s) address of the home page; ends in a slash."""
    language: str = "en"
    """The language of the site, a BCP 47 tag such as `en-GB`."""
    timezone: str = "UTC"
    """The time zone of dates written without one: an IANA name such as `Europe/London`."""
    description: str = ""
    """One or two sentences about the site."""
    image: str = ""
    """The picture in link previews of pages that have none: a path within the site, beginning with a slash."""
    image_alt: str = ""
    """A description of that picture."""
    organisation: str = ""
    """The publisher of the site, for search engines and feeds; "" for the site's own name."""
    theme: str = "default"
    """The theme's name."""
    theme_options: Mapping[str, Any] = field(default_factory=dict)
    """The theme's options as written in site.toml; the theme checks them."""
    nav: tuple[NavItem, ...] = ()
    """The site's menu, in order."""
    authors: Mapping[str, AuthorConfig] = field(default_factory=dict)
    """Author's id → author."""
    tags: Mapping[str, TagConfig] = field(default_factory=dict)
    """Tag's slug → tag."""
    series: Mapping[str, SeriesConfig] = field(default_factory=dict)
    """Series' slug → series."""
    permalinks: Permalinks = field(default_factory=Permalinks)
    """The patterns of addresses."""
    markup: MarkupConfig = field(default_factory=MarkupConfig)
    """How Markdown is read."""
    output: OutputConfig = field(default_factory=OutputConfig)
    """Which pages and feeds are built."""
    images: ImagesConfig = field(default_factory=ImagesConfig)
    """How pictures are treated."""
    embeds: EmbedsConfig = field(default_factory=EmbedsConfig)
    """Films on other hosts."""
    social: SocialConfig = field(default_factory=SocialConfig)
    """What link previews show."""
    comments: CommentsConfig = field(default_factory=CommentsConfig)
    """Where readers comment."""
    search: SearchConfig = field(default_factory=SearchConfig)
    """The search of the site."""
    newsletter: NewsletterConfig = field(default_factory=NewsletterConfig)
    """The newsletter."""
    contact: ContactConfig = field(default_factory=ContactConfig)
    """How readers reach the service."""
    extensions: ExtensionsConfig = field(default_factory=ExtensionsConfig)
    """The site's extensions."""
    gone: GoneConfig = field(default_factory=GoneConfig)
    """The addresses that were removed on purpose."""
    languages: Mapping[str, LanguageConfig] = field(default_factory=dict)
    """Language → its settings: documents in it have pages, lists and feeds of their own, below `/TAG/`."""
    main_language: str = ""
    """Of the settings for one of these languages: the language of the whole site; else ""."""
    folder: str = ""
    """Of the settings for one of these languages: where its pages are, such as `/cy`; "" for the site's own."""
    check: CheckConfig = field(default_factory=CheckConfig)
    """What `openletter check` asks for."""
    publish: PublishConfig = field(default_factory=PublishConfig)
    """Publishing."""
    security: SecurityConfig = field(default_factory=SecurityConfig)
    """Whom to tell of a security hole."""

    def in_language(self, language: str) -> Config:
        """Return the settings for the pages of a language: these, with what `[languages.TAG]` sets.

        A language without a section of its own is on the site's own pages.
        """
        tag = find_language(language, self.languages)
        if not tag or self.folder:
            return self
        own = self.languages[tag]
        return replace(
            self,
            language=tag,
            folder=f"/{tag}",
            main_language=self.language,
            title=own.title or self.title,
            description=own.description or self.description,
            image_alt=own.image_alt or self.image_alt,
            organisation=own.organisation or self.organisation,
            nav=own.nav,
            authors={
                **self.authors,
                **{name: author_in(name, self.authors.get(name), author) for name, author in own.authors.items()},
            },
            tags=own.tags,
            series={
                name: series_in(self.series.get(name), own.series.get(name)) for name in {**self.series, **own.series}
            },
            newsletter=replace(self.newsletter, **own.newsletter),
        )

    @property
    def zone(self) -> ZoneInfo:
        """Return the site's time zone (the standard library caches it)."""
        return ZoneInfo(self.timezone)

    @property
    def base_path(self) -> str:
        """Return the path of the home page: "/", or such as "/blog/"."""
        return urlsplit(self.url).path

    @property
    def origin(self) -> str:
        """Return scheme, host and port, without a slash at the end."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """Return the site's host in lower case, without the port."""
        return urlsplit(self.url).hostname or ""
