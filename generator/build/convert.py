"""Convert one source: bytes → front matter and body. A pure function of its job, fit for a worker process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from generator.content.comments import Thread, parse_comments, thread
from generator.content.document import parse
from generator.content.read import read_source
from generator.digest import digest, digest_bytes
from generator.errors import ContentError, Problem
from generator.markup.body import convert
from generator.markup.comments import comment_html
from generator.markup.settings import MarkupSettings
from generator.model import Body, Comment, Kind, Meta


@dataclass(frozen=True, slots=True)
class Job:
    """A source to convert. `timezone` is an IANA name; `settings` are those of the site's language."""

    path: str
    file: Path
    kind: Kind
    timezone: str
    settings: MarkupSettings
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What is stored of a source beside its body: `meta` is None beside an error. `body_id` names the body."""

    meta: Meta | None
    body_id: str
    lead: str
    words: int
    problems: tuple[Problem, ...]


def job_id(job: Job, data: bytes) -> str:
    """Name the result of a job by all it depends on."""
    return digest(job.path, job.kind, digest_bytes(data), job.timezone, job.settings.fingerprint(), job.fingerprint)


def convert_document(job: Job) -> tuple[str, Parsed, Body | None]:
    """Read, parse and convert a source; never raises for what a user wrote. Returns its id, the facts, the body."""
    try:
        data = read_source(job.file, job.path)
    except ContentError as refusal:
        return "", Parsed(None, "", "", 0, refusal.problems), None
    name = job_id(job, data)
    source = parse(job.path, data, kind=job.kind, zone=ZoneInfo(job.timezone))
    if source.meta is None:
        return name, Parsed(None, "", "", 0, source.problems), None
    try:
        body = convert(source.text, path=job.path, slug=source.meta.slug, settings=job.settings)
    except ContentError as refusal:
        return name, Parsed(None, "", "", 0, (*source.problems, *refusal.problems)), None
    return name, Parsed(source.meta, f"body-{name}", body.lead, body.words, source.problems), body


def convert_comments(job: Job) -> tuple[tuple[Comment, ...], tuple[Problem, ...]]:
    """Read the comments kept beside a document: threads, oldest first, sanitised. `job.path` is the comments file."""
    try:
        data = read_source(job.file, job.path)
    except ContentError as refusal:
        return (), refusal.problems
    raw, problems = parse_comments(job.path, data, ZoneInfo(job.timezone))
    return tuple(_comment(each, job.settings) for each in thread(raw)), problems


def _comment(thread: Thread, settings: MarkupSettings) -> Comment:
    """Sanitise a comment and those below it; a thread's depth is bounded when it is read."""
    raw = thread.comment
    replies = tuple(_comment(reply, settings) for reply in thread.replies)
    return Comment(raw.id, raw.author, raw.date, comment_html(raw.body, settings), replies)
