"""Files that are carried over: content/static, what lies beside a document, the theme's own."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model import Target
from generator.render.kinds import FileCopy
from generator.render.world import World

NAMES = ("file", "asset")


def plan(world: World) -> Iterable[Target]:
    """Plan a target for each file: `file` for the site's own, `asset` for the theme's."""
    yield from (Target(output, "file", (path,)) for path, output in world.queries.index.files.items())
    yield from (Target(static.output_path, "asset", (path,)) for path, static in sorted(world.theme.static.items()))


def fetch(target: Target, world: World) -> FileCopy | bytes:
    """Find what a file target holds: a file to be copied, or the bytes of a style sheet with its names rewritten."""
    if target.kind == "asset":
        static = world.theme.static[target.args[0]]
        return static.rewritten if static.rewritten is not None else FileCopy(target, static.file, static.digest)
    file, digest = world.sources[target.args[0]]
    return FileCopy(target, file, digest)
