"""Files that are copied: content/static, files beside a document, the theme's files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from generator.model import Target
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.kinds import OutputKind, Phase


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan a target for each file: `file` for the site's own, `asset` for the theme's."""
    yield from (Target(output, "file", (path,)) for path, output in context.queries.index.files.items())
    yield from (Target(static.output_path, "asset", (path,)) for path, static in sorted(context.theme.static.items()))


def render(target: Target, site: Site) -> bytes | Path:
    """Find what a file target holds: a file to be copied, or the bytes of a style sheet with its names rewritten."""
    path = target.args[0]
    if target.kind == "asset":
        static = site.static_file(path)
        return static.rewritten if static.rewritten is not None else static.file
    return site.source_file(path)


FILES = OutputKind(
    {"file": "a file of the site", "asset": "a file of the theme"},
    "FILE",
    Phase.FILES,
    plan,
    render,
)
