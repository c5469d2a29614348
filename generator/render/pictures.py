"""Pictures in the sizes that pages show: a target for each rendition."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from generator.model import Target
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.kinds import OutputKind, Phase
from generator.site.renditions import Rendition, find_renditions

NAME = "rendition"


def plan_renditions(context: RenderContext) -> Iterable[tuple[str, list[Rendition]]]:
    """List what must be drawn of each picture that documents, authors or the site show, by its path."""
    index, settings = context.queries.index, context.config.images
    for path in index.shown_pictures:
        found = find_renditions(index.files[path], index.pictures[path], settings)
        yield path, [one for one in found if not one.is_original]


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan a target for each rendition."""
    return (Target(one.path, NAME, (path,)) for path, drawn in plan_renditions(context) for one in drawn)


def render(target: Target, site: Site) -> Path:
    """Find the rendition's file, or draw it. Raises: ContentError if the picture is damaged."""
    (path,) = target.args
    site.source_file(path)
    one = next(each for each in site.renditions(path) if each.path == target.path)
    return site.context.rendition(path, one)


RENDITIONS = OutputKind({NAME: "a picture in another size"}, "PICTURE.640.3f2a9c1d.webp", Phase.FILES, plan, render)
