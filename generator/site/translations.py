"""Find documents that are translations of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.config import Config
from generator.errors import ProblemCollector
from generator.model import Document
from generator.site.index_model import Translation
from generator.site.typesetting import Typesetter


def find_translations(
    documents: Iterable[Document], urls: Mapping[str, str], config: Config, findings: ProblemCollector
) -> dict[str, tuple[Translation, ...]]:
    """Map each document's path to the other languages' versions of it, by language.

    A family is an original and every document whose `translation_of` names it or another of its translations.
    """
    documents = tuple(documents)
    if not any(document.meta.translation_of for document in documents):
        return {}
    by_id = {document.meta.id: document for document in documents}
    families: dict[str, list[Document]] = {}
    for document in documents:
        named = document.meta.translation_of
        if named and (named not in by_id or named == document.meta.id):
            message = f'No other published document has the id "{named}".'
            findings.warn(
                document.path,
                "",
                "dead-translation",
                message,
                "Copy the id of the original into translation_of.",
                field="translation_of",
            )
        families.setdefault(_original(document, by_id).path, []).append(document)
    return {
        document.path: tuple(_translation(other, urls, config) for other in ordered if other is not document)
        for ordered in (_by_language(family, config) for family in families.values() if len(family) > 1)
        for document in ordered
    }


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
