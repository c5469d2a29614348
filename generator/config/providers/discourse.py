"""`discourse`: comments in the topics of a Discourse forum, in a frame of that forum.

Source: https://meta.discourse.org/t/embed-discourse-comments-on-another-website-via-javascript/31963; the parameters
are those of Discourse's `embed.js`.
"""

from __future__ import annotations

from urllib.parse import urlencode

from generator.config import checks
from generator.config.providers.service import Conversation, Provided, ServiceThread, contacts, host_of, required
from generator.text.typed_rules import Settings


class Discourse(Provided, frozen=True):
    """The options of `discourse`."""

    server: str
    """The address of the forum."""

    @property
    def needs_address(self) -> bool:
        """Return True: Discourse knows a topic by its page's address, which it reads to begin the topic."""
        return True

    def fault(self, named: str) -> tuple[str, str]:
        """Accept the number of a topic only."""
        if named.isascii() and named.isdigit():
            return "", ""
        return "is not the number of a topic.", f"For {self.server}/t/a-good-week/123, write: thread: 123"

    def converse(self, thread: ServiceThread) -> Conversation:
        """Write the address of the frame: of the topic that front matter names, else of the post's own."""
        named = "" if self.fault(thread.named)[0] else thread.named
        field = {"topic_id": named} if named else {"embed_url": thread.address}
        frame = f"{self.server}/embed/comments?{urlencode(field)}"
        link = f"{self.server}/t/{named}" if named else self.server
        return Conversation(
            link, host_of(self.server), "discourse", frame=frame, contacts=contacts(self.server, "frame")
        )


def read(table: Settings) -> Discourse:
    """Read the options of `discourse`."""
    return Discourse(required(table, "discourse", "server", "https://forum.example.org", checks.server))
