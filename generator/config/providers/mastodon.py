"""`mastodon`: the replies to a post on Mastodon that front matter names.

Source: https://docs.joinmastodon.org/methods/statuses/#context.
"""

from __future__ import annotations

from generator.config import checks
from generator.config.providers.service import Conversation, Provided, ServiceThread, contacts, host_of, required
from generator.patterns import lazy_pattern
from generator.text.typed_rules import Settings

_NUMBER = lazy_pattern(r"[0-9]{1,30}")


class Mastodon(Provided, frozen=True):
    """The options of `mastodon`."""

    server: str
    """The address of the server."""
    account: str
    """The account that announces the posts: `office`, without the @."""

    def fault(self, named: str) -> tuple[str, str]:
        """Accept a post's number, or its address on this server."""
        if self.number_of(named):
            return "", ""
        example = f"{self.server}/@{self.account}/109876543210987654"
        return f"is not a post on {host_of(self.server)}.", f"Write: thread: {example}"

    def converse(self, thread: ServiceThread) -> Conversation | None:
        """Link to the post that front matter names; without one there is no conversation."""
        number = self.number_of(thread.named)
        if not number:
            return None
        link = f"{self.server}/@{self.account}/{number}"
        settings = {"replies": f"{self.server}/api/v1/statuses/{number}/context", "number": number}
        asked = contacts(self.server, "connection")
        return Conversation(link, host_of(self.server), "mastodon", is_closable=True, settings=settings, contacts=asked)

    def number_of(self, named: str) -> str:
        """Return the number of the post that front matter names; "" if it is not one of this server."""
        number = named.rstrip("/").rpartition("/")[2]
        fits = named.startswith(f"{self.server}/") or named == number
        return number if fits and _NUMBER.fullmatch(number) else ""


def read(table: Settings) -> Mastodon:
    """Read the options of `mastodon`."""
    return Mastodon(
        required(table, "mastodon", "server", "https://social.example.org", checks.server),
        required(table, "mastodon", "account", "office", checks.account),
    )
