"""Start a newsletter issue with the posts that no issue has included yet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from generator.clock import Clock
from generator.engine.loaded_site import LoadedSite, load_site
from generator.errors import Level
from generator.model import Kind
from generator.scaffold.arrangement import copy_arrangement, find_like
from generator.scaffold.new_source import create_source
from generator.site.issue_selection import Criteria, IssueSelection, select_posts


def create_issue(root: Path, title: str, wish: Criteria, clock: Clock, like: str = "") -> tuple[str, IssueSelection]:
    """Write a draft of an issue; return its site-relative path and the included and skipped posts.

    It is arranged like the issue `like`, if one is named by its slug or file.

    A `since` without a time zone is in the site's zone.

    Raises: ConfigError if site.toml or the theme is wrong, the title is empty, or a chosen post is missing; OSError.
    """
    arrangement: dict[str, Any] = {}

    def use(site: LoadedSite) -> IssueSelection:
        if like:
            arrangement.update(copy_arrangement(find_like(site.documents.values(), like)))
        broken = {each.path for each in site.problems if each.level is Level.ERROR}
        unread = sorted(broken - set(site.documents))
        asked = Criteria(wish.posts, wish.tags, wish.limit, _aware(wish.since, site))
        return select_posts(site.context.queries.index, site.documents, unread, asked, site.inputs.now)

    selection = load_site(
        root, clock, use, show=lambda documents, _: [each.path for each in documents if each.meta.kind is Kind.ISSUE]
    )
    posts = tuple((each.name, each.title) for each in selection.taken)
    return create_source(root, Kind.ISSUE, title, posts=posts, arrangement=arrangement), selection


def _aware(moment: datetime | None, site: LoadedSite) -> datetime | None:
    zone = site.inputs.config.zone
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=zone)
