"""Eleventy: Nunjucks and Liquid tags in texts; also what any other generator's blog is read as.

No settings of its own tell that a blog is Eleventy's: its configuration is a program, which is not run.
"""

from __future__ import annotations

from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.front_matter_keys import truth
from generator.text.tree import Value


class EleventyDialect(Dialect):
    """The ways of Eleventy, and of generators that we do not know."""

    attribute_lists = True


ELEVENTY = EleventyDialect()


def makes_no_page(permalink: Value) -> bool:
    """Tell whether this `permalink` says that no page is made: `permalink: false`."""
    return truth(permalink) is False
