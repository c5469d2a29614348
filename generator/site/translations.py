"""Which documents are each other's translations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.config import Config
from generator.model import Document
from generator.site.findings import Findings
from generator.site.values import Translation


def find_translations(
    documents: Iterable[Document], urls: Mapping[str, str], config: Config, findings: Findings
) -> dict[str, tuple[Translation, ...]]:
    """Map each document's path to the other languages' versions of it, by language.

    A family is an original and all that name its `id` in `translation_of`.
    """
    documents = tuple(documents)
    originals = {document.meta.id: document for document in documents}
    families: dict[str, list[Document]] = {}
    for document in documents:
        original = originals.get(document.meta.translation_of or "")
        if original is not None and original is not document:
            families.setdefault(original.path, [original]).append(document)
        elif document.meta.translation_of:
            message = f'translation_of names "{document.meta.translation_of}", which is no published document\'s id.'
            findings.warn(document.path, "translation_of", "dead-translation", message, "Copy the original's id.")
    return {
        document.path: tuple(_translation(other, urls, config) for other in _by_language(family) if other != document)
        for family in families.values()
        for document in family
    }


def _by_language(family: list[Document]) -> list[Document]:
    return sorted(family, key=lambda document: (document.meta.lang or "", document.path))


def _translation(document: Document, urls: Mapping[str, str], config: Config) -> Translation:
    return Translation(document.meta.lang or config.language, document.meta.title, urls[document.path])
