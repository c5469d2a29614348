"""`disqus`: comments at Disqus, whose script shows them on the page.

Source: https://help.disqus.com/en/articles/1717084-javascript-configuration-variables.
"""

from __future__ import annotations

from urllib.parse import urlencode

from generator.config import checks
from generator.config.providers.service import Conversation, Provided, ServiceThread, contacts, required
from generator.model import Contact
from generator.text.typed_rules import Settings

_FILES = "https://c.disquscdn.com"


class Disqus(Provided, frozen=True):
    """The options of `disqus`."""

    shortname: str
    """The site's short name at Disqus."""

    def converse(self, thread: ServiceThread) -> Conversation:
        """Name the thread by the post's id."""
        server = f"https://{self.shortname}.disqus.com"
        settings = {
            "script": f"{server}/embed.js",
            "thread": thread.named or thread.id,
            "title": thread.title,
            "link": thread.link,
            "language": thread.language.partition("-")[0],
        }
        link = f"{server}/?{urlencode({'url': thread.link})}"
        return Conversation(link, "disqus.com", "disqus", settings=settings, contacts=_contacts(server))


def _contacts(server: str) -> tuple[Contact, ...]:
    files = contacts(_FILES, "image", "script", "style")
    return (*contacts(server, "script"), *contacts("https://disqus.com", "connection", "frame"), *files)


def read(table: Settings) -> Disqus:
    """Read the options of `disqus`."""
    return Disqus(required(table, "disqus", "shortname", "example-blog", checks.shortname))
