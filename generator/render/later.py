"""The links and pictures of scheduled documents, checked before their pages exist.

A mistake in them is found when they are written, not in the night in which they go live.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Level, Problem
from generator.markup.links import is_internal
from generator.render.alt_problems import describe_alt
from generator.render.facade import Site
from generator.render.link_problems import describe_link, describe_missing_picture, describe_refused
from generator.render.links import find_refusal, resolve_link, resolve_picture
from generator.render.own_links import check_own_links, describe_action
from generator.site.index_model import ScheduledDocument
from generator.site.source_names import bare_name, source_path


def check_scheduled(site: Site) -> tuple[Problem, ...]:
    """List the warnings that the pages of scheduled documents will have, in the order of their places."""
    scheduled = site.context.queries.index.scheduled.values()
    found = (problem for document in scheduled for problem in _check(site, document))
    return tuple(sorted({problem for problem in found if problem.level is Level.WARNING}))


def _check(site: Site, document: ScheduledDocument) -> Iterator[Problem]:
    key, body = document.key, site.stored_body(document.key)
    for link in body.links:
        place = resolve_link(site, document, link.target, body.anchors)
        if place.broken:
            yield from describe_link(key, site.locate(key, link.target), link.target, place)
    pictures = site.context.queries.index.pictures  # those beside a scheduled post included
    for picture in body.images:
        if next(describe_alt(key, (0, 0), picture), None):
            yield from describe_alt(key, site.locate(key, picture.src)[0], picture)
        refusal = find_refusal(site, document, picture.src)
        if refusal:
            yield from describe_refused(key, site.locate(key, picture.src), picture.src, refusal)
            continue
        beside = (source_path(key, picture.src), site.find_named(bare_name(picture.src)))
        known = resolve_picture(site, document, picture.src) or any(each in pictures for each in beside)
        if is_internal(picture.src) and not known:
            yield from describe_missing_picture(key, site.locate(key, picture.src), picture.src)
    absolute: list[Problem] = []
    check_own_links(site, key, body.html, absolute)
    yield from absolute
    if document.action:
        yield from describe_action(site, key, document.action)
