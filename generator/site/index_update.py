"""Update an index after a few documents were edited: what the others made of it stays.

The result equals a whole index of the same documents. With OPENLETTER_DEBUG=1 the engine compares the two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from generator.config.label_options import find_language
from generator.errors import Locate, ProblemCollector
from generator.model import Document
from generator.site.blocks import gather_blocks
from generator.site.cards import make_card
from generator.site.contacts import find_contacts
from generator.site.editions import configs_by_language
from generator.site.index import BuiltIndex, Indexed, IndexSources, find_shared_titles
from generator.site.publication import Publication


def update_index(
    built: BuiltIndex, edited: Collection[Document], publication: Publication, locate: Locate
) -> BuiltIndex | None:
    """Return an index with the new versions of some documents; None if it must be made from all documents.

    No date may have passed since the index was made, and nothing but the documents may have changed.
    """
    before = built.documents
    if any(each.path not in before or not _differs_in_words(before[each.path], each) for each in edited):
        return None
    sources = replace(built.sources, publication=publication)
    documents = {**before, **{each.path: each for each in edited}}
    public = _update(built.public, edited, documents, sources, locate)
    later = built.later and _update(built.later, edited, documents, sources, locate)
    if public is None or (built.later is not None and later is None):
        return None
    return BuiltIndex(documents, sources, public, later)


def _differs_in_words(before: Document, now: Document) -> bool:
    """Return True if two versions of a document differ in nothing but what only its card shows."""
    return _without_words(before) == _without_words(now)


def _without_words(document: Document) -> Document:
    meta = replace(
        document.meta,
        title="",
        summary=None,
        description=None,
        image_alt=None,
        pinned=False,
        learning_points=(),
        rating=None,
        rating_note=None,
        action=None,
        owner=None,
        approved_by=None,
        review_by=None,
        extra={},
    )
    return replace(document, meta=meta, lead="", minutes=0)


def _update(
    indexed: Indexed,
    edited: Iterable[Document],
    documents: Mapping[str, Document],
    sources: IndexSources,
    locate: Locate,
) -> Indexed | None:
    index = indexed.index
    paths = {each.path for each in edited}
    shown = [each for each in edited if each.path in index.cards]
    if not paths.isdisjoint(index.scheduled) or any(problem.path in paths for problem in indexed.others):
        return None  # what is shown of a scheduled document, or the line of a problem, may be another
    findings = ProblemCollector(locate)
    contexts = {tag: replace(each, now=sources.publication.now) for tag, each in indexed.contexts.items()}
    cards = {**index.cards}
    for document in shown:
        context = contexts[find_language(document.meta.lang, sources.config.languages)]
        if document.path in context.translations:
            return None  # other cards have its title
        cards[document.path] = make_card(document, context, findings)
    contacts = {path: found for path, found in index.contacts.items() if path not in paths}
    contacts |= find_contacts(shown, cards, {}, (), sources.config)
    index = replace(
        index, cards=cards, contacts=dict(sorted(contacts.items())), shared_titles=find_shared_titles(cards.values())
    )
    if index.blocks:
        placed = (documents[path] for path in cards)
        index = replace(index, blocks=gather_blocks(placed, index, configs_by_language(sources.config)))
    kept = (problem for problem in indexed.of_cards if problem.path not in paths)
    return replace(indexed, index=index, contexts=contexts, of_cards=(*kept, *findings.problems))
