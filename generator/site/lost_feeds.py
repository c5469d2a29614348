"""Feeds that were public and are gone: their subscribers get nothing new, and no feed reader says so."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from generator.config.load import FILE
from generator.errors import Problem, note, warning
from generator.site.editions import moved_lists
from generator.site.index_model import SiteIndex
from generator.site.listings import FEED_FILES

_FILES = "|".join(map(re.escape, FEED_FILES.values()))
_FEED = re.compile(rf"(?:[a-z]{{2,3}}(?:-\w+)*/)?(?:(?:tags|series|authors)/[^/]+/|newsletter/)?(?:{_FILES})")
_FORMATS = {file: name for name, file in FEED_FILES.items()}


def feed_addresses(outputs: Iterable[str]) -> Iterator[str]:
    """List the addresses of the feeds among the output paths."""
    return (f"/{path}" for path in outputs if path.endswith((".xml", ".json")) and _FEED.fullmatch(path))


def explain_lost_feeds(lost: Collection[str], outputs: Collection[str], *, posts: bool) -> tuple[Problem, ...]:
    """Make a warning for each format that a kind of listing lost, and a note for a listing that has no posts left.

    `posts` says whether the site has any.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    problems = []
    for address in sorted(lost):
        folder, _, file = address.lstrip("/").rpartition("/")
        if f"{folder}/index.html" not in outputs if folder else not posts:
            listing = f"/{folder}/" if folder else "/"
            message = f"The published feed {address} is gone, because no post is listed at {listing} any more."
            problems.append(note(FILE, "feed-gone", message, "If that is what you want, there is nothing to do."))
        else:
            groups.setdefault((folder.partition("/")[0] if "/" in folder else "", file), []).append(address)
    return (*problems, *(_explain(kind, file, addresses) for (kind, file), addresses in groups.items()))


def _explain(kind: str, file: str, addresses: list[str]) -> Problem:
    setting = "listing_feeds" if kind else "feeds"
    settled = [f"/{kind}/*/{file}"] if kind and len(addresses) > 1 else addresses
    which = f"{len(addresses)} published feeds are gone, such as" if len(addresses) > 1 else "The published feed"
    ends = "" if len(addresses) > 1 else " is gone"
    message = f"{which} {addresses[0]}{ends}, so those who subscribed get nothing new."
    hint = (
        f'To keep it, add "{_FORMATS[file]}" to {setting} in [output], and what it is of to feeds_for. '
        f"· If you removed it on purpose, add to [gone]: addresses = {json.dumps(settled, ensure_ascii=False)}"
    )
    return warning(FILE, "feed-gone", message, hint)


def moved_feeds(lost: Iterable[str], index: SiteIndex) -> dict[str, str]:
    """Choose the lost feeds whose list is now among the pages of another language: old address → new one."""
    lists = moved_lists(index)
    folders = ((feed, feed.rpartition("/")[0] + "/") for feed in lost)
    return {feed: f"/{lists[folder][0]}{feed}" for feed, folder in folders if folder in lists}


def explain_moved_feeds(moved: Mapping[str, str]) -> Iterator[Problem]:
    """Note each feed that has moved with its list: a static host cannot redirect it by a page."""
    for old, new in sorted(moved.items()):
        message = f"The published feed {old} is now at {new}."
        hint = f"Hosts that read _redirects send its subscribers there. On others, redirect {old} to {new}."
        yield note("site.toml", "feed-gone", message, hint)
