"""Convert many sources: in this process where they are few and harmless, else in processes that can be ended."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.build.convert import Job, convert_comments, convert_document
from generator.build.made import Kept, Parsed
from generator.build.pool import Failure, Pool
from generator.build.worker import Limits
from generator.content.read import read_source
from generator.digest import digest_bytes
from generator.errors import ConfigError, ContentError, Problem, error
from generator.markup.precheck import is_risky

POOL_FROM = 150  # sources to convert: below, starting processes costs more than it saves
_LOOK = "Look in it for very long paragraphs of brackets, tags or other signs, and put blank lines between its parts."


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job: the digest of the bytes that were read, what was made, its encoded text (b"" for none).

    Without a digest the source is tried again by the next build: it could not be read, or was given up.
    """

    digest: str
    made: Parsed | Kept
    encoded: bytes


def run(jobs: Sequence[Job], limit: int | None, limits: Limits | None = None) -> Iterator[tuple[Job, Result]]:
    """Do all jobs; results come in their order, as they are there. `limit` bounds the processes, `limits` each job.

    A source on which a process hangs or dies is refused by name, and every other one is converted.
    """
    workers = limit or os.cpu_count() or 1
    many = workers > 1 and len(jobs) >= POOL_FROM
    with Pool(work, workers if many else 1, limits) as pool:
        if many:
            for job, result in zip(jobs, pool.map(jobs), strict=True):
                yield job, _settle(job, result, pool.limits)
            return
        for job in jobs:
            yield job, _do_here(job) or _settle(job, next(pool.map([job])), pool.limits)


def work(job: Job) -> Result:
    """Read a source and convert it; a file that cannot be read is a problem of its own. Never raises."""
    try:
        data = read_source(job.file, job.path)
    except ContentError as refusal:
        return _refused(job, refusal.problems)
    return _make(job, data)


def _do_here(job: Job) -> Result | None:
    """Do a job in this process; None where it had better be done in one that can be ended."""
    try:
        data = read_source(job.file, job.path)
    except ContentError as refusal:
        return _refused(job, refusal.problems)
    return None if is_risky(data) else _make(job, data)


def _make(job: Job, data: bytes) -> Result:
    try:
        made, encoded = (convert_comments if job.kind is None else convert_document)(job, data)
    except MemoryError:
        return _refused(job, (_crash(job),))
    except ConfigError as refusal:  # an extension is another one than when the build began
        return _refused(job, refusal.problems)
    except Exception as failure:  # a mistake of ours: one source is not worth the whole site
        if os.environ.get("OPENLETTER_DEBUG") == "1":
            raise
        what = f"Openletter failed on this file ({type(failure).__name__}: {failure})."
        hint = "Please report it, with the file, and take out half of its text at a time to find the passage."
        return _refused(job, (error(job.path, "markup-crash", what, hint),))
    return Result(digest_bytes(data), made, encoded)


def _settle(job: Job, result: Result | Failure, limits: Limits) -> Result:
    if isinstance(result, Result):
        return result
    if result is Failure.TIME:
        what = f"Converting this file took longer than {limits.deadline_s:g} seconds and was stopped."
        return _refused(job, (error(job.path, "markup-time", what, _LOOK),))
    return _refused(job, (_crash(job),))


def _crash(job: Job) -> Problem:
    what = "Converting this file took too much memory, or made the converter crash."
    return error(job.path, "markup-crash", what, _LOOK)


def _refused(job: Job, problems: tuple[Problem, ...]) -> Result:
    return Result("", Kept(0, "", problems) if job.kind is None else Parsed(None, "", "", 0, problems), b"")
