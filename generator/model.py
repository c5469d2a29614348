"""The frozen values that pass between the stages: nothing is filled in later, no stage calls back.

    source → Meta + Body → Document → SiteIndex → Target → bytes → output, and a BuildReport

A source is converted to its Meta, the front matter, and its Body, which stays in the state. The index sees a Document:
the Meta with what listings show of the Body. From the index follow the Targets; each is rendered to the bytes of one
output. They are structs, not dataclasses: see docs/decisions/0011-struct-or-dataclass.md.

Dates are aware datetimes whose calendar date is the date *as written*: a post of 2014-10-06T23:30-04:00 belongs to
6 October wherever it is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from generator.errors import Problem


class Kind(StrEnum):
    """What a Markdown source is: decided by the folder it lies in."""

    POST = "post"
    PAGE = "page"
    ISSUE = "issue"


class CommentMode(StrEnum):
    """Whether comments are taken (`open`), only shown (`closed`), or neither (`none`)."""

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

    `updates` is newest first. `authors`, `tags` and `series` are as written; folding them is the index's work.
    `brief` is None where an issue does not say what is told in brief. `date` is None only for pages. `slug` is ready
    for a URL; `permalink` and `aliases` begin with a slash.
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
    newsletter: bool = True
    subject: str | None = None
    preheader: str | None = None
    posts: tuple[str, ...] = ()
    collect: Collect | None = None
    lead: str | None = None
    sections: tuple[str, ...] = ()
    brief: tuple[str, ...] | None = None
    corrections: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)


class Heading(Struct, frozen=True):
    """An entry of a body's contents: level 2 to 6, the id its anchor has on the page, its plain text."""

    level: int
    id: str
    text: str


class Link(Struct, frozen=True):
    """A link of a body to something inside the site, as its author wrote it (percent-encoding undone never)."""

    target: str


class Picture(Struct, frozen=True):
    """A picture of a body, as its author wrote its address; `alt` is None where no text was given at all."""

    src: str
    alt: str | None


class Body(Struct, frozen=True):
    """A converted source. It depends on nothing but its source and the markup settings.

    `html` and `excerpt` hold placeholders for links, pictures and ids (see `markup.placeholders`), numbered as
    `links` and `images` are. `excerpt` is what stands above `<!--more-->`, "" without that mark. `lead` is plain
    text for a summary: the excerpt's, else that of the first paragraphs, without a salutation. `anchors` are all ids a
    link may point to on the page. `words` counts the words of `text`.
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


class Comment(Struct, frozen=True):
    """A comment kept from an older blog: `html` is sanitised, `replies` are oldest first."""

    id: str
    author: str
    date: datetime
    html: str
    replies: tuple[Comment, ...] = ()


class Document(Struct, frozen=True):
    """One source after conversion: its front matter and what the index needs to know of its body.

    `minutes` is how long it takes to read; `comment_count` counts the kept comments beside the source. `pictures` are
    the addresses, as written, of the pictures that a newsletter may carry: an issue's own, those of a post's excerpt.
    `files` are the paths beside the source that its text shows or links to, whether or not a file is there.
    """

    path: str
    meta: Meta
    lead: str
    minutes: int
    comment_count: int = 0
    pictures: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Target(Struct, frozen=True):
    """One output file to be: its path below the output folder, the kind that renders it, that kind's arguments."""

    path: str
    kind: str
    args: tuple[str, ...] = ()


class BuildReport(Struct, frozen=True):
    """What a build did: counts by kind of source, output paths, problems in order, seconds by stage.

    `rendered` maps each output path to the reasons it was rendered for. `drafts`, `scheduled` and `expired` count the
    documents that the build leaves out.
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


UNSUBSCRIBE = "{{openletter-unsubscribe}}"
"""Stands in a `Letter` where each recipient's own unsubscribe address goes; the same in its HTML and its text."""


class Letter(Struct, frozen=True):
    """An issue as e-mail, the same for every recipient.

    `html` and `text` hold UNSUBSCRIBE where each recipient's own unsubscribe address goes. Pictures are not attached:
    `pictures` lists the absolute URLs that `html` shows. `slug` names the ledger's file and the exported folder;
    `id` is the issue's stable id. `date` is aware, the issue's own: the Date header is the ledger's, frozen at the
    first send. `url` is the absolute address of the issue's page. `html` is a complete document, its CSS inlined.
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
