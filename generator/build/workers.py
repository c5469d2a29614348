"""Convert many sources, in worker processes where there is enough to do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from generator.build.convert import Job, convert_comments, convert_document
from generator.build.made import Kept, Parsed
from generator.content.read import read_source
from generator.digest import digest_bytes
from generator.errors import ContentError

POOL_FROM = 150  # sources to convert: below, starting processes costs more than it saves
_CHUNK = 16


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job: the digest of the bytes that were read, what was made, its encoded text (b"" for none)."""

    digest: str
    made: Parsed | Kept
    encoded: bytes


def run(jobs: Sequence[Job], limit: int | None) -> Iterator[tuple[Job, Result]]:
    """Do all jobs; results come in their order, a chunk at a time. `limit` bounds the processes."""
    workers = limit or os.cpu_count() or 1
    if workers == 1 or len(jobs) < POOL_FROM:
        yield from ((job, work(job)) for job in jobs)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from zip(jobs, pool.map(work, jobs, chunksize=_CHUNK), strict=True)


def work(job: Job) -> Result:
    """Read a source and convert it; a file that cannot be read is a problem of its own."""
    try:
        data = read_source(job.file, job.path)
    except ContentError as refusal:
        empty = Kept(0, "", refusal.problems) if job.kind is None else Parsed(None, "", "", 0, refusal.problems)
        return Result("", empty, b"")
    made, encoded = (convert_comments if job.kind is None else convert_document)(job, data)
    return Result(digest_bytes(data), made, encoded)
