"""The values that templates get: small and frozen, each comparable by its digest.

Addresses in these values are root-relative and carry the base path ("/blog/2014/10/day-12/").
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from generator.blocks import Blocks, Event
from generator.model import Action, Comment, CommentMode, Contact, Kind, MediaFacts, Rating, Update


class PictureSize(Struct, frozen=True):
    """A picture's size in pixels after its orientation has been applied, and its kind, such as "jpeg".

    `digest` is that of the bytes to publish if pages show the picture in other sizes; else "".
    """

    width: int
    height: int
    kind: str = ""
    digest: str = ""


class RefusedPicture(Struct, frozen=True):
    """Why documents do not show a file as a picture: the code of a problem, what is wrong, and what to do."""

    code: str
    message: str
    hint: str


class Captions(Struct, frozen=True):
    """Captions of a film: their language, "" for that of the post, and the file's path."""

    language: str
    path: str


class MediaFile(Struct, frozen=True):
    """A published film or sound: its facts, the path of its still picture ("" for none), its captions by language."""

    facts: MediaFacts
    poster: str = ""
    captions: tuple[Captions, ...] = ()


class Recording(Struct, frozen=True):
    """The sound that front matter names: its path, its root-relative URL, its facts."""

    path: str
    url: str
    facts: MediaFacts


class Author(Struct, frozen=True):
    """An author as shown: `page` is the address of the author's page or "", `url` their own site or ""."""

    name: str
    slug: str
    role: str = ""
    bio: str = ""
    image: str = ""
    url: str = ""
    page: str = ""


class Label(Struct, frozen=True):
    """A tag or series as named on a card."""

    name: str
    slug: str
    url: str


class Translation(Struct, frozen=True):
    """Another language's version of a document."""

    lang: str
    title: str
    url: str


class Card(Struct, frozen=True, kw_only=True):
    """What other pages can show of a document without its body. `key` is the source's path.

    `summary` is never empty (the standfirst, else the beginning of the body); only the author writes `standfirst`.
    `state` is "", or in previews "draft", "scheduled" or "expired".
    """

    key: str
    kind: Kind
    id: str
    url: str
    title: str
    date: datetime | None
    updated: datetime | None
    updates: tuple[Update, ...]
    authors: tuple[Author, ...]
    tags: tuple[Label, ...]
    series: Label | None
    part: int | None
    summary: str
    standfirst: str
    description: str
    image: str
    image_alt: str
    image_width: int
    image_height: int
    audio: Recording | None
    pinned: bool
    learning_points: tuple[str, ...]
    rating: Rating | None
    rating_note: str
    action: Action | None
    lang: str
    minutes: int
    comments: CommentMode
    comment_count: int
    thread: str
    state: str
    newsletter: bool
    translations: tuple[Translation, ...]
    extra: Mapping[str, Any]


class Tag(Struct, frozen=True):
    """A tag with a page: `posts` are keys, newest first."""

    name: str
    slug: str
    url: str
    description: str
    posts: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many posts carry the tag."""
        return len(self.posts)


class SeriesPart(Struct, frozen=True):
    """A part of a series: `key` is None if the part is missing, `part` is None if the post has no number."""

    part: int | None
    key: str | None


class Series(Struct, frozen=True):
    """A series with a page: `posts` are keys, newest first; `parts` in order, gaps included."""

    name: str
    slug: str
    url: str
    description: str
    rating_max: float | None
    posts: tuple[str, ...]
    parts: tuple[SeriesPart, ...]

    @property
    def count(self) -> int:
        """How many parts are published."""
        return len(self.posts)


class AuthorPosts(Struct, frozen=True):
    """An author with a page: `posts` are keys, newest first."""

    author: Author
    posts: tuple[str, ...]


class IssueSection(Struct, frozen=True):
    """A section of an issue: its name, the address of its tag or series, the keys of its posts.

    The posts that belong to no section come first, in one whose `title` and `url` are "".
    """

    title: str
    url: str
    posts: tuple[str, ...]


class Correction(Struct, frozen=True):
    """A line of a post's edit log, for the next issue: `key` is the post's."""

    key: str
    date: datetime
    note: str


class IssueLayout(Struct, frozen=True):
    """What an issue shows: the keys of all its posts in the editor's order, and where each appears.

    `lead` is the first story ("" for none), `sections` hold the stories, `brief` the posts that get one line each;
    `corrections` are the edits since the last issue, oldest first. `pictures` are the paths of the pictures that the
    issue may carry, sorted.
    """

    posts: tuple[str, ...]
    lead: str = ""
    sections: tuple[IssueSection, ...] = ()
    brief: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    pictures: tuple[str, ...] = ()
    thumbnails: tuple[tuple[str, tuple[int, int]], ...] = ()


class DocumentBlocks(Struct, frozen=True, omit_defaults=True):
    """The blocks of a document: those of its front matter, those in its text by their number, their order.

    `event` is that of a post.
    """

    blocks: Blocks = Blocks()
    fenced: tuple[Blocks, ...] = ()
    order: tuple[str, ...] = ()
    event: Event | None = None


class Discussion(Struct, frozen=True):
    """The comments on a document: `url` is the page for writing a comment, on `host` ("" for none).

    `path` is the file with the kept comments, "" if there is none. `service` is the provider that shows the
    conversation on the page after a click, "" for none: see `config.providers.Conversation`. `rules` are the house
    rules, or `rules_url` their page; `report_url` starts an e-mail to who moderates.
    """

    mode: CommentMode
    count: int
    url: str
    host: str
    comments: tuple[Comment, ...] = ()
    path: str = ""
    service: str = ""
    frame: str = ""
    settings: Mapping[str, str] = {}
    contacts: tuple[Contact, ...] = ()
    rules: str = ""
    rules_url: str = ""
    report_url: str = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that a click contacts, each once, without ports; () if there is nothing to click."""
        return tuple(dict.fromkeys(contact.host.partition(":")[0] for contact in self.contacts))


class Chunk(Struct, frozen=True):
    """A page of a listing: `number` is None at the listing's own address; URLs are "" if there is no such page."""

    posts: tuple[str, ...]
    number: int | None = None
    newer_url: str = ""
    older_url: str = ""
    first_url: str = ""


class ScheduledDocument(Struct, frozen=True):
    """A document that goes live by itself: the path of its source, its root-relative URL then, its call to action."""

    key: str
    url: str
    action: Action | None


class Edition(Struct, frozen=True):
    """What the pages of one more language list, as in `SiteIndex`."""

    posts: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    tags: Mapping[str, Tag] = {}
    series: Mapping[str, Series] = {}
    authors: Mapping[str, AuthorPosts] = {}
    months: Mapping[str, tuple[str, ...]] = {}


class SiteIndex(Struct, frozen=True):
    """The whole site without bodies. Every tuple of keys has a fixed order; mappings are sorted by their keys.

    `cards`: source path → card, for all that is published. `posts` newest first, `issues` newest first, `pages` by
    path. `months`: "2014-10" → keys newest first, newest month first. `urls`: source path → root-relative URL,
    for documents and files alike; `addresses`: document's path → address; `files`: file's path → output path;
    `aliases`: old address → path of the document that lives elsewhere now; `pictures`: picture's path →
    size; `shown_pictures`: the paths of those that documents, authors and the site show, sorted; `shared_titles`: those
    that several documents have, sorted; `unpublished`: the paths of documents and files that have no address, sorted;
    `hidden`: path or address of what is not public → why (see `hidden`); `scheduled`: path → a document that goes live
    by itself; `contacts`: path of a document or file → the other hosts that it can contact, only if there are any;
    `media`: path of a film or sound → what it is;
    `refused`: path of a file → why documents do not show it as a picture;
    `editions`: language with pages of its own → what they list, which the fields above do not; `blocks`: path of a
    document → its blocks, only if there are any.
    """

    cards: Mapping[str, Card]
    posts: tuple[str, ...]
    pages: tuple[str, ...]
    issues: tuple[str, ...]
    tags: Mapping[str, Tag]
    series: Mapping[str, Series]
    authors: Mapping[str, AuthorPosts]
    months: Mapping[str, tuple[str, ...]]
    issue_layouts: Mapping[str, IssueLayout]
    urls: Mapping[str, str]
    addresses: Mapping[str, str]
    files: Mapping[str, str]
    aliases: Mapping[str, str]
    pictures: Mapping[str, PictureSize]
    shown_pictures: tuple[str, ...]
    shared_titles: tuple[str, ...]
    unpublished: tuple[str, ...]
    hidden: Mapping[str, str] = {}
    scheduled: Mapping[str, ScheduledDocument] = {}
    refused: Mapping[str, RefusedPicture] = {}
    contacts: Mapping[str, tuple[Contact, ...]] = {}
    media: Mapping[str, MediaFile] = {}
    editions: Mapping[str, Edition] = {}
    blocks: Mapping[str, DocumentBlocks] = {}


def list_posts(index: SiteIndex, listing: str) -> tuple[str, ...] | None:
    """List the keys of a listing, newest first; None if there is no such listing."""
    kind, _, of = listing.partition("/")
    if kind == "month":
        return index.months.get(of)
    if kind == "posts":
        return index.posts
    if kind == "newsletter":
        return index.issues
    members: Mapping[str, Any] = {"tag": index.tags, "series": index.series, "author": index.authors}[kind]
    return members[of].posts if of in members else None
