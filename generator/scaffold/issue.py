"""Start a newsletter issue: with the posts since the last one, and an introduction to write."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from generator.clock import Clock
from generator.engine.loaded_site import LoadedSite, load_site
from generator.errors import Level
from generator.model import Kind
from generator.scaffold.new import new
from generator.site.assembly import Assembly, Wish, assemble


def new_issue(root: Path, title: str, wish: Wish, clock: Clock) -> tuple[str, Assembly]:
    """Write a draft of an issue and give its site-relative path, with what it takes and what it leaves out.

    A `since` without a zone is in the site's. Raises: ConfigError when site.toml or the theme is wrong, the title is
    empty, or a chosen post is not there; OSError.
    """

    def use(opened: LoadedSite) -> Assembly:
        broken = {each.path for each in opened.problems if each.level is Level.ERROR}
        unread = sorted(path for path in broken - set(opened.documents) if path.startswith("content/posts/"))
        asked = Wish(wish.posts, wish.tags, wish.limit, _aware(wish.since, opened))
        return assemble(opened.world.queries.index, opened.documents, unread, asked, opened.inputs.now)

    assembly = load_site(
        root, clock, use, show=lambda documents, _: [each.path for each in documents if each.meta.kind is Kind.ISSUE]
    )
    posts = tuple((each.name, each.title) for each in assembly.taken)
    return new(root, Kind.ISSUE, title, posts=posts), assembly


def _aware(moment: datetime | None, opened: LoadedSite) -> datetime | None:
    zone = opened.inputs.config.zone
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=zone)
