"""`isso`: comments on one's own Isso server, whose script shows them on the page.

Source: https://isso-comments.de/docs/reference/client-config/ and https://isso-comments.de/docs/reference/server-api/.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from generator.config import checks
from generator.config.providers.service import Conversation, Provided, ServiceThread, contacts, host_of, required
from generator.text.typed_rules import Settings


class Isso(Provided, frozen=True):
    """The options of `isso`."""

    server: str
    """The address of the server."""

    @property
    def needs_address(self) -> bool:
        """Return True: Isso's mails to the moderator link to the thread's name as a path on the site."""
        return True

    def name_of(self, thread: ServiceThread) -> str:
        """Return the name of a thread: a path on the site."""
        return thread.named or urlsplit(thread.address).path

    def converse(self, thread: ServiceThread) -> Conversation:
        """Name the thread: a path that the post's id makes."""
        name = self.name_of(thread)
        settings = {
            "script": f"{self.server}/js/embed.min.js",
            "server": f"{self.server}/",
            "thread": name,
            "title": thread.title,
            "language": thread.language,
        }
        link = f"{self.server}/?uri={quote(name, safe='')}"
        asked = contacts(self.server, "connection", "image", "script", "style")
        return Conversation(link, host_of(self.server), "isso", is_closable=True, settings=settings, contacts=asked)


def read(table: Settings) -> Isso:
    """Read the options of `isso`."""
    return Isso(required(table, "isso", "server", "https://comments.example.org", checks.server))
