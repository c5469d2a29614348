"""Decide what is public at the moment of the build, and what a preview shows as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from generator.model import Document, Meta


class Publication(Struct, frozen=True):
    """The moment, and whether a preview shows drafts and the future as well.

    `also` are the paths of documents to show in any state, such as an issue that is being written. `counts`: id → how
    many new comments a document has elsewhere, as far as the build knows.
    """

    now: datetime
    drafts: bool = False
    future: bool = False
    also: frozenset[str] = frozenset()
    counts: Mapping[str, int] = {}

    def shows(self, document: Document) -> bool:
        """Return True if a document is part of the site."""
        state = publication_state(document, self.now)
        return (
            document.path in self.also
            or state == ""
            or (state == "draft" and self.drafts)
            or (state == "scheduled" and self.future)
        )


def publication_state(document: Document, now: datetime) -> str:
    """Return why a document is not public at `now`: "draft", "scheduled", "expired"; "" if it is public."""
    return meta_state(document.meta, now)


def meta_state(meta: Meta, now: datetime) -> str:
    """Return why a source with this front matter is not public, as `publication_state` does."""
    if meta.draft:
        return "draft"
    if meta.date is not None and meta.date > now:
        return "scheduled"
    return "expired" if meta.expires is not None and meta.expires <= now else ""


def valid_between(
    documents: Iterable[Document], now: datetime, closing: Callable[[Meta], datetime | None] = lambda _: None
) -> tuple[datetime | None, datetime | None]:
    """Return the moments between which the same documents are public: from (inclusive) and until (exclusive).

    `closing` tells when the comments on a document close. None means no limit.
    """
    metas = (document.meta for document in documents)
    moments = [moment for meta in metas for moment in (meta.date, meta.expires, closing(meta)) if moment]
    since = max((moment for moment in moments if moment <= now), default=None)
    return since, min((moment for moment in moments if moment > now), default=None)
