"""The other hosts that a site's pages can contact: which, what for, and whether only after a click.

They are computed from what documents, files and the theme hold, before a page is written: a page that lists them can
then be rendered like any other. tests/engine/test_contacts.py compares them with the written pages and with what a
browser requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from generator.config import Config
from generator.markup.links import encode_url, host_of, is_internal
from generator.model import CommentMode, Contact, Document, Purpose
from generator.site.addresses import own_address
from generator.site.discussion import discussion
from generator.site.index_model import Card


class ContactedHost(NamedTuple):
    """A host: for which purposes pages can contact it, sorted; whether only after a click."""

    host: str
    purposes: tuple[Purpose, ...]
    on_click: bool


def find_contacts(
    documents: Iterable[Document],
    cards: Mapping[str, Card],
    files: Mapping[str, tuple[Contact, ...]],
    published: Iterable[str],
    config: Config,
) -> dict[str, tuple[Contact, ...]]:
    """List the contacts of each published document and file that has any: path → contacts, sorted.

    `files` are the contacts of pages and style sheets that are published as they are.
    """
    found = {path: files[path] for path in published if files.get(path)}
    for document in documents:
        shown = {Contact(host, "image") for src in document.images if (host := _picture_host(src, config))}
        shown.update(document.contacts, _of_discussion(cards[document.path], config))
        if shown:
            found[document.path] = tuple(sorted(shown))
    return dict(sorted(found.items()))


def _of_discussion(card: Card, config: Config) -> tuple[Contact, ...]:
    if config.comments.service is None or card.comments is CommentMode.NONE:
        return ()
    return discussion(card, (), config).contacts


def list_hosts(contacts: Iterable[Contact]) -> tuple[ContactedHost, ...]:
    """Fold contacts into hosts, sorted by name."""
    by_host: dict[str, set[Contact]] = {}
    for contact in contacts:
        by_host.setdefault(contact.host, set()).add(contact)
    return tuple(
        ContactedHost(host, tuple(sorted({each.purpose for each in found})), all(each.on_click for each in found))
        for host, found in sorted(by_host.items())
    )


def _picture_host(src: str, config: Config) -> str:
    """Return the host of a picture that pages load from elsewhere; "" for one of the site, or one that is a link."""
    if own_address(config, src) or is_internal(src) or not encode_url(src).lower().startswith("https:"):
        return ""
    host = host_of(src)
    return host if host in config.images.hosts else ""
