"""Make the link to a post's discussion: to a discussion service, or to an e-mail."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from generator.config import CommentsConfig, Config
from generator.model import Comment, CommentMode
from generator.site.addresses import absolute
from generator.site.index_model import Card, Discussion


def discussion(card: Card, comments: tuple[Comment, ...], config: Config, path: str = "") -> Discussion:
    """Make a document's discussion; a closed one has its comments and no link."""
    url, host = ("", "")
    if card.comments is CommentMode.OPEN:
        url, host = _way(card, config.comments, absolute(config, card.url))
    return Discussion(card.comments, card.comment_count if comments else 0, url, host, comments, path)


def _way(card: Card, settings: CommentsConfig, link: str) -> tuple[str, str]:
    """Return the URL where readers write a comment, and its host ("" for e-mail)."""
    if settings.provider == "mailto":
        # RFC 6068: header fields of a mailto are percent-encoded, a space as %20.
        return f"mailto:{quote(settings.address, safe='@')}?subject={quote(card.title)}&body={quote(link)}", ""
    if settings.provider == "none":
        return "", ""
    author = card.authors[0].name if card.authors else ""
    values = {"{id}": card.id, "{title}": card.title, "{link}": link, "{author}": author}
    url = settings.url
    for placeholder, value in values.items():
        url = url.replace(placeholder, quote(value, safe=""))
    return url, urlsplit(url).hostname or ""
