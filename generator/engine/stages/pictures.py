"""Within the fourth stage: draw the renditions that are stale and not kept from before, in several processes."""

from __future__ import annotations

from generator.engine.renditions import Renditions
from generator.engine.request import BuildRequest
from generator.engine.stages.render import Reasons
from generator.render.context import RenderContext
from generator.render.pictures import NAME, plan_renditions

_MEGABYTE = 1_000_000


def draw_pictures(stale: Reasons, context: RenderContext, request: BuildRequest) -> None:
    """Draw what stale targets need, and delete what nothing needs if too much is kept. Raises: OutputError."""
    paths = {target.path for target in stale if target.kind == NAME}
    if not paths:
        return
    renditions = context.rendition
    assert isinstance(renditions, Renditions), "the plan made it"
    planned = dict(plan_renditions(context))
    wanted = {path: some for path, every in planned.items() if (some := [one for one in every if one.path in paths])}
    if renditions.draw_missing(wanted, request.options.jobs, request.progress):
        used = ((path, one) for path, every in planned.items() for one in every)
        renditions.prune(used, context.config.images.cache_size * _MEGABYTE)
