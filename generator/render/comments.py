"""The kept comments of a page: each with an id of its own on the page, and HTML that templates may show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from generator.content.comments import NOBODY
from generator.model import Comment
from generator.render.facade import Site
from generator.render.own_links import check_own_links
from generator.site.discussion import comment_anchor
from generator.site.index_model import Card, Discussion


class ShownComment(Struct, frozen=True):
    """A comment for templates: `anchor` is its id on the page, `reply_count` counts all replies below it.

    `url` is the page where it was written, on `host`; "" for none.
    """

    id: str
    anchor: str
    author: str
    date: datetime
    html: Markup
    replies: tuple[ShownComment, ...]
    reply_count: int
    url: str
    host: str


class _Marking(Struct):
    """What is the same for all comments of a page; `taken` are the ids in use on it."""

    site: Site
    path: str
    anonymous: str
    taken: set[str]


def shown_discussion(site: Site, doc: Card, discussion: Discussion) -> Discussion:
    """Make the kept comments of a discussion ready for templates."""
    taken = set(site.stored_body(doc.key).anchors)
    marking = _Marking(site, discussion.path, site.words_of(doc.lang).gettext("Anonymous"), taken)
    return replace(discussion, comments=_shown(marking, discussion.comments))


def _shown(marking: _Marking, comments: Iterable[Comment]) -> tuple[ShownComment, ...]:
    return tuple(_shown_one(marking, comment) for comment in comments)


def _shown_one(marking: _Marking, comment: Comment) -> ShownComment:
    anchor = _anchor(comment.id, marking.taken)
    html = Markup(check_own_links(marking.site, marking.path, comment.html, marking.site.problems))  # noqa: S704 clean
    author = marking.anonymous if comment.author == NOBODY else comment.author
    replies = _shown(marking, comment.replies)
    host = urlsplit(comment.url).hostname or ""
    return ShownComment(
        comment.id, anchor, author, comment.date, html, replies, _count(replies), comment.url if host else "", host
    )


def _count(replies: Sequence[ShownComment]) -> int:
    return len(replies) + sum(reply.reply_count for reply in replies)


def _anchor(name: str, taken: set[str]) -> str:
    """Make the id of a comment on the page, different from all others: `comment-12`; a heading may have it already."""
    anchor = base = comment_anchor(name)
    turn = 1
    while anchor in taken:
        turn += 1
        anchor = f"{base}-{turn}"
    taken.add(anchor)
    return anchor
