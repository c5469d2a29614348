"""The table of keys: each kind of fact that a page can depend on, declared once.

A key is `kind|id`. Its kind defines the type of the result, the method that answers it, what can change the result, and
the words of `build --explain`. Queries, the engine's recheck, forgetting and explanations all read this table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from msgspec import Struct

from generator.model import Body, Contact
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
)
from generator.site.index_reader import IndexReader
from generator.site.results import (
    MonthCount,
    MonthPosts,
    Neighbours,
    PartNeighbours,
    Redirect,
    SitemapEntry,
    TagCount,
    TagFacts,
    YearNeighbours,
)

T = TypeVar("T")


class Cause(StrEnum):
    """What can change the result of a key between two builds."""

    TEXT = "text"
    """The source named by the id, even if only its text changed and the index is the same."""
    INDEX = "index"
    """Anything the index is made from: front matter, comments, files, settings, and the clock."""
    SETTINGS = "settings"
    """A setting that only pages show, see `config.shown`: it leaves the index as it is."""
    PLANNING = "planning"
    """A setting that outputs are planned from: it leaves the index as it is, too."""
    THEME = "theme"
    """A file or an option of the theme."""
    PLAN = "plan"
    """The list of all output files, which follows from the index and the theme's files."""
    PROGRAM = "program"
    """Openletter, its libraries, an extension, or the kind of build. Any change of these rechecks every key."""


class KeyKind(Struct, Generic[T], frozen=True):
    """A kind of key. `T` is the type of its results.

    `words` describe a change to the author, with `{}` for the id. `read` answers the key from the index; None if a
    higher room supplies the answer (`Queries.supply`). `stored` results come from the store with their digest and are
    not cached. `parts` are the fields of the index that `read` uses: while they stay, so does the result.
    """

    name: str
    words: str
    causes: frozenset[Cause]
    read: Callable[[IndexReader, str], T] | None = None
    stored: bool = False
    parts: tuple[str, ...] = ()

    @property
    def by_language(self) -> bool:
        """Whether the pages of each language have a result of their own: its id then begins with the language."""
        return self.name in BY_LANGUAGE


BY_LANGUAGE = frozenset((
    "all_authors", "all_series", "author", "cfg", "chunk", "count", "has", "home", "intro",
    "name", "near", "options", "part", "parts", "pinned", "rel", "series", "since",
    "subscribe", "tag", "tags", "top", "year", "years", "years_near",
))  # fmt: skip
"""The kinds whose results are of one language: of what its pages list, and of its settings."""
_INDEX = frozenset({Cause.INDEX})
_SHOWN = frozenset({Cause.INDEX, Cause.SETTINGS})
_SETTINGS = frozenset({Cause.INDEX, Cause.SETTINGS, Cause.PLANNING})
_PAGED = frozenset({Cause.INDEX, Cause.PLANNING})
_TEXT = frozenset({Cause.TEXT})
_THEME = frozenset({Cause.THEME})
_PROGRAM = frozenset({Cause.PROGRAM})
_CARDS = ("cards",)
_LISTS = ("authors", "issues", "months", "posts", "series", "tags")

CARD = KeyKind[Card | None]("card", "what other pages show of {} has changed", _INDEX, IndexReader.card, parts=_CARDS)
BODY = KeyKind[Body]("body", "the text of {} has changed", _TEXT, IndexReader.body, stored=True)
SETTINGS = KeyKind[Any]("cfg", "the settings of {} in site.toml have changed", _SETTINGS, IndexReader.settings)
NEIGHBOURS = KeyKind[Neighbours](
    "near", "the posts before and after {} have changed", _INDEX, IndexReader.neighbours, parts=("posts", "issues")
)
RELATED = KeyKind[tuple[str, ...]](
    "rel", "the posts related to {} have changed", _INDEX, IndexReader.related, parts=("cards", "posts", "tags")
)
PART_NEIGHBOURS = KeyKind[PartNeighbours](
    "part", "the parts before and after {} have changed", _INDEX, IndexReader.part_neighbours, parts=("series",)
)
DISCUSSION = KeyKind[Discussion](
    "comments", "the comments on {} have changed", _INDEX, IndexReader.discussion, parts=_CARDS
)
ISSUE_POSTS = KeyKind[tuple[str, ...]](
    "issue", "the posts of {} have changed", _INDEX, IndexReader.issue_posts, parts=("issue_layouts",)
)
ISSUE_LAYOUT = KeyKind[IssueLayout | None](
    "layout",
    "the posts, sections or corrections of {} have changed",
    _INDEX,
    IndexReader.issue_layout,
    parts=("issue_layouts",),
)
BLOCKS = KeyKind[DocumentBlocks | None](
    "blocks", "the blocks of {} have changed", _INDEX, IndexReader.blocks, parts=("blocks",)
)
EVENTS = KeyKind[tuple[str, ...]](
    "events", "an event was added, removed or moved", _INDEX, IndexReader.events, parts=("blocks",)
)
TAGS = KeyKind[tuple[TagCount, ...]](
    "tags", "the tags, or their numbers of posts, have changed", _INDEX, IndexReader.tags, parts=("tags",)
)
TAG = KeyKind[TagFacts](
    "tag", "the name or description of the tag {} has changed", _INDEX, IndexReader.tag, parts=("tags",)
)
SERIES = KeyKind[Series | None]("series", "the series {} has changed", _INDEX, IndexReader.series, parts=("series",))
SUBSCRIBE = KeyKind[str](
    "subscribe", "the address where readers subscribe has changed", _SHOWN, IndexReader.subscribe_url
)
ALL_SERIES = KeyKind[tuple[str, ...]](
    "all_series", "a series has come, gone or got a new part", _INDEX, IndexReader.all_series, parts=("posts", "series")
)
LAST_PART = KeyKind[int](
    "parts", "the number of parts of the series {} has changed", _INDEX, IndexReader.last_part, parts=("series",)
)
ALL_AUTHORS = KeyKind[tuple[str, ...]](
    "all_authors", "an author has come, gone or changed their name", _INDEX, IndexReader.all_authors, parts=("authors",)
)
AUTHOR = KeyKind[Author]("author", "the author {} has changed", _INDEX, IndexReader.author, parts=("authors",))
LISTING_NAME = KeyKind[str](
    "name",
    "the name of the listing {} has changed",
    _INDEX,
    IndexReader.listing_name,
    parts=("authors", "series", "tags"),
)
COUNT = KeyKind[int]("count", "the number of posts of {} has changed", _INDEX, IndexReader.count, parts=_LISTS)
SINCE = KeyKind[datetime | None](
    "since", "the oldest post of {} has changed", _INDEX, IndexReader.since, parts=("cards", *_LISTS)
)
CHUNK = KeyKind[Chunk](
    "chunk", "the posts on this page of the listing have changed", _PAGED, IndexReader.chunk, parts=_LISTS
)
PINNED = KeyKind[tuple[str, ...]](
    "pinned", "the pinned posts have changed", _INDEX, IndexReader.pinned, parts=("cards", "posts")
)
MONTHS = KeyKind[tuple[MonthCount, ...]](
    "years", "the archive has changed", _INDEX, IndexReader.months, parts=("months",)
)
YEAR = KeyKind[tuple[MonthPosts, ...]]("year", "the year {} has changed", _INDEX, IndexReader.year, parts=("months",))
YEAR_NEIGHBOURS = KeyKind[YearNeighbours](
    "years_near", "the years before and after {} have changed", _INDEX, IndexReader.year_neighbours, parts=("months",)
)
INTRODUCTION = KeyKind[str](
    "intro",
    "the page that introduces {} was added, removed or replaced",
    _INDEX,
    IndexReader.introduction,
    parts=("addresses", "pages"),
)
HAS = KeyKind[bool](
    "has", "the listing {} got its first post, or lost its last one", _INDEX, IndexReader.has, parts=_LISTS
)
NEWEST = KeyKind[tuple[str, ...]](
    "top", "the newest posts of a feed have changed", _INDEX, IndexReader.newest, parts=_LISTS
)
HOME = KeyKind[str](
    "home",
    "the address of the list of posts has changed",
    _INDEX,
    IndexReader.home_address,
    parts=("addresses", "pages"),
)
REDIRECTS = KeyKind[tuple[Redirect, ...]](
    "aliases",
    "the old addresses, or the pages they lead to, have changed",
    _INDEX,
    IndexReader.redirects,
    parts=("addresses", "aliases", "authors", "editions", "series", "tags", "urls"),
)
SHARED_TITLE = KeyKind[bool](
    "shared_title",
    'the title "{}" is now shared by several pages, or no longer is',
    _INDEX,
    IndexReader.shares_title,
    parts=("shared_titles",),
)
PICTURE = KeyKind[PictureSize | None](
    "img", "the picture {} was added, removed or resized", _INDEX, IndexReader.picture_size, parts=("pictures",)
)
REFUSAL = KeyKind[RefusedPicture | None](
    "refused",
    "the file {} can now be shown as a picture, or no longer can",
    _INDEX,
    IndexReader.refusal,
    parts=("refused",),
)
CONTACTS = KeyKind[tuple[Contact, ...]](
    "contacts", "a host that pages can contact was added or removed", _INDEX, IndexReader.contacts, parts=("contacts",)
)
MEDIA = KeyKind[MediaFile | None](
    "media",
    "the film or sound {}, or a file beside it, was added, removed or changed",
    _INDEX,
    IndexReader.media,
    parts=("media",),
)
PICTURE_AT = KeyKind[str](
    "pic",
    "the picture at {} was added, removed or replaced",
    _INDEX,
    IndexReader.picture_at,
    parts=("files", "pictures", "urls"),
)
NAMED = KeyKind[str](
    "named",
    "{} is now the only source with that name, or no longer is",
    _INDEX,
    IndexReader.named,
    parts=("unpublished", "urls"),
)
MEANT = KeyKind[str](
    "meant",
    "what a broken link may have meant has changed",
    _INDEX,
    IndexReader.meant,
    parts=("addresses", "series", "tags", "unpublished", "urls"),
)
URL = KeyKind[str]("url", "{} was added, removed or given another address", _INDEX, IndexReader.url, parts=("urls",))
HIDDEN = KeyKind[str](
    "hidden",
    "{} is a draft, scheduled, expired or faulty, or no longer is",
    _INDEX,
    IndexReader.hidden,
    parts=("hidden",),
)

# Answered by the render context.
TEMPLATE = KeyKind[str]("tpl", "the template {}, or one it uses, has changed", _THEME)
ASSET = KeyKind[str]("asset", "the theme's file {} has changed", _THEME)
ASSET_BYTES = KeyKind[str]("bytes", "the theme's file {} has changed", _THEME)
THEME_OPTIONS = KeyKind[Mapping[str, Any]]("options", "the theme's options have changed", _THEME)
CARD_LOOK = KeyKind[str](
    "cards", "the fonts or colours of social cards have changed", frozenset({Cause.INDEX, Cause.THEME, Cause.PLANNING})
)
THEME_CONTACTS = KeyKind[tuple[Contact, ...]](
    "theme_contacts", "a host that the theme's files contact was added or removed", _THEME
)
BANNER = KeyKind[str]("preview", "the preview's banner has changed", _PROGRAM)

# Answered by the plan. Adding or removing a theme's file adds or removes an output, but no page of the sitemap.
OUTPUT = KeyKind[bool](
    "out", "the file {} of the site was added or removed", frozenset({Cause.PLAN, Cause.INDEX, Cause.THEME})
)
SITEMAP = KeyKind[tuple[SitemapEntry, ...]](
    "map", "pages were added, removed or changed", frozenset({Cause.PLAN, Cause.INDEX})
)
PAGE_COUNT = KeyKind[int]("pages", "the number of pages has changed", frozenset({Cause.PLAN, Cause.INDEX}))

# Answered by the engine.
SOURCE = KeyKind[str]("src", "the file {} has changed", _INDEX)
LINES = KeyKind[str]("lines", "the source {} has changed, and a problem names a line of it", _TEXT)
PROGRAM = KeyKind[tuple[str, str]]("gen", "Openletter itself, or an extension, has changed", _PROGRAM)

ADDED = KeyKind[Any]("x-", "the result of an extension's query {} has changed", frozenset({Cause.INDEX, Cause.PROGRAM}))
"""The queries that extensions add: their kind is `x-` and the query's name."""

KEYS: Mapping[str, KeyKind[Any]] = MappingProxyType(
    {value.name: value for value in tuple(globals().values()) if isinstance(value, KeyKind) and value is not ADDED}
)
"""Every kind of key by its name, without those that extensions add."""


def find_kind(name: str) -> KeyKind[Any] | None:
    """Return the kind declared under a name; None if there is none."""
    return ADDED if name.startswith(ADDED.name) else KEYS.get(name)


def keys_of_texts(paths: Iterable[str]) -> Iterator[str]:
    """List the keys whose results can change if only the texts of some documents changed."""
    return (f"{kind.name}|{path}" for path in paths for kind in KEYS.values() if Cause.TEXT in kind.causes)


def kinds_of(cause: Cause) -> tuple[str, ...]:
    """Name the kinds of keys whose results can change by one cause alone, while the planned outputs stay."""
    return tuple(name for name, kind in KEYS.items() if cause in kind.causes and Cause.PLAN not in kind.causes)


def describe_change(key: str) -> str:
    """Describe in words that the result of a key has changed."""
    name, _, of = key.partition("|")
    kind = find_kind(name)
    if kind is None:
        return f"{of or name} has changed"
    if kind is ADDED:
        query = name.removeprefix(ADDED.name)
        of = f"{query} for {of}" if of else query
    return kind.words.format(of)
