"""Decide which blocks of its stories a letter carries, and report the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from generator.blocks import NAMES, arrange_names
from generator.errors import Problem, note, warning
from generator.render.facade import Site
from generator.site.blocks import collects_dates
from generator.site.index_model import DocumentBlocks

ROOM = 100_000
"""Bytes of HTML up to which a letter carries blocks of its stories.

Gmail cuts HTML off after 102,000; the difference is for each reader's name and own addresses.
"""
CarriedBlocks = Mapping[str, tuple[str, ...]]
"""Post → the names of its blocks, in the order of the letter's stories."""


def list_story_blocks(site: Site, issue: str) -> CarriedBlocks:
    """List the blocks of an issue's stories that its letter can carry: without dates that the issue collects."""
    layout = site.issue_layout(issue)
    stories = ([layout.lead] if layout.lead else []) + [key for each in layout.sections for key in each.posts]
    found = {key: _list_blocks(site, issue, key) for key in stories}
    return {key: names for key, names in found.items() if names}


def report_blocks(site: Site, issue: str, carried: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """Report each post of an issue with blocks that its letter does not carry."""
    layout = site.issue_layout(issue)
    for key in layout.posts:
        missing = [name for name in _list_blocks(site, issue, key) if name not in carried.get(key, ())]
        if not missing:
            continue
        line, column = site.locate_field(key, "", missing[0])
        words = " and ".join(f'"{name}"' for name in missing)
        if key in layout.brief:
            message = f"This post is in brief, so the mail shows one line of it, and not its {words}."
            hint = 'To show more of it, take it out of "brief" in the issue.'
            yield note(key, "mail-blocks", message, hint, line=line, column=column)
        else:
            message = f"The mail would become too large for Gmail, so it does not have {words} of this post."
            hint = "Shorten the letter, for example with fewer stories, or leave it: the post's page has them."
            yield warning(key, "mail-blocks", message, hint, line=line, column=column)


def _list_blocks(site: Site, issue: str, key: str) -> tuple[str, ...]:
    found = site.document_blocks(key)
    if found is None:
        return ()
    collected = {"dates"} if collects_dates(site.document_blocks(issue) or DocumentBlocks()) else set()
    names = (name for name in arrange_names(found.order) if name in NAMES and name not in collected)
    return tuple(name for name in names if found.blocks.has(name))
