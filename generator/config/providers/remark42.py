"""`remark42`: comments on one's own Remark42 server, whose script shows them in a frame.

Source: https://remark42.com/docs/configuration/frontend/ and https://remark42.com/docs/contributing/api/.
"""

from __future__ import annotations

from urllib.parse import urlencode

from generator.config import checks
from generator.config.providers.service import Conversation, Provided, ServiceThread, contacts, host_of, required
from generator.text.typed_rules import Settings


class Remark42(Provided, frozen=True):
    """The options of `remark42`."""

    server: str
    """The address of the server, its `REMARK_URL`."""
    site_id: str = "remark"
    """The site's id on that server, its `SITE`."""

    @property
    def needs_address(self) -> bool:
        """Return True: Remark42 knows a thread by its page's address, and links to it from mails and feeds."""
        return True

    def name_of(self, thread: ServiceThread) -> str:
        """Return the name of a thread: an address of the site."""
        return thread.named or thread.address

    def converse(self, thread: ServiceThread) -> Conversation:
        """Name the thread by the address that the post's id makes; the plain link is its feed."""
        address = self.name_of(thread)
        settings = {
            "script": f"{self.server}/web/embed.mjs",
            "server": self.server,
            "site": self.site_id,
            "thread": address,
            "title": thread.title,
            "language": thread.language.partition("-")[0],
        }
        link = f"{self.server}/api/v1/rss/post?{urlencode({'site': self.site_id, 'url': address})}"
        asked = contacts(self.server, "connection", "frame", "image", "script", "style")
        return Conversation(link, host_of(self.server), "remark42", settings=settings, contacts=asked)


def read(table: Settings) -> Remark42:
    """Read the options of `remark42`."""
    return Remark42(
        required(table, "remark42", "server", "https://comments.example.org", checks.server),
        table.text("site_id", "remark"),
    )
