"""The render stage: target by target to the output, nothing collected but digests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from generator.build.commit import Outputs
from generator.digest import digest_bytes
from generator.errors import OpenletterError, OutputError, Problem
from generator.model import Rendered, Target
from generator.render import files
from generator.render.kinds import FileCopy
from generator.render.plan import KINDS
from generator.render.tracked import Site
from generator.render.world import World

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class RenderedAll:
    """What the stage did: output path → digest, the paths that had to be written, problems met."""

    digests: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    problems: set[Problem] = field(default_factory=set)


def render_all(targets: Sequence[Target], world: World, outputs: Outputs, note: Progress) -> RenderedAll:
    """Render and write all targets in order. One that fails has no output; its problem is kept, the build goes on.

    Raises: OutputError when the output cannot be written.
    """
    done = RenderedAll()
    outputs.begin(target.path for target in targets)
    for count, target in enumerate(targets, 1):
        try:
            _render_one(target, world, outputs, done)
        except OutputError:
            raise
        except OpenletterError as failure:
            done.problems.update(failure.problems)
        note("render", count, len(targets))
    return done


def _render_one(target: Target, world: World, outputs: Outputs, done: RenderedAll) -> None:
    if target.kind in files.NAMES:
        content = files.fetch(target, world)
        if isinstance(content, FileCopy):
            changed = outputs.folder.copy(target.path, content.file, content.digest)
            done.digests[target.path] = content.digest
            done.written += [target.path] * changed
            return
        rendered = Rendered(target.path, digest_bytes(content), {})
    else:
        rendered, content = render_one(target, world)
    done.problems.update(rendered.problems)
    done.digests[target.path] = rendered.digest
    done.written += [target.path] * outputs.folder.write(target.path, content)


def render_one(target: Target, world: World) -> tuple[Rendered, bytes]:
    """Render one page, with the keys it read. Raises: TemplateError."""
    site = Site(world)
    data = KINDS[target.kind].render(target, site)
    return Rendered(target.path, digest_bytes(data), site.reads, tuple(site.problems)), data
