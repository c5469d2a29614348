"""Explain addresses that were public and are gone: what happened to each, and the line that fixes its links.

`engine.stages.publication` calls it after each public build, with the addresses that `[gone]` of site.toml lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from urllib.parse import unquote

from msgspec import Struct

from generator.content.meta import id_of_path
from generator.errors import Problem, note, warning
from generator.model import Document
from generator.site.addresses import as_address, output_path
from generator.site.publication import publication_state
from generator.store.published import PublishedPage

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_STATES = {"draft": "is a draft now", "scheduled": "is scheduled for later now", "expired": "has expired"}
Lost = Mapping[str, PublishedPage]
"""Address → the document that was published there."""


def find_lost(published: Lost, outputs: Collection[str], removed: Iterable[str]) -> Lost:
    """Find the published addresses for which the site has no file, except those `removed` on purpose (`[gone]`).

    `*` in one of these means any characters: `/tags/*/atom.xml`.
    """
    settled = {as_address(unquote(address)) for address in removed}
    patterns = [address for address in settled if "*" in address]
    return {
        address: page
        for address, page in sorted(published.items())
        if output_path(address) not in outputs and not _is_settled(as_address(address), settled, patterns)
    }


def _is_settled(address: str, settled: Collection[str], patterns: Iterable[str]) -> bool:
    return address in settled or any(fnmatchcase(address, pattern) for pattern in patterns)


class CurrentSite(Struct, frozen=True):
    """The present site.

    `documents` are all that could be read, public or not. `addresses`: path → address of those that are published.
    `faulty` are the paths of sources with an error: they are published again when the error is fixed.
    """

    documents: Iterable[Document]
    addresses: Mapping[str, str]
    faulty: Collection[str]
    now: datetime


def explain_lost(lost: Lost, site: CurrentSite) -> tuple[Problem, ...]:
    """Make a problem for each lost address: a warning; a note if its document is not public now or keeps its `id`."""
    finder = _Finder(site)
    owners = {address: finder.find(page) for address, page in lost.items() if page.path not in site.faulty}
    return tuple(filter(None, (_explain(address, lost[address], owners, site) for address in owners)))


class _Finder:
    """Finds a published document in the present site: by its id, its path, and last by its title."""

    def __init__(self, site: CurrentSite) -> None:
        self._site = site
        documents = sorted(site.documents, key=lambda document: document.path)
        self._by_id = {document.meta.id: document for document in reversed(documents)}
        self._by_path = {document.path: document for document in documents}
        self._by_title: dict[str, list[Document]] = {}
        for document in documents:
            self._by_title.setdefault(document.meta.title, []).append(document)

    def find(self, page: PublishedPage) -> Document | None:
        """Find the document; None if it was deleted, or renamed in a way that leaves no trace."""
        known = self._by_id.get(page.id) or self._by_path.get(page.path)
        if known is not None:
            return known
        alike = self._by_title.get(page.title, [])
        return alike[0] if len(alike) == 1 else None


def _explain(
    address: str, page: PublishedPage, owners: Mapping[str, Document | None], site: CurrentSite
) -> Problem | None:
    owner = owners[address]
    if owner is None:
        message = f'The published address {address} ("{page.title}") is gone, so links to it are broken.'
        hint = f"If you renamed the file, {_lines_to_add(None, page, (address,))} {_if_removed(address)}"
        return warning(page.path, "address-gone", message, hint)
    if state := publication_state(owner, site.now):
        message = f"The published address {address} is gone, because its source {_STATES[state]}."
        return note(owner.path, "address-gone", message, "If that is what you want, there is nothing to do.")
    if owner.path in site.faulty or owner.path not in site.addresses or _settled_by_id(owner, page):
        return None
    together = tuple(sorted(each for each, of in owners.items() if of is owner))
    new = site.addresses[owner.path]
    if owner.meta.id == page.id or owner.path == page.path:
        message = f"The published address {address} is gone: the page is now at {new}, so old links are broken."
        if page.id == owner.meta.id != id_of_path(page.path):
            message += " Its id is the same, so feed readers, comments and sent issues follow it."
            return note(owner.path, "address-gone", message, f"To keep old links: {_aliases_to_add(owner, together)}")
        return warning(owner.path, "address-gone", message, _aliases_to_add(owner, together))
    message = f"The published address {address} of {page.path} is gone. This file has the same title."
    hint = f"If it is the same page, {_lines_to_add(owner, page, together)} {_if_removed(address)}"
    return warning(owner.path, "address-gone", message, hint)


def _settled_by_id(owner: Document, page: PublishedPage) -> bool:
    """Return True if someone has written the old id into a moved file, and so knows of the move."""
    return owner.path != page.path and owner.meta.id == page.id == id_of_path(page.path)


def _lines_to_add(owner: Document | None, page: PublishedPage, addresses: Iterable[str]) -> str:
    """Write the lines of front matter; with an id only if the file has none yet."""
    if owner is not None and owner.meta.id != id_of_path(owner.path):
        return _lower_first(_aliases_to_add(owner, addresses))
    written = page.id if _UUID.fullmatch(page.id) else json.dumps(page.id, ensure_ascii=False)
    aliases = _lower_first(_aliases_to_add(owner, addresses))
    return f"{aliases} and, for feed readers, id: {written}"


def _aliases_to_add(owner: Document | None, addresses: Iterable[str]) -> str:
    before = owner.meta.aliases if owner is not None else ()
    whole = json.dumps(list(dict.fromkeys((*before, *addresses))), ensure_ascii=False)
    return f"{'Change its aliases to' if before else 'Add to its front matter'} aliases: {whole}"


def _if_removed(address: str) -> str:
    lines = json.dumps([address], ensure_ascii=False)
    return f"· If you removed it on purpose, add it to site.toml, in the section [gone]: addresses = {lines}"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def pages_at(
    addresses: Mapping[str, str], aliases: Mapping[str, str], pages: Mapping[str, PublishedPage]
) -> Iterator[tuple[str, PublishedPage]]:
    """List what is published now: each address and alias, with the document it leads to."""
    for path, address in addresses.items():
        yield address, pages[path]
    for address, path in aliases.items():
        if "?" not in address:  # no file: only some hosts redirect it
            yield address, pages[path]
