"""The render stage: stale targets to the output, one by one; nothing is collected but what they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from generator.build.outputs import Outputs, encode_args
from generator.build.trace import Trace
from generator.digest import digest_bytes
from generator.errors import OpenletterError, OutputError, Problem
from generator.model import Rendered, Target
from generator.render.plan import KINDS
from generator.render.tracked import Site
from generator.render.world import World
from generator.store import TargetRow, file_digest

Progress = Callable[[str, int, int], None]
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Renders:
    """What the stage did: path → reasons, the paths that had to be written, the rows to be kept."""

    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    rows: list[TargetRow] = field(default_factory=list)


def render_all(
    stale: Mapping[Target, tuple[str, ...]], world: World, outputs: Outputs, trace: Trace, note: Progress
) -> Renders:
    """Render and write the stale targets; each has its reasons.

    One that fails has no output, and its old file goes; its problems are kept with what it read before and now.
    Raises: OutputError when the output cannot be written.
    """
    renders = Renders()
    for done, (target, reasons) in enumerate(stale.items(), 1):
        renders.reasons[target.path] = reasons
        renders.rows.append(_render_one(target, world, outputs, trace, renders))
        note("render", done, len(stale))
    return renders


def _render_one(target: Target, world: World, outputs: Outputs, trace: Trace, renders: Renders) -> TargetRow:
    site = Site(world)
    try:
        rendered, content = render(target, site)
        written, (mtime, size) = outputs.put(target, content, rendered.digest)
    except OutputError:
        raise
    except OpenletterError as failure:
        outputs.folder.delete(target.path)
        return _failed(target, site, failure.problems, outputs, trace)
    renders.written += [target.path] * written
    reads = trace.record(rendered.reads)
    problems = _encode(rendered.problems)
    return TargetRow(target.path, target.kind, encode_args(target), rendered.digest, mtime, size, reads, problems)


def render(target: Target, site: Site) -> tuple[Rendered, bytes | Path]:
    """Render one target, or find the file it is a copy of. Raises: TemplateError."""
    content = KINDS[target.kind].render(target, site)
    name = file_digest(content) if isinstance(content, Path) else digest_bytes(content)
    return Rendered(target.path, name, site.reads, tuple(site.problems)), content


def _failed(target: Target, site: Site, problems: tuple[Problem, ...], outputs: Outputs, trace: Trace) -> TargetRow:
    """Keep a failed target with the union of its old and new reads: it may heal through any of them."""
    before = outputs.rows.get(target.path)
    reads = trace.record(site.reads) + (before.reads if before else b"")
    return TargetRow(target.path, target.kind, encode_args(target), "", 0, 0, reads, _encode(problems))
