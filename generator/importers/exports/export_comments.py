"""Turn the kept comments of a post into what is written beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from generator.content.comments import MAX_BODY_CHARS, RawComment
from generator.importers.exports.export_dates import read_date
from generator.importers.exports.store import KeptComment
from generator.importers.exports.to_markdown import to_markdown
from generator.importers.import_model import Note, Topic
from generator.markup.settings import MarkupSettings
from generator.text.counts import format_count

WAITED = "waited for approval. To import such comments as hidden ones, run the import again with --all."


def note_left_out(reasons: Mapping[str, int]) -> list[Note]:
    """Count the comments that a reader left out, by the reason."""
    plural = {why: why.replace("was ", "were ", 1) if why.startswith("was ") else why for why in reasons}
    return [
        Note(Topic.COMMENT, f"{format_count(n, 'comment')} {why if n == 1 else plural[why]}", "")
        for why, n in sorted(reasons.items())
    ]


def make_comments(
    kept: Sequence[KeptComment], settings: MarkupSettings, zone: tzinfo, published: datetime | None, shown: str
) -> tuple[tuple[RawComment, ...], list[Note], list[dict[str, str]]]:
    """Make the comments of a post; also return notes, and the pages that link to it (pingbacks, trackbacks)."""
    made: list[RawComment] = []
    notes: list[Note] = []
    pages: list[dict[str, str]] = []
    ids = {each.id for each in kept if each.kind == "comment"}
    for each in kept:
        date = read_date(each.date) or published
        if each.kind != "comment":
            if each.hidden:
                continue
            page = {"title": each.author, "url": each.url, "date": each.date[:10]}
            pages.append({key: value for key, value in page.items() if value})
            continue
        text = to_markdown(each.html, settings).text.strip()
        if not text or date is None:
            why = "has no text" if not text else "has no date"
            notes.append(Note(Topic.COMMENT, f"The comment `{each.id}` {why}.", shown))
            continue
        if len(text) > MAX_BODY_CHARS:
            notes.append(Note(Topic.COMMENT, f"The comment `{each.id}` was too long and is cut.", shown))
            text = text[:MAX_BODY_CHARS]
        parent = each.parent if each.parent in ids and each.parent != each.id else None
        if each.parent and parent is None:
            notes.append(
                Note(Topic.COMMENT, f"`{each.id}` answers a comment that is missing. It is at the top level.", shown)
            )
        date = date if date.tzinfo is not None else date.replace(tzinfo=zone)
        made.append(RawComment(each.id, each.author, date, text, parent, each.hidden))
    return tuple(made), notes, pages
