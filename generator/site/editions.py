"""Editions: the pages of one language, where site.toml gives a language pages of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import asdict, replace

from generator.config import Config
from generator.config.label_options import find_language
from generator.model import Document
from generator.site.index_model import SiteIndex
from generator.site.list_addresses import author_address, series_address, tag_address

MAIN = ""
"""The edition of the site itself, to which documents belong whose language has none."""


def configs_by_language(config: Config) -> dict[str, Config]:
    """Map each edition to its settings, that of the site first."""
    return {MAIN: config, **{tag: config.in_language(tag) for tag in config.languages}}


def group_by_language(documents: Iterable[Document], config: Config) -> dict[str, list[Document]]:
    """Map each edition to its documents, in their order."""
    groups: dict[str, list[Document]] = {MAIN: [], **{tag: [] for tag in config.languages}}
    for document in documents:
        groups[find_language(document.meta.lang, config.languages)].append(document)
    return groups


def edition_of(path: str, languages: Mapping[str, object]) -> str:
    """Return the edition that an output path or an address belongs to: `cy/tags/` is a page of `cy`."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in languages else MAIN


def view_edition(index: SiteIndex, language: str) -> SiteIndex:
    """Return an index in which the lists are those of one edition."""
    if language == MAIN:
        return index
    return replace(index, **asdict(index.editions[language]), editions={})


def moved_lists(index: SiteIndex) -> dict[str, tuple[str, str]]:
    """Map the addresses of lists that are in another language alone to that edition and its list's name.

    There the lists were before the language got pages of its own: `/tags/ffyrdd/` → `cy`, `tag/ffyrdd`.
    """
    if not index.editions:
        return {}
    taken = {*index.addresses.values(), *index.aliases}
    moved: dict[str, tuple[str, str]] = {}
    for tag, edition in index.editions.items():
        for kind, address, own, main in (
            ("tag", tag_address, edition.tags, index.tags),
            ("series", series_address, edition.series, index.series),
            ("author", author_address, edition.authors, index.authors),
        ):
            moved |= {address(slug): (tag, f"{kind}/{slug}") for slug in own if slug not in main}
    return {address: to for address, to in sorted(moved.items()) if address not in taken}
