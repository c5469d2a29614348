"""Convert many sources: in this process if they are few and safe, else in processes that can be ended."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from generator.engine.conversion import STEPS, Job, Result, Value, begin_conversion, crashed, read_job, too_slow
from generator.engine.processes.pool import CHUNK, Failure, Pool
from generator.engine.processes.worker import Limits
from generator.markup.precheck import is_risky

POOL_FROM = 150  # sources to convert: below, starting processes costs more than it saves
_WARM_UP = 4  # sources converted before processes start: forks inherit the modules and patterns that these need


def convert_sources(
    jobs: Sequence[Job], limit: int | None, limits: Limits | None = None
) -> Iterator[tuple[Job, Result]]:
    """Do all jobs; yields results in the order of the jobs, as they become ready.

    `limit` is the most processes to use, `limits` apply to each job. If a process hangs or dies, its source is refused
    by name and all others are converted.
    """
    workers = limit or os.cpu_count() or 1
    many = workers > 1 and len(jobs) >= POOL_FROM
    with Pool[Job, Result](STEPS, workers if many else 1, limits) as pool:
        here = jobs[:_WARM_UP] if many else jobs
        for first in range(0, len(here), CHUNK):
            some = here[first : first + CHUNK]
            for job, value in zip(some, _do_here(some), strict=True):
                yield job, value if isinstance(value, Result) else _settle(job, next(pool.map([job])), pool.limits)
        rest = jobs[len(here) :]
        for job, result in zip(rest, pool.map(rest), strict=True):
            yield job, _settle(job, result, pool.limits)


def _do_here(jobs: Sequence[Job]) -> list[Value]:
    """Do some jobs in this process; risky ones are returned unchanged, for a process that can be ended."""
    values = [_begin_here(job) for job in jobs]
    for step in STEPS[1:]:
        values = [value if isinstance(value, Job) else step(value) for value in values]
    return values


def _begin_here(job: Job) -> Value:
    data = read_job(job)
    if isinstance(data, Result):
        return data
    return job if is_risky(data) else begin_conversion(job, data)


def _settle(job: Job, result: Result | Failure, limits: Limits) -> Result:
    if isinstance(result, Result):
        return result
    return too_slow(job, limits.deadline_s) if result is Failure.TIME else crashed(job)
