"""Make something of one source: a pure function of its job, fit for a worker process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from generator.build.made import Kept, Parsed
from generator.content.comments import Thread, parse_comments, thread
from generator.content.document import parse
from generator.digest import digest_bytes
from generator.errors import ContentError
from generator.markup.body import convert
from generator.markup.comments import comment_html
from generator.markup.settings import MarkupSettings
from generator.model import Comment, Kind
from generator.site.cards import reading_minutes

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Job:
    """A document or comments file to convert. `timezone` is an IANA name; `kind` is None for comments."""

    path: str
    file: Path
    kind: Kind | None
    timezone: str
    settings: MarkupSettings


def convert_document(job: Job, data: bytes) -> tuple[Parsed, bytes]:
    """Parse and convert a document; never raises for what a user wrote. Returns the facts and the encoded body."""
    assert job.kind is not None, "comments are converted by convert_comments"
    source = parse(job.path, data, kind=job.kind, zone=ZoneInfo(job.timezone))
    if source.meta is None:
        return Parsed(None, "", "", 0, source.problems), b""
    try:
        body = convert(
            source.text, path=job.path, slug=source.meta.slug, settings=job.settings, first_line=source.body_line
        )
    except ContentError as refusal:
        return Parsed(None, "", "", 0, (*source.problems, *refusal.problems)), b""
    encoded = _encode(body)
    return Parsed(source.meta, digest_bytes(encoded), body.lead, reading_minutes(body.words), source.problems), encoded


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
