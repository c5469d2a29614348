"""Make a document's discussion: the comments that the site keeps, and the way to the conversation elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from generator.config import CommentsConfig, Config
from generator.config.providers import Conversation, ServiceThread
from generator.config.providers.mailto import mail_link
from generator.digest import digest
from generator.errors import ProblemCollector
from generator.model import Comment, CommentMode, Document, Meta
from generator.site.addresses import absolute, root_relative, site_link
from generator.site.index_model import Card, Discussion
from generator.slugs import slugify

_NOWHERE = Conversation("")
ANCHOR = "comment-"
"""How the id of a comment on its page begins."""
_PAGES = "/comments/"
"""Where the pages are whose addresses follow from a document's id alone."""


def discussion(card: Card, comments: tuple[Comment, ...], config: Config, path: str = "") -> Discussion:
    """Make a document's discussion; `path` is the file with the kept `comments`.

    A closed one has no way to write. If only the service could prevent that, it has a link to read there.
    """
    found = _NOWHERE
    if config.comments.service is not None and card.comments is not CommentMode.NONE:
        found = config.comments.service.converse(make_thread(card, config)) or _NOWHERE
    if card.comments is CommentMode.CLOSED and not found.is_closable:
        kept = found.url if found.service else ""
        found = Conversation(kept, found.host if kept else "")
    count = card.comment_count if card.comments is not CommentMode.NONE else 0
    about = Discussion(card.comments, count, found.url, found.host, comments, path)
    about = replace(about, service=found.service, frame=found.frame, settings=found.settings, contacts=found.contacts)
    return _with_rules(about, card, config) if found.url or comments else about


def _with_rules(about: Discussion, card: Card, config: Config) -> Discussion:
    settings, link = config.comments, absolute(config, card.url)
    rules, is_page = settings.rules, settings.rules.startswith("/")
    return replace(
        about,
        rules="" if is_page else rules,
        rules_url=site_link(config, rules) if is_page else "",
        report_url=mail_link(settings.moderation, card.title, link) if settings.moderation else "",
    )


def make_thread(card: Card, config: Config) -> ServiceThread:
    """Name the conversation about a document, for a service."""
    return ServiceThread(
        id=card.id,
        title=card.title,
        description=card.description,
        link=absolute(config, card.url),
        address=absolute(config, root_relative(config, thread_address(card.id))),
        author=card.authors[0].name if card.authors else "",
        language=card.lang,
        named=card.thread,
    )


def thread_address(name: str) -> str:
    """Make the address that a document's id gives its conversation. A page there leads to the document."""
    return f"{_PAGES}{name if name == slugify(name) else digest(name)}/"


def comment_anchor(name: str) -> str:
    """Make the id that a comment has on its page: `comment-12`."""
    return f"{ANCHOR}{'-'.join(name.split())}"


def comment_anchors(comments: Iterable[Comment]) -> set[str]:
    """List the ids of comments and their replies on their page."""
    found: set[str] = set()
    for comment in comments:
        found |= {comment_anchor(comment.id)} | comment_anchors(comment.replies)
    return found


def needs_thread_pages(config: Config) -> bool:
    """Return True if the site has a page at every `thread_address`."""
    return config.comments.service is not None and config.comments.service.needs_address


def closing_moment(meta: Meta, settings: CommentsConfig) -> datetime | None:
    """Return when a document stops taking comments by itself; None for never."""
    days = settings.closed_after_days if settings.service is not None else None
    if days is None or meta.date is None or meta.comments is not CommentMode.OPEN:
        return None
    try:
        return meta.date + timedelta(days=days)
    except OverflowError:
        return None


def comment_mode(meta: Meta, settings: CommentsConfig, now: datetime) -> CommentMode:
    """Return whether readers can comment on a document at a moment."""
    closing = closing_moment(meta, settings)
    return CommentMode.CLOSED if closing is not None and closing <= now else meta.comments


def check_thread(document: Document, settings: CommentsConfig, findings: ProblemCollector) -> None:
    """Report a `thread` in front matter that the site's service cannot have."""
    named = document.meta.thread
    if named and settings.service is not None:
        wrong, hint = settings.service.fault(named)
        if wrong:
            findings.error(document.path, named, "thread", f'"{named}" {wrong}', hint, field="thread")
