"""Find documents that are translations of each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from generator.config import Config
from generator.errors import ProblemCollector
from generator.model import Document
from generator.site.index_model import Translation
from generator.site.typesetting import Typesetter


def find_translations(
    documents: Iterable[Document],
    urls: Mapping[str, str],
    config: Config,
    findings: ProblemCollector,
    ids: Collection[str] = (),
) -> dict[str, tuple[Translation, ...]]:
    """Map each document's path to the other languages' versions of it, by language.

    A family is an original and every document whose `translation_of` names it or another of its translations. `ids`
    are those of all documents: one that is not public is a note.
    """
    documents = tuple(documents)
    if not any(document.meta.translation_of for document in documents):
        return {}
    by_id = {document.meta.id: document for document in documents}
    families: dict[str, list[Document]] = {}
    for document in documents:
        named = document.meta.translation_of
        if named and (named not in by_id or named == document.meta.id):
            _report(document, named, findings, hidden=named in ids and named != document.meta.id)
        families.setdefault(_original(document, by_id).path, []).append(document)
    return {
        document.path: tuple(_translation(other, urls, config) for other in ordered if other is not document)
        for ordered in (_by_language(family, config) for family in families.values() if len(family) > 1)
        for document in ordered
    }


def _report(document: Document, named: str, findings: ProblemCollector, *, hidden: bool) -> None:
    if hidden:
        message = f'The original, "{named}", is a draft, scheduled or expired, so this page has no link to it.'
        hint = "The link appears by itself."
        findings.note(document.path, "", "dead-translation", message, hint, field="translation_of")
    else:
        message = f'No other document has the id "{named}".'
        hint = "Copy the id of the original into translation_of."
        findings.warn(document.path, "", "dead-translation", message, hint, field="translation_of")


def _original(document: Document, by_id: Mapping[str, Document]) -> Document:
    """Follow `translation_of` to its end; in a circle, the first document by path is the original."""
    chain: dict[str, Document] = {}
    while document.path not in chain:
        chain[document.path] = document
        document = by_id.get(document.meta.translation_of or "", document)
    members = list(chain)
    return chain[min(members[members.index(document.path) :])]


def _by_language(family: list[Document], config: Config) -> list[Document]:
    return sorted(family, key=lambda document: (document.meta.lang or config.language, document.path))


def _translation(document: Document, urls: Mapping[str, str], config: Config) -> Translation:
    lang = document.meta.lang or config.language
    return Translation(lang, Typesetter(config).set(document.meta.title, lang), urls[document.path])
