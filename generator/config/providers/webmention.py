"""`webmention`: other sites announce that they wrote about a post; the site shows those that its files keep.

Source: W3C Webmention, https://www.w3.org/TR/webmention/.
"""

from __future__ import annotations

from functools import partial

from generator.config import checks
from generator.config.providers.service import Conversation, Provided, ServiceThread, host_of, required
from generator.text.typed_rules import Settings


class Webmention(Provided, frozen=True):
    """The options of `webmention`."""

    endpoint: str
    """The address that takes mentions."""

    def converse(self, thread: ServiceThread) -> Conversation:
        """Link to where mentions are announced."""
        return Conversation(self.endpoint, host_of(self.endpoint), "webmention")


def read(table: Settings) -> Webmention:
    """Read the options of `webmention`."""
    example = "https://webmention.io/www.example.org/webmention"
    check = partial(checks.web_url, schemes=("https", "http"))
    return Webmention(required(table, "webmention", "endpoint", example, check))
