"""`giscus`: comments in the Discussions of a GitHub repository, in a frame of giscus.app.

Source: https://github.com/giscus/giscus, README.md and ADVANCED-USAGE.md; the parameters are those of its `client.ts`.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from generator.config import checks
from generator.config.providers.service import Conversation, Provided, ServiceThread, contacts, required
from generator.text.typed_rules import Settings, choice_of

_SERVER = "https://giscus.app"
_LANGUAGES = frozenset((
    "ar", "be", "bg", "ca", "cs", "da", "de", "eo", "es", "eu", "fa", "fr", "gr", "gsw", "hbs", "he", "hu", "id", "it",
    "ja", "kh", "ko", "nl", "pl", "pt", "ro", "ru", "th", "tr", "uk", "uz", "vi",
))  # fmt: skip


class Giscus(Provided, frozen=True):
    """The options of `giscus`; giscus.app shows the ids."""

    repo: str
    """The public repository: `owner/name`."""
    repo_id: str
    """The repository's id."""
    category_id: str
    """The id of the category of discussions."""
    category: str = ""
    """The category's name; with it, giscus searches this category only."""
    reactions: bool = True
    """Whether readers can react to the post itself with a symbol."""
    input_position: str = "bottom"
    """Where the box for a new comment is: "top" or "bottom"."""

    def converse(self, thread: ServiceThread) -> Conversation:
        """Write the address of the frame; the discussion is found by the post's id, word for word."""
        name = thread.named or thread.id
        fields = {
            "repo": self.repo,
            "repoId": self.repo_id,
            "category": self.category,
            "categoryId": self.category_id,
            "term": name,
            "strict": "1",
            "description": thread.title,
            "backLink": thread.link,
            "reactionsEnabled": str(int(self.reactions)),
            "emitMetadata": "0",
            "inputPosition": self.input_position,
            "theme": "preferred_color_scheme",
        }
        frame = f"{_SERVER}{_path_of(thread.language)}/widget?{urlencode(fields)}"
        link = f"https://github.com/{self.repo}/discussions?discussions_q={quote(name, safe='')}"
        return Conversation(link, "github.com", "giscus", frame=frame, contacts=contacts(_SERVER, "frame"))


def read(table: Settings) -> Giscus:
    """Read the options of `giscus`."""
    return Giscus(
        required(table, "giscus", "repo", "example/blog", checks.repository),
        required(table, "giscus", "repo_id", "R_kgDOExample"),
        required(table, "giscus", "category_id", "DIC_kwDOExample"),
        table.text("category", ""),
        table.flag("reactions", default=True),
        table.take("input_position", choice_of(("top", "bottom")), "bottom"),
    )


def _path_of(language: str) -> str:
    """Return the part of the path that chooses the language of the frame, "" for English."""
    primary = language.partition("-")[0].lower()
    if primary == "zh":
        return "/zh-TW" if language.lower().startswith(("zh-hant", "zh-tw", "zh-hk")) else "/zh-CN"
    primary = {"el": "gr", "km": "kh"}.get(primary, primary)
    return f"/{primary}" if primary in _LANGUAGES else ""
