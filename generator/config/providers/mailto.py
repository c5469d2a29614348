"""`mailto`: a link that starts an e-mail about the post."""

from __future__ import annotations

from urllib.parse import quote

from generator.config import checks
from generator.config.providers.service import Conversation, Provided, ServiceThread, required
from generator.text.typed_rules import Settings


class Mailto(Provided, frozen=True):
    """The options of `mailto`."""

    address: str
    """The e-mail address for comments."""

    def converse(self, thread: ServiceThread) -> Conversation:
        """Write the link; its subject is the post's title, its text the post's address."""
        return Conversation(mail_link(self.address, thread.title, thread.link))


def read(table: Settings) -> Mailto:
    """Read the options of `mailto`."""
    return Mailto(required(table, "mailto", "address", "feedback@example.org", checks.address))


def mail_link(address: str, subject: str, body: str) -> str:
    """Write a link that starts an e-mail. Source: RFC 6068: header fields are percent-encoded, a space as %20."""
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}"
