"""`link`: a plain link to a discussion service, with the post's id, title, address and author in it."""

from __future__ import annotations

from urllib.parse import quote

from generator.config import checks
from generator.config.providers.service import Conversation, Provided, ServiceThread, host_of, required
from generator.text.typed_rules import Settings


class DiscussionLink(Provided, frozen=True):
    """The options of `link`."""

    url: str
    """The service's address for a post, with the placeholders {id} {title} {link} {author}."""

    def converse(self, thread: ServiceThread) -> Conversation:
        """Fill in the placeholders."""
        url = self.url
        values = {"{id}": thread.named or thread.id, "{title}": thread.title, "{link}": thread.link}
        for placeholder, value in {**values, "{author}": thread.author}.items():
            url = url.replace(placeholder, quote(value, safe=""))
        return Conversation(url, host_of(url))


def read(table: Settings) -> DiscussionLink:
    """Read the options of `link`."""
    return DiscussionLink(required(table, "link", "url", _EXAMPLE, checks.discussion_url))


_EXAMPLE = "https://talk.example.org/new?title={title}&link={link}"
