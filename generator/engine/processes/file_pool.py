"""Prepare many files: in this process where they are few or small, else in several processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from generator.content.site_files import ContentFile
from generator.engine.files import prepare_file
from generator.engine.processes.pool import Failure, Pool
from generator.engine.processes.worker import Limits
from generator.engine.records import FileRecord
from generator.errors import OutputError, Problem, error

POOL_FROM = 4  # files
POOL_FROM_BYTES = 2_000_000  # of all of them: below either, starting processes costs more than it saves
LIMITS = Limits(deadline_s=600, memory_bytes=0)  # a film may be large, and its address space is no memory


class FileJob(Struct, frozen=True):
    """A file of the site at `root` to be prepared; what is made of it is kept below `state`."""

    root: str
    item: ContentFile
    state: str


class PreparedFile(Struct, frozen=True):
    """A prepared file: the digest of its own bytes, and its record. `problems` say why nothing could be written."""

    digest: str
    record: FileRecord
    problems: tuple[Problem, ...] = ()


def prepare_files(
    root: Path, items: Sequence[ContentFile], state: Path, limit: int | None
) -> Iterator[tuple[str, FileRecord]]:
    """Prepare files as `prepare_file` does, in their order. `limit` bounds the processes.

    A file on which a process hangs or dies is refused by name. Raises: OutputError.
    """
    jobs = [FileJob(str(root), item, str(state)) for item in items]
    workers = min(limit or os.cpu_count() or 1, len(jobs))
    if workers < 2 or len(jobs) < POOL_FROM or sum(item.stamp[1] for item in items) < POOL_FROM_BYTES:
        for job in jobs:
            yield _taken(job, prepare(job))
        return
    with Pool[FileJob, PreparedFile]((prepare,), workers, LIMITS) as pool:
        for job, result in zip(jobs, pool.map(jobs), strict=True):
            yield _taken(job, result)


def prepare(job: FileJob) -> PreparedFile:
    """Prepare one file; never raises."""
    try:
        return PreparedFile(*prepare_file(Path(job.root, job.item.real), job.item, Path(job.state)))
    except OutputError as failure:
        return PreparedFile("", FileRecord("", published=False), failure.problems)


def _taken(job: FileJob, result: PreparedFile | Failure) -> tuple[str, FileRecord]:
    if isinstance(result, Failure):
        problem = _failed(job.item.path, result)
        return "", FileRecord("", published=False, problems=(problem,), refusal=problem)
    if result.problems:
        raise OutputError(*result.problems)
    return result.digest, result.record


def _failed(path: str, failure: Failure) -> Problem:
    if failure is Failure.TIME:
        minutes = round(LIMITS.deadline_s / 60)
        message = f"Removing this file's metadata took longer than {minutes} minutes and was stopped."
        return error(path, "file-time", message, "Save it again, smaller.")
    message = "The process that read this file crashed. The file may be damaged."
    return error(path, "file-crash", message, "Export or copy it again.")
