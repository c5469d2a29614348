"""Decide what is public at the moment of the build, and what a preview shows as well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from generator.model import Document


class Publication(Struct, frozen=True):
    """The moment, and whether a preview shows drafts and the future as well.

    `also` are the paths of documents to show in any state, such as an issue that is being written.
    """

    now: datetime
    drafts: bool = False
    future: bool = False
    also: frozenset[str] = frozenset()

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
    meta = document.meta
    if meta.draft:
        return "draft"
    if meta.date is not None and meta.date > now:
        return "scheduled"
    return "expired" if meta.expires is not None and meta.expires <= now else ""


def valid_between(documents: Iterable[Document], now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return the moments between which the same documents are public: from (inclusive) and until (exclusive).

    None means no limit.
    """
    moments = [moment for document in documents for moment in (document.meta.date, document.meta.expires) if moment]
    since = max((moment for moment in moments if moment <= now), default=None)
    return since, min((moment for moment in moments if moment > now), default=None)
