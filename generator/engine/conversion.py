"""Convert one source in steps: pure functions of its job, for a worker process.

Run each step for a batch of jobs before the next step: that takes four fifths of the time of running the steps job by
job, because the processor finds the code of a step in its caches.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator.content.comments import Thread, parse_comments, thread_comments
from generator.content.document import ParsedSource, parse_source
from generator.content.fenced_blocks import read_fenced_blocks
from generator.content.read import read_source
from generator.digest import digest_bytes
from generator.engine.records import CommentsRecord, DocumentRecord
from generator.errors import ConfigError, ContentError, Problem, ProblemCollector, error, has_errors
from generator.markup.alt_text import mark_wordless
from generator.markup.body import clean_html, locate_refusal, shape_body
from generator.markup.characters import strip_refused
from generator.markup.comments import comment_html
from generator.markup.engine import engine_html
from generator.markup.indented_paragraphs import read_indented
from generator.markup.lost_words import lost_words
from generator.markup.placeholders import pictures_for_mail
from generator.markup.precheck import Refusal
from generator.markup.reader_names import hide_names, show_names
from generator.markup.repeated_title import drop_repeated_title
from generator.markup.settings import MarkupSettings
from generator.markup.typing_problems import indent_problems, link_problems, title_repeated
from generator.model import Comment, Kind, Meta
from generator.registry import Additions
from generator.site.blocks import files_in_blocks, portraits_of
from generator.site.cards import reading_minutes
from generator.site.source_names import files_of

if TYPE_CHECKING:
    from generator.extensions import ExtensionSources

_encode = msgspec.json.Encoder().encode
TextRecord = DocumentRecord | CommentsRecord
_decode_record: Callable[[bytes], TextRecord] = msgspec.json.Decoder(TextRecord).decode
_LOOK = "Look for very long paragraphs of brackets, tags or other symbols, and split them with blank lines."


class Job(Struct, frozen=True):
    """A document or comments file to convert. `timezone` is an IANA name; `kind` is None for comments.

    `file` is a string if there are many jobs: sending a Path to another process takes longer than reading the file.
    `extensions` are those that change documents; comments, which anyone may have written, are converted without them.
    """

    path: str
    file: Path | str
    kind: Kind | None
    timezone: str
    settings: MarkupSettings
    extensions: ExtensionSources | None = None


class Result(Struct, frozen=True):
    """The result of a job: the digest of the bytes that were read, the record, its encoded text (b"" for none).

    If the digest is "", the source could not be read or was given up, and the next build tries it again.
    """

    digest: str
    record: TextRecord
    encoded: bytes

    def __reduce__(self) -> tuple[Callable[[str, bytes, bytes], Result], tuple[str, bytes, bytes]]:
        """Send the result to another process in the form of the state: a third of the time of pickling."""
        return _received, (self.digest, _encode(self.record), self.encoded)


def _received(digest: str, record: bytes, encoded: bytes) -> Result:
    return Result(digest, _decode_record(record), encoded)


class Conversion(Struct, frozen=True):
    """A document between two steps: `html` is the engine's output, later sanitised."""

    job: Job
    digest: str
    source: ParsedSource
    added: Additions
    settings: MarkupSettings
    html: str = ""
    problems: tuple[Problem, ...] = ()

    def having(self, html: str, problems: tuple[Problem, ...] = ()) -> Conversion:
        """Return a copy of the document with other HTML, and with further problems of its text."""
        found = (*self.problems, *problems)
        return Conversion(self.job, self.digest, self.source, self.added, self.settings, html, found)

    def left_out(self, *problems: Problem) -> Result:
        """Return the result of a document that cannot become a page."""
        return Result(self.digest, DocumentRecord(None, "", "", 0, (*self.source.problems, *problems)), b"")


def read_job(job: Job) -> bytes | Result:
    """Read the bytes of a source; returns a result with a problem if the file cannot be read."""
    try:
        return read_source(job.file, job.path)
    except ContentError as refusal:
        return refused(job, refusal.problems)


def begin_conversion(job: Job, data: bytes) -> Conversion | Result:
    """Take the first step: read the front matter of a document. Comments are converted at once."""
    try:
        return _comments(job, data) if job.kind is None else _document(job, job.kind, data)
    except Exception as failure:
        return _failed(job, failure)


def _document(job: Job, kind: Kind, data: bytes) -> Conversion | Result:
    added, settings = _extended(job.settings, job.extensions)
    source = parse_source(job.path, data, kind=kind, zone=ZoneInfo(job.timezone), known_extra=added.fields)
    conversion = Conversion(job, digest_bytes(data), source, added, settings)
    return conversion.left_out() if source.meta is None else conversion


Value = Job | Conversion | Result
"""The value passed from step to step: first a job, and a result as soon as nothing is left to do."""


def _read_and_begin(job: Value) -> Value:
    if not isinstance(job, Job):
        return job
    data = read_job(job)
    return data if isinstance(data, Result) else begin_conversion(job, data)


def _step(work: Callable[[Conversion], Value]) -> Callable[[Value], Value]:
    """Wrap a function as a step: it returns results unchanged and never raises because of a user's text."""

    @wraps(work)
    def step(value: Value) -> Value:
        if not isinstance(value, Conversion):
            return value
        try:
            return work(value)
        except Refusal as refusal:
            return value.left_out(locate_refusal(refusal, value.job.path, value.source.body_line))
        except (Exception, SystemExit) as failure:
            if value.added.markdown:
                return value.left_out(_extension_failed(value.job.path, failure, value.added))
            if isinstance(failure, SystemExit):
                raise
            return _failed(value.job, failure)

    return step


@_step
def _make_html(conversion: Conversion) -> Value:
    source, text = conversion.source, strip_refused(conversion.source.text)
    text, indented = read_indented(hide_names(text) if conversion.job.kind is Kind.ISSUE else text)
    problems = indent_problems(source.path, source.body_line, indented)
    return conversion.having(engine_html(mark_wordless(text), conversion.settings), problems)


@_step
def _clean(conversion: Conversion) -> Value:
    source, meta = conversion.source, conversion.source.meta
    assert meta is not None, "documents without one are left out"
    html = clean_html(conversion.html, conversion.settings)
    if conversion.job.kind is Kind.ISSUE:
        html = show_names(html, strip_refused(source.text))
    shorter = drop_repeated_title(html, meta.title)
    if shorter is html:
        return conversion.having(html)
    return conversion.having(shorter, (title_repeated(source.path, source.text, source.body_line),))


@_step
def _finish(conversion: Conversion) -> Value:
    meta = conversion.source.meta
    assert meta is not None, "documents without one are left out"
    # an unused lead would make an edit of the text one of the index
    has_summary = bool(meta.summary)
    body = shape_body(conversion.html, slug=meta.slug, settings=conversion.settings, has_summary=has_summary)
    encoded = _encode(replace(body, text="", fences=()))  # the text is half of the size, and no page shows it
    source = conversion.source
    meta, found = _with_fences(conversion, meta, body.fences)
    if has_errors(found):
        return conversion.left_out(*found)
    portraits = portraits_of(meta)
    pictures = (*pictures_for_mail(body, whole=meta.kind is Kind.ISSUE), *portraits)
    minutes = reading_minutes(body.words)
    links = link_problems(source.path, source.text, source.body_line, body.html)
    lost = lost_words(source.path, source.text, source.body_line, body.html, conversion.settings)
    problems = (*source.problems, *conversion.problems, *found, *links, *lost)
    images = tuple(dict.fromkeys((*(picture.src for picture in body.images), *portraits)))
    files = files_of(conversion.job.path, body, files_in_blocks(meta))
    record = DocumentRecord(
        meta, digest_bytes(encoded), body.lead, minutes, problems, pictures, files, images, body.contacts
    )
    return Result(conversion.digest, record, encoded)


def _with_fences(
    conversion: Conversion, meta: Meta, fences: tuple[tuple[str, str], ...]
) -> tuple[Meta, tuple[Problem, ...]]:
    """Add the fenced blocks of the text to the front matter."""
    if not fences:
        return meta, ()
    source, problems = conversion.source, ProblemCollector()
    zone = ZoneInfo(conversion.job.timezone)
    blocks = read_fenced_blocks(source.path, source.text, source.body_line, fences, zone, problems)
    return replace(meta, fenced=blocks), problems.in_order()


STEPS: tuple[Callable[[Value], Value], ...] = (_read_and_begin, _make_html, _clean, _finish)
"""The steps from a job to its result."""


def convert_source(job: Job) -> Result:
    """Take all steps with one job. Never raises because of a user's text."""
    value: Value = job
    for step in STEPS:
        value = step(value)
    assert isinstance(value, Result), "the last step makes results"
    return value


@lru_cache(maxsize=4)
def _extended(settings: MarkupSettings, extensions: ExtensionSources | None) -> tuple[Additions, MarkupSettings]:
    """Load what extensions add, once per process. Raises: ConfigError if one has changed since the build began."""
    if extensions is None:
        return Additions(), settings
    from generator.extensions import load

    added = load(extensions)
    return added, replace(settings, additions=added.markdown)


def _extension_failed(path: str, reason: BaseException, added: Additions) -> Problem:
    from generator.extensions.faults import place, said

    where, line = place(reason, added.files) or ("", 0)
    at = f" at {where}:{line}" if where else ""
    hint = "Correct the extension, or remove it from use in [extensions]."
    return error(path, "extension-failed", f"An extension of Markdown failed{at}: {said(reason)}", hint)


def _failed(job: Job, failure: Exception) -> Result:
    """Refuse a source because of a bug of ours, so that the rest of the site is still built."""
    if isinstance(failure, MemoryError):
        return crashed(job)
    if isinstance(failure, ConfigError):
        return refused(job, failure.problems)
    if os.environ.get("OPENLETTER_DEBUG") == "1":
        raise failure
    what = f"Openletter failed on this file ({type(failure).__name__}: {failure})."
    hint = "Please report it with the file. To find the passage, remove half of the text at a time."
    return refused(job, (error(job.path, "markup-crash", what, hint),))


def crashed(job: Job) -> Result:
    """Refuse a source that needs too much memory, or makes a parser crash."""
    what = "Converting this file took too much memory, or made the converter crash."
    return refused(job, (error(job.path, "markup-crash", what, _LOOK),))


def too_slow(job: Job, seconds: float) -> Result:
    """Refuse a source that takes too long."""
    what = f"Converting this file took longer than {seconds:g} seconds and was stopped."
    return refused(job, (error(job.path, "markup-time", what, _LOOK),))


def refused(job: Job, problems: tuple[Problem, ...]) -> Result:
    """Return the result of a source that could not be converted; the next build tries again."""
    return Result(
        "", CommentsRecord(0, "", problems) if job.kind is None else DocumentRecord(None, "", "", 0, problems), b""
    )


def _comments(job: Job, data: bytes) -> Result:
    """Convert the comments kept beside a document: threads, oldest first, sanitised."""
    raw, problems = parse_comments(job.path, data, ZoneInfo(job.timezone))
    encoded = _encode(tuple(_comment(each, job.settings) for each in thread_comments(raw)))
    return Result(
        digest_bytes(data),
        CommentsRecord(sum(not each.hidden for each in raw), digest_bytes(encoded), problems),
        encoded,
    )


def _comment(thread_comments: Thread, settings: MarkupSettings) -> Comment:
    """Sanitise a comment and those below it; a thread's depth is bounded when it is read."""
    raw = thread_comments.comment
    replies = tuple(_comment(reply, settings) for reply in thread_comments.replies)
    return Comment(raw.id, raw.author, raw.date, comment_html(raw.body, settings), replies, raw.url)
