"""Render one target to bytes, with what it read and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from generator.digest import digest_bytes, digest_file
from generator.errors import OpenletterError, Problem, error
from generator.model import Target
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.files import FILES, check_copied
from generator.site.editions import edition_of


class RenderResult(NamedTuple):
    """A rendered target: its bytes, or the file to copy; None, with problems, if it failed."""

    content: bytes | Path | None
    digest: str
    reads: Mapping[str, str]
    problems: tuple[Problem, ...]


def render_target(target: Target, context: RenderContext) -> RenderResult:
    """Render one target, or find the file it copies; a mistake in a template becomes part of the result."""
    site = Site(context, edition_of(target.path, context.queries.editions))
    try:
        content = context.kinds[target.kind].render(target, site)
        name = digest_file(content) if isinstance(content, Path) else digest_bytes(content)
        if target.kind in FILES.names:
            check_copied(target, site, name)
    except OpenletterError as failure:
        return RenderResult(None, "", site.reads, failure.problems)
    except (FileNotFoundError, PermissionError) as reason:
        what = "disappeared" if isinstance(reason, FileNotFoundError) else "can no longer be read"
        message = f"The file {what} during the build ({reason.filename})."
        gone = error(target.args[0] if target.args else "", "unreadable", message, "Build again.")
        return RenderResult(None, "", site.reads, (gone,))
    return RenderResult(content, name, site.reads, tuple(site.problems))
