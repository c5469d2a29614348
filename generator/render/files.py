"""Files that are copied: content/static, files beside a document, the theme's files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from generator.content.changed_file import refuse_changed
from generator.model import Target
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.kinds import OutputKind, Phase


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan a target for each file: `file` for the site's own, `asset` for the theme's."""
    yield from (Target(output, "file", (path,)) for path, output in context.queries.index.files.items())
    yield from (Target(static.output_path, "asset", (path,)) for path, static in sorted(context.theme.static.items()))


def render(target: Target, site: Site) -> bytes | Path:
    """Return the file to copy, or the bytes of a style sheet whose references were renamed."""
    path = target.args[0]
    if target.kind == "asset":
        static = site.static_file(path)
        return static.rewritten if static.rewritten is not None else static.file
    return site.source_file(path)


def check_copied(target: Target, site: Site, digest: str) -> None:
    """Compare the digest of what is to be written with that of the bytes that this build has read.

    Raises: ContentError.
    """
    path = target.args[0]
    is_asset = target.kind == "asset"
    refuse_changed(path, digest, site.context.theme.static[path].digest if is_asset else site.source_digest(path))


FILES = OutputKind(
    {"file": "a file of the site", "asset": "a file of the theme"},
    "FILE",
    Phase.FILES,
    plan,
    render,
)
