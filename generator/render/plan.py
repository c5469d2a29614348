"""The whole plan of a build: every output file, decided before the first is rendered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from generator.errors import Problem, error
from generator.model import Target
from generator.render import files
from generator.render.documents import DOCUMENTS
from generator.render.feeds import FEEDS
from generator.render.kinds import Kind
from generator.render.listings import LISTINGS
from generator.render.overviews import OVERVIEWS
from generator.render.singles import NOT_FOUND, REDIRECTS, ROBOTS
from generator.render.sitemap import SITEMAP
from generator.render.world import World
from generator.site.addresses import file_key, root_relative
from generator.site.values import Card

# In the order they are written: what pages refer to comes before the pages, feeds after what they announce.
_KINDS = (LISTINGS, OVERVIEWS, DOCUMENTS, NOT_FOUND, FEEDS, SITEMAP, ROBOTS, REDIRECTS)
KINDS: dict[str, Kind] = {name: kind for kind in _KINDS for name in kind.names}


@dataclass(frozen=True, slots=True)
class Plan:
    """All targets, no two of one path, in the order in which they are written."""

    targets: tuple[Target, ...]
    problems: tuple[Problem, ...]


def make_plan(world: World) -> Plan:
    """Plan every output file; a file of content/static stands before a generated one of the same path."""
    listed = [target for kind in (LISTINGS, OVERVIEWS) for target in kind.plan(world)]
    world.listings.update(_address(target) for target in listed)
    documents = list(DOCUMENTS.plan(world))
    _answer_map(world, [*documents, *listed])
    others = [target for kind in (NOT_FOUND, FEEDS, SITEMAP, ROBOTS, REDIRECTS) for target in kind.plan(world)]
    targets, problems = _distinct([*files.plan(world), *documents, *listed, *others])
    paths = frozenset(target.path for target in targets)
    world.queries.add("out", lambda path: path in paths)
    return Plan(targets, tuple(problems))


def _address(target: Target) -> str:
    return "/" + target.path.removesuffix("index.html")


def _answer_map(world: World, pages: Iterable[Target]) -> None:
    """Answer `map|`: each page's root-relative URL and the day of its last change ("" where none is known)."""
    cards = world.queries.index.cards
    rows = {
        root_relative(world.config, _address(target)): _changed(cards.get(target.args[0]) if target.args else None)
        for target in pages
    }
    value = tuple(sorted(rows.items()))
    world.queries.add("map", lambda _: value)


def _changed(card: Card | None) -> str:
    dates: list[datetime] = [date for date in (card.updated, card.date) if date] if card else []
    return max(dates).date().isoformat() if dates else ""


def _distinct(targets: Iterable[Target]) -> tuple[tuple[Target, ...], list[Problem]]:
    """Keep the first target of each path; a generated page that a document displaces is a problem of the document's."""
    kept: dict[str, Target] = {}
    problems = []
    for target in targets:
        other = kept.setdefault(file_key(target.path), target)
        if other is not target and other.kind in DOCUMENTS.names:
            message = f"Its address is that of a generated page, /{target.path}."
            problems.append(error(other.args[0], "address-taken", message, "Give it another slug or permalink."))
    return tuple(kept.values()), problems
