"""What scheduled sources will bring with them: found now, so that the clock alone never stops a nightly build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from generator.config import Config
from generator.errors import Level, Problem, note, warning
from generator.model import Document
from generator.site.addresses import as_address, document_address
from generator.site.publication import Publication, publication_state

_WAITING = {"draft": "draft", "scheduled": "scheduled", "expired": "expired"}
_COLLISIONS = ("address-taken", "alias-taken")


def documents_later(documents: Iterable[Document], publication: Publication) -> list[Document]:
    """List what is public now and all that is scheduled, by path; () if nothing hidden is scheduled."""
    now = [document for document in documents if publication.shows(document)]
    scheduled = [
        document
        for document in documents
        if not publication.shows(document) and publication_state(document, publication.now) == "scheduled"
    ]
    return sorted([*now, *scheduled], key=lambda document: document.path) if scheduled else []


def problems_later(
    later: Iterable[Problem], now: Collection[Problem], documents: Sequence[Document], config: Config
) -> Iterator[Problem]:
    """Choose the errors and warnings that the site does not have `now` and will have when all is published.

    Two documents may share an address if one expires: nobody knows here whether it does before the other is published.
    """
    known = frozenset(now)
    leaving = {address for each in documents if each.meta.expires for address in _addresses(each, config)}
    addresses = {each.path: _addresses(each, config) for each in documents} if leaving else {}
    for problem in later:
        shared = problem.code in _COLLISIONS and not leaving.isdisjoint(addresses.get(problem.path, ()))
        if problem.level is not Level.NOTE and problem not in known and not shared:
            yield problem


def _addresses(document: Document, config: Config) -> Collection[str]:
    return (document_address(document, config.permalinks), *map(as_address, document.meta.aliases))


def nothing_published(documents: Sequence[Document], publication: Publication) -> Problem:
    """Describe a site without a post and a page: a note if the last one has expired, because its date said so."""
    states = Counter(publication_state(document, publication.now) for document in documents)
    waiting = ", ".join(f"{states[state]} {words}" for state, words in _WAITING.items() if states[state])
    message = f"The site has no post and no page to publish{f' ({waiting})' if waiting else ''}."
    hint = 'Delete the line "draft: true" in a post, or start one: openletter new post "A good week"'
    if states["expired"]:
        return note("content", "nothing-published", message, hint)
    return warning("content", "nothing-published", message, hint)
