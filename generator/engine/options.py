"""The options of a build."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct


class BuildOptions(Struct, frozen=True):
    """How to build: by default everything public, as of now, into `output/` of the site's folder.

    `drafts`, `future` and `at` make a preview: it has a banner and never replaces a public build. `at` without a zone
    is in the site's zone. `url` replaces the one in site.toml unless it is "". `jobs` limits the processes; None
    chooses by the work and the machine. `state` is the folder of the state; None means its default place in the site's
    folder. `live` is for the live preview: theme files have plain names, so that a change of style changes no page, and
    a page that fails keeps its last good version, with its problem. Without `search`, no search index is made.
    `counts`: id → how many comments a document has at the site's comment service. `precompress` writes compressed
    copies of texts beside them.
    """

    output: Path | None = None
    drafts: bool = False
    future: bool = False
    at: datetime | None = None
    url: str = ""
    jobs: int | None = None
    state: Path | None = None
    live: bool = False
    search: bool = True
    counts: Mapping[str, int] = {}
    precompress: bool = False

    @property
    def preview(self) -> bool:
        """Whether the build may show something that is not public now."""
        return self.drafts or self.future or self.live or self.at is not None
