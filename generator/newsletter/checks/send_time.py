"""Check `send_at`: an issue that is not public at its time would not be sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from generator.errors import Level, Problem
from generator.newsletter.issue import RenderedIssue
from generator.site.publication import meta_state


def find_early_sending(rendered: RenderedIssue) -> Iterator[Problem]:
    """Warn of an issue whose `send_at` is before its `date` or after `expires`, or that is a translation.

    A draft has a warning of its own.
    """
    meta = rendered.issue.meta
    if meta.send_at is None:
        return
    state = meta_state(meta, meta.send_at.astimezone(UTC))
    ids = {document.meta.id for document in rendered.site.documents.values()}
    if meta.translation_of in ids:
        message = "A translation is sent together with the issue that it translates."
        hint = "Write send_at in that issue only."
    elif state in ("scheduled", "expired"):
        message = f"The issue is to be sent when it is not public: {_WHY[state]}."
        hint = f"Correct send_at, or {'date' if state == 'scheduled' else 'expires'}."
    else:
        return
    line, column = rendered.site.context.locate(rendered.issue.path, "", "send_at")
    yield Problem(rendered.issue.path, line, column, Level.WARNING, "send-at", message, hint)


_WHY = {"scheduled": "its date comes later", "expired": "it expires before"}
