"""The part of the shared pass that needs a tree, because it changes how elements are nested."""

from __future__ import annotations

from generator.markup.characters import MORE
from generator.markup.dom import parse_html, write_html
from generator.markup.draft import BodyFacts, BodyTree
from generator.markup.excerpt import place_more
from generator.markup.fences import make_fences
from generator.markup.figures import make_figures
from generator.markup.footnotes import make_footnotes
from generator.markup.insets import make_insets
from generator.markup.links import drop_internal_citations, number_links
from generator.markup.media import mark_players
from generator.markup.quotes import make_quotes
from generator.markup.repairs import repair
from generator.markup.tasks import make_tasks


def rework(html: str, found: BodyFacts) -> str:
    """Rework sanitised HTML as a tree, and write it in the sanitiser's form. Each step uses the result of the last."""
    draft = BodyTree(parse_html(html), html, found)
    draft.look()
    if MORE in html:
        place_more(draft.root)
    make_fences(draft)
    repair(draft)
    make_tasks(draft)
    make_footnotes(draft)
    make_quotes(draft)
    make_insets(draft)
    make_figures(draft)
    mark_players(draft)
    number_links(draft)
    drop_internal_citations(draft)
    return write_html(draft.root)
