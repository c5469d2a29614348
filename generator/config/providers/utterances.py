"""`utterances`: comments in the issues of a GitHub repository, in a frame of utteranc.es.

Source: https://github.com/utterance/utterances, README.md; the parameters are those of its `src/client.ts`.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from generator.config import checks
from generator.config.providers.service import Conversation, Provided, ServiceThread, contacts, required
from generator.text.typed_rules import Settings

_SERVER = "https://utteranc.es"


class Utterances(Provided, frozen=True):
    """The options of `utterances`."""

    repo: str
    """The public repository: `owner/name`."""
    label: str = ""
    """The label of issues that are made for comments."""

    def converse(self, thread: ServiceThread) -> Conversation:
        """Write the address of the frame; the issue is the one whose title is the post's id."""
        name = thread.named or thread.id
        fields = {"repo": self.repo, "issue-term": name, "label": self.label}
        page = {"url": thread.link, "title": thread.title, "description": thread.description[:300]}
        frame = f"{_SERVER}/utterances.html?{urlencode(fields | page)}"
        link = f"https://github.com/{self.repo}/issues?q={quote(name, safe='')}"
        return Conversation(link, "github.com", "utterances", frame=frame, contacts=contacts(_SERVER, "frame"))


def read(table: Settings) -> Utterances:
    """Read the options of `utterances`."""
    return Utterances(required(table, "utterances", "repo", "example/blog", checks.repository), table.text("label", ""))
