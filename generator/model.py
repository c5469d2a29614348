"""The frozen values that pass between the stages. Nothing is filled in later, and no stage calls an earlier one.

    source → Meta + Body → Document → SiteIndex → Target → bytes → output, and a BuildReport

A source is converted to its Meta (the front matter) and its Body, which stays in the state. The index gets a Document:
the Meta with the parts of the Body that listings show. The index determines the Targets; each is rendered to the bytes
of one output. They are structs, not dataclasses: see docs/decisions/0011-struct-or-dataclass.md.

Dates are aware datetimes whose calendar date is the date *as written*: a post of 2014-10-06T23:30-04:00 belongs to
6 October on every computer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct, field

from generator.blocks import Blocks, Event
from generator.errors import Problem


class Kind(StrEnum):
    """The kind of a Markdown source, decided by its folder."""

    POST = "post"
    PAGE = "page"
    ISSUE = "issue"


class CommentMode(StrEnum):
    """Whether readers can comment (`open`), can only read comments (`closed`), or neither (`none`)."""

    OPEN = "open"
    CLOSED = "closed"
    NONE = "none"


class Update(Struct, frozen=True):
    """A line of the visible edit log."""

    date: datetime
    note: str


class Action(Struct, frozen=True):
    """The call to action: the words of a button and where it leads."""

    text: str
    url: str


class Rating(Struct, frozen=True):
    """A rating such as 9/10. `maximum` is None until the series' `rating_max` supplies it."""

    value: float
    maximum: float | None = None


class Collect(Struct, frozen=True):
    """Which posts an issue collects by itself: since the last issue (`since` None) or a date, by tag."""

    since: datetime | None = None
    tags: tuple[str, ...] = ()
    limit: int | None = None


class Meta(Struct, frozen=True, kw_only=True):
    """The validated front matter of one source; the keys are described in docs/front-matter.md.

    `updates` is newest first. `authors`, `tags` and `series` are as written; the index folds them. `brief` is None if
    an issue does not choose the posts that get one line each. `date` is None only for pages. `slug` is ready for a URL;
    `permalink` and `aliases` begin with a slash. `owner` answers for the page, `approved_by` signed it off, and it must
    be looked at again by `review_by`: pages do not show them, `openletter check` asks for them. `blocks` are
    those of the front matter, `fenced` those in the text, by their number; `order` names the blocks in their order.
    """

    kind: Kind
    title: str
    slug: str
    id: str
    date: datetime | None = None
    updated: datetime | None = None
    updates: tuple[Update, ...] = ()
    permalink: str | None = None
    aliases: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    series: str | None = None
    part: int | None = None
    summary: str | None = None
    description: str | None = None
    image: str | None = None
    image_alt: str | None = None
    image_focus: tuple[int, int] = (50, 50)
    audio: str | None = None
    draft: bool = False
    expires: datetime | None = None
    pinned: bool = False
    learning_points: tuple[str, ...] = ()
    rating: Rating | None = None
    rating_note: str | None = None
    action: Action | None = None
    lang: str | None = None
    translation_of: str | None = None
    comments: CommentMode = CommentMode.OPEN
    thread: str = ""
    newsletter: bool = True
    owner: str | None = None
    approved_by: str | None = None
    review_by: datetime | None = None
    subject: str | None = None
    preheader: str | None = None
    posts: tuple[str, ...] = ()
    collect: Collect | None = None
    lead: str | None = None
    sections: tuple[str, ...] = ()
    brief: tuple[str, ...] | None = None
    corrections: bool = True
    number: int | None = None
    send_at: datetime | None = None
    event: Event | None = None
    blocks: Blocks | None = None
    fenced: tuple[Blocks, ...] = ()
    order: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


class Heading(Struct, frozen=True):
    """An entry of a body's contents: level 2 to 6, the id its anchor has on the page, its plain text."""

    level: int
    id: str
    text: str


class Link(Struct, frozen=True):
    """A link of a body to something inside the site, exactly as its author wrote it, percent-encoding included."""

    target: str


class Picture(Struct, frozen=True):
    """A picture of a body: `src` as its author wrote it; `alt` is None if there is no alternative text, not even ""."""

    src: str
    alt: str | None


class MediaFacts(Struct, frozen=True):
    """A film or a sound: its media type, its size in pixels as it is shown, how long it lasts, its size in bytes.

    A sound has no width and height; `duration_ms` is 0 if the file does not say.
    """

    type: str
    width: int = 0
    height: int = 0
    duration_ms: int = 0
    size_bytes: int = 0

    @property
    def is_film(self) -> bool:
        """Whether it has pictures."""
        return self.type.startswith("video/")


class Played(Struct, frozen=True):
    """A film or sound of the site in a body: `src` as its author wrote it, the number of that link, its name.

    `name` is plain text, "" if the author gives none.
    """

    src: str
    link: int
    name: str


class Frame(Struct, frozen=True):
    """A film on another host in a body: the address of its player, which only a reader's click loads, and its title."""

    url: str
    title: str


Purpose = Literal["connection", "form", "frame", "image", "media", "script", "style"]


class Contact(Struct, frozen=True, order=True):
    """Another host that a page can contact, with its port if it has one, and what for.

    `on_click` is True if nothing is requested of it before the reader asks for that.
    """

    host: str
    purpose: Purpose
    on_click: bool = False
    scheme: str = "https"


class Body(Struct, frozen=True):
    """A converted source. It depends only on its source and the markup settings.

    `html` and `excerpt` have placeholders for links, pictures and ids (see `markup.placeholders`), with the numbers of
    `links` and `images`. `excerpt` is the HTML above `<!--more-->`, "" without that mark. `lead` is plain text for a
    summary: that of the excerpt, else of the first paragraphs, without a salutation (see `markup.lead`). `anchors` are
    all ids a link may point to on the page. `words` counts the words of `text`. `players`, `frames` and `contacts`
    (sorted) are those of `html`. `fences` are its fenced blocks: their name and their YAML, which a stored body lacks.
    """

    html: str
    excerpt: str
    toc: tuple[Heading, ...]
    links: tuple[Link, ...]
    images: tuple[Picture, ...]
    anchors: tuple[str, ...]
    text: str
    lead: str
    words: int
    players: tuple[Played, ...] = ()
    frames: tuple[Frame, ...] = ()
    contacts: tuple[Contact, ...] = ()
    fences: tuple[tuple[str, str], ...] = ()


class Comment(Struct, frozen=True):
    """A comment that the site keeps: `html` is sanitised, `replies` are oldest first.

    `url` is where it was written, if that is a page of its own; else "".
    """

    id: str
    author: str
    date: datetime
    html: str
    replies: tuple[Comment, ...] = ()
    url: str = ""


class Document(Struct, frozen=True):
    """One source after conversion: its front matter and the parts of its body that the index needs.

    `minutes` is how long it takes to read; `comment_count` counts the comments stored beside the source. `pictures` are
    the addresses, as written, of the pictures that a newsletter may show: all of an issue, those of a post's excerpt.
    `files` are the paths beside the source that its text shows or links to, even if there is no such file. `images`
    are the addresses, as written, of all pictures in the text. `contacts` are the other hosts that the text can
    contact.
    """

    path: str
    meta: Meta
    lead: str
    minutes: int
    comment_count: int = 0
    pictures: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()


class Target(Struct, frozen=True):
    """One output file to write: its path below the output folder, its kind, and arguments for that kind's renderer."""

    path: str
    kind: str
    args: tuple[str, ...] = ()


class BuildReport(Struct, frozen=True):
    """What a build did: counts by kind of source, output paths, problems in order, seconds by stage.

    `rendered` maps each output path to the reasons why it was rendered. `drafts`, `scheduled` and `expired` count the
    documents that the build leaves out; `searched` counts the pages of a new search index, 0 for none.
    `stopped` is True if a template failed: then nothing was written. `work` counts what the build did: how many
    "cards" it made, how many "keys" it asked again, how many "targets" it planned. `left` counts the stale pages that a
    live preview has left to the next build. `url` is the address that the site was built for.
    """

    posts: int
    pages: int
    issues: int
    rendered: Mapping[str, tuple[str, ...]]
    written: tuple[str, ...]
    deleted: tuple[str, ...]
    problems: tuple[Problem, ...]
    timings: Mapping[str, float]
    drafts: int = 0
    scheduled: int = 0
    expired: int = 0
    searched: int = 0
    stopped: bool = False
    work: Mapping[str, int] = {}
    left: int = 0
    url: str = ""


UNSUBSCRIBE = "{{openletter-unsubscribe}}"
"""The mark in a `Letter` that is replaced with each recipient's own unsubscribe address, in HTML and text."""
READER_NAME = "{{openletter-name:"
"""The start of the mark that is replaced with the recipient's name, or else with the words from here to `}}`."""


class Letter(Struct, frozen=True):
    """An issue as e-mail, the same for every recipient.

    `language` is the issue's. `html` and `text` have UNSUBSCRIBE in place of each recipient's own unsubscribe address,
    and READER_NAME with the fallback and `}}` in place of their name.
    Pictures are not attached: `pictures` lists the absolute URLs that `html` shows. `slug` names the ledger's file and
    the exported folder; `id` is the issue's stable id. `date` is aware, and that of the issue; the Date header comes
    from the ledger, where the first send freezes it. `url` is the absolute address of the issue's page. `html` is a
    complete document, its CSS inlined.
    """

    slug: str
    id: str
    title: str
    subject: str
    preheader: str
    date: datetime
    url: str
    html: str
    text: str
    pictures: tuple[str, ...]
    language: str = ""


class CardColours(Struct, frozen=True):
    """The colours of a social card, each as "#rrggbb"."""

    paper: str
    ink: str
    muted: str
    accent: str
