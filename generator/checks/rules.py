"""The rules of a check, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from generator.checks.address_register import lost_addresses
from generator.checks.built_pages import built_pages
from generator.checks.care import accessibility_statement, approvals, reviews
from generator.checks.english import plain_english
from generator.checks.fan_out import fan_out
from generator.checks.first_publication import first_publication
from generator.checks.headings import heading_jumps
from generator.checks.holds import events_in_holds
from generator.checks.link_texts import vague_links
from generator.checks.similar_tags import similar_tags
from generator.checks.spelling import misspellings
from generator.checks.summaries import long_titles, missing_summaries
from generator.checks.template_tags import template_tags
from generator.checks.translations import missing_translations, older_translations
from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem

Rule = Callable[[BuiltSite], Iterable[Problem]]
RULES: tuple[Rule, ...] = (
    heading_jumps,
    vague_links,
    template_tags,
    long_titles,
    missing_summaries,
    similar_tags,
    built_pages,
    fan_out,
    first_publication,
    approvals,
    reviews,
    events_in_holds,
    accessibility_statement,
    lost_addresses,
)
"""What every check looks for."""
TRANSLATIONS: tuple[Rule, ...] = (missing_translations, older_translations)
"""What `--translations` looks for besides."""
PROSE: tuple[Rule, ...] = (misspellings, plain_english)
"""What `--prose` looks for besides."""
