"""The render stage: stale targets to the output, one by one; nothing is collected but what they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice

import msgspec

from generator.engine.processes.render_pool import Recorded, draw_all
from generator.engine.stages.output import Outputs, encode_args
from generator.engine.trace import Trace
from generator.errors import OpenletterError, OutputError, Problem
from generator.model import Target
from generator.render.world import World
from generator.store import TargetRow

Progress = Callable[[str, int, int], None]
_BATCH = 512  # rows put into the state together
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Renders:
    """What the stage did: path → reasons, the paths that had to be written, the rows that are not kept yet."""

    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    rows: list[TargetRow] = field(default_factory=list)

    def keep(self, outputs: Outputs, trace: Trace) -> None:
        """Put the rows into the state, with the keys that they name."""
        outputs.keep(self.rows)
        trace.keep()
        self.rows = []


def render_all(
    stale: Mapping[Target, tuple[str, ...]],
    world: World,
    outputs: Outputs,
    trace: Trace,
    jobs: int | None,
    note: Progress,
    meanwhile: Callable[[], None],
) -> Renders:
    """Render and write the stale targets; each has its reasons. Only this process writes.

    `meanwhile` is called once before the first is written: when, if there are many, copies of this process are at work.
    One that fails has no output, and its old file goes but in a live preview; its problems are kept with what it read
    before and now.
    Raises: OutputError when the output cannot be written.
    """
    renders = Renders(reasons={target.path: reasons for target, reasons in stale.items()})
    results = draw_all(tuple(stale), world, jobs, trace.record)
    first = list(islice(results, 1))
    meanwhile()
    for done, (target, drawn) in enumerate(chain(first, results), 1):
        renders.rows.append(_write(target, drawn, outputs, renders))
        if len(renders.rows) >= _BATCH:
            renders.keep(outputs, trace)
        note("render", done, len(stale))
    renders.keep(outputs, trace)
    return renders


def _write(target: Target, drawn: Recorded, outputs: Outputs, renders: Renders) -> TargetRow:
    if drawn.content is None:
        return _failed(target, drawn.reads, drawn.problems, outputs)
    try:
        written, (mtime, size) = outputs.put(target, drawn.content, drawn.digest)
    except OutputError:
        raise
    except OpenletterError as failure:
        return _failed(target, drawn.reads, failure.problems, outputs)
    renders.written += [target.path] * written
    problems = _encode(drawn.problems)
    return TargetRow(target.path, target.kind, encode_args(target), drawn.digest, mtime, size, drawn.reads, problems)


def _failed(target: Target, reads: bytes, problems: tuple[Problem, ...], outputs: Outputs) -> TargetRow:
    """Keep a failed target with the union of its old and new reads: it may heal through any of them."""
    if not outputs.keep_failed:
        outputs.folder.delete(target.path)
    before = outputs.rows.get(target.path)
    reads += before.reads if before else b""
    return TargetRow(target.path, target.kind, encode_args(target), "", 0, 0, reads, _encode(problems))
