"""The pages of documents: posts, pages, newsletter issues."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from generator.model import Target
from generator.render.blocks import BlockViews, DateView, show_blocks
from generator.render.bodies import PAGE_BLOCK, Context, resolve_body, table_of_contents
from generator.render.comments import shown_discussion
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.fast import Lazy
from generator.render.head import document_head
from generator.render.kinds import OutputKind, Phase, page_bytes
from generator.render.own_links import check_action
from generator.site.addresses import output_path
from generator.site.index_model import Card, Discussion, Edition, SiteIndex


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan a page for each document."""
    index = context.queries.index
    every: list[SiteIndex | Edition] = [index, *index.editions.values()]
    for lists in every:
        for kind, keys in (("page", lists.pages), ("post", lists.posts), ("issue", lists.issues)):
            for key in keys:
                yield plan_document(index, kind, key)


def plan_document(index: SiteIndex, kind: str, key: str) -> Target:
    """Plan the page of a document."""
    return Target(output_path(index.addresses[key]), kind, (key,))


def render(target: Target, site: Site) -> bytes:
    """Render a document's page."""
    doc = site.card(target.args[0])
    context: dict[str, Any] = {
        "page": document_head(site, doc),
        "doc": doc,
        "body": resolve_body(site, doc, Context.PAGE),
        "blocks": Lazy(page_blocks, site, doc),
    }
    check_action(site, doc.key)
    more = {"post": _post, "page": _page, "issue": _issue}[target.kind]
    return page_bytes(site.render(f"{target.kind}.html", context | more(site, doc)))


def page_blocks(site: Site, doc: Card) -> Mapping[str, Any]:
    """Return the blocks of the front matter as HTML for the document's page, by name, in their order."""
    return show_blocks(site, doc, Context.PAGE, PAGE_BLOCK, {"plain": False, "level": 2})


def _post(site: Site, doc: Card) -> dict[str, Any]:
    """Return the values around a post, each computed only if its template reads it."""
    return {name: Lazy(make, site, doc) for name, make in _AROUND.items()}


def _discussion(site: Site, doc: Card) -> Discussion:
    discussion = site.discussion(doc)
    if not discussion.comments:
        return discussion
    return shown_discussion(site, doc, discussion)


def _event(site: Site, doc: Card) -> DateView | None:
    """Return when and where the event of a post is; None if it has none."""
    return BlockViews(site, doc, Context.PAGE).event()


_AROUND: Mapping[str, Callable[[Site, Card], Any]] = {
    "toc": table_of_contents,
    "event": _event,
    "newer": lambda site, doc: site.card_or_none(site.neighbours(doc).newer),
    "older": lambda site, doc: site.card_or_none(site.neighbours(doc).older),
    "related": lambda site, doc: site.cards(site.related(doc)),
    "part_prev": lambda site, doc: site.card_or_none(site.part_neighbours(doc).previous),
    "part_next": lambda site, doc: site.card_or_none(site.part_neighbours(doc).next),
    "discussion": _discussion,
    "last_part": lambda site, doc: site.last_part(doc.series.slug) if doc.series else 0,
}


def _page(site: Site, doc: Card) -> dict[str, Any]:
    return {name: Lazy(_AROUND[name], site, doc) for name in ("toc", "discussion")}


def _issue(site: Site, doc: Card) -> dict[str, Any]:
    newer, older = site.neighbours(doc)
    settings = site.newsletter_settings()
    layout = site.issue_layout(doc.key)
    return {
        "posts": site.cards(layout.posts),
        "order": BlockViews(site, doc, Context.PAGE).order,
        "contact": site.contact_settings(),
        "lead": site.card_or_none(layout.lead),
        "sections": tuple(
            {"title": each.title, "url": each.url, "posts": site.cards(each.posts)} for each in layout.sections
        ),
        "brief": site.cards(layout.brief),
        "corrections": tuple(
            {"doc": site.card(each.key), "date": each.date, "note": each.note} for each in layout.corrections
        ),
        "newer": site.card_or_none(newer),
        "older": site.card_or_none(older),
        "subscribe_url": settings.subscribe,
        "unsubscribe_url": settings.public_unsubscribe,
    }


DOCUMENTS = OutputKind(
    {"post": "the page of a post", "page": "a page", "issue": "the page of a newsletter issue"},
    "ADDRESS/index.html",
    Phase.PAGES,
    plan,
    render,
    is_page=True,
)
