"""Make something of one source: a pure function of its job, fit for a worker process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from generator.build.made import Kept, Parsed
from generator.content.comments import Thread, parse_comments, thread
from generator.content.document import parse
from generator.digest import digest_bytes
from generator.errors import ContentError, Problem, error
from generator.markup.body import convert
from generator.markup.comments import comment_html
from generator.markup.placeholders import pictures_for_mail
from generator.markup.settings import MarkupSettings
from generator.model import Comment, Kind
from generator.registry import Additions
from generator.site.cards import reading_minutes

if TYPE_CHECKING:
    from generator.extensions import Sources

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Job:
    """A document or comments file to convert. `timezone` is an IANA name; `kind` is None for comments.

    `extensions` are those that have a say in documents; comments, which anybody may have written, never meet them.
    """

    path: str
    file: Path
    kind: Kind | None
    timezone: str
    settings: MarkupSettings
    extensions: Sources | None = None


def convert_document(job: Job, data: bytes) -> tuple[Parsed, bytes]:
    """Parse and convert a document; never raises for what a user wrote. Returns the facts and the encoded body.

    Raises: ConfigError, where an extension was changed while the site is being built.
    """
    assert job.kind is not None, "comments are converted by convert_comments"
    added, settings = _extended(job.settings, job.extensions)
    source = parse(job.path, data, kind=job.kind, zone=ZoneInfo(job.timezone), known_extra=added.fields)
    if source.meta is None:
        return Parsed(None, "", "", 0, source.problems), b""
    try:
        body = convert(
            source.text, path=job.path, slug=source.meta.slug, settings=settings, first_line=source.body_line
        )
    except ContentError as refusal:
        return Parsed(None, "", "", 0, (*source.problems, *refusal.problems)), b""
    except (Exception, SystemExit) as reason:
        if not added.markdown:
            raise
        return Parsed(None, "", "", 0, (*source.problems, _extension_failed(job.path, reason, added))), b""
    encoded = _encode(replace(body, text=""))  # half of its size, and no page shows it
    minutes, pictures = reading_minutes(body.words), pictures_for_mail(body, whole=job.kind is Kind.ISSUE)
    return Parsed(source.meta, digest_bytes(encoded), body.lead, minutes, source.problems, pictures), encoded


@lru_cache(maxsize=4)
def _extended(settings: MarkupSettings, extensions: Sources | None) -> tuple[Additions, MarkupSettings]:
    """Load what extensions add, once a process."""
    if extensions is None:
        return Additions(), settings
    from generator.extensions import load

    added = load(extensions)
    return added, replace(settings, additions=added.markdown)


def _extension_failed(path: str, reason: BaseException, added: Additions) -> Problem:
    from generator.extensions.faults import place, said

    where, line = place(reason, added.files) or ("", 0)
    at = f" at {where}:{line}" if where else ""
    hint = "Correct the extension, or leave it out of [extensions] use."
    return error(path, "extension-failed", f"An extension of Markdown failed{at}: {said(reason)}", hint)


def convert_comments(job: Job, data: bytes) -> tuple[Kept, bytes]:
    """Convert the comments kept beside a document: threads, oldest first, sanitised."""
    raw, problems = parse_comments(job.path, data, ZoneInfo(job.timezone))
    encoded = _encode(tuple(_comment(each, job.settings) for each in thread(raw)))
    return Kept(len(raw), digest_bytes(encoded), problems), encoded


def _comment(thread: Thread, settings: MarkupSettings) -> Comment:
    """Sanitise a comment and those below it; a thread's depth is bounded when it is read."""
    raw = thread.comment
    replies = tuple(_comment(reply, settings) for reply in thread.replies)
    return Comment(raw.id, raw.author, raw.date, comment_html(raw.body, settings), replies)
