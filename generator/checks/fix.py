"""Correct in the sources what has one right answer. A build never writes a source; this does when a person asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from generator.checks.address_register import read_register
from generator.checks.front_matter_edit import add_aliases
from generator.engine.tools.built_site import BuiltSite
from generator.errors import OutputError, error
from generator.site.lost_addresses import find_lost
from generator.store.atomic import replace_file
from generator.store.published import PUBLISHED_FEED


def fix_aliases(site: BuiltSite) -> tuple[str, ...]:
    """Give each page the aliases of its own lost addresses; returns what was done, a line a source.

    A page owns an address if it has the id that was published there, or is still the same file. Raises: OutputError.
    """
    return tuple(_fix(site, path, aliases) for path, aliases in _lost_by_source(site).items())


def _fix(site: BuiltSite, path: str, aliases: list[str]) -> str:
    file = site.root / path
    kind = site.documents[path].meta.kind
    try:
        edited = add_aliases(path, file.read_bytes(), kind, site.config.zone, aliases)
        if edited is None:
            return f"{path}: not changed; add its old address {', '.join(aliases)} to aliases by hand."
        replace_file(file, edited)
    except OSError as reason:
        message = f"{path} cannot be written: {reason.strerror or reason}."
        hint = "Free some disk space, or give this account permission to write there."
        raise OutputError(error(path, "source-unwritable", message, hint)) from reason
    return f"{path}: added to aliases: {', '.join(aliases)}"


def _lost_by_source(site: BuiltSite) -> Mapping[str, list[str]]:
    """Collect the lost addresses of each document that is public at another one: path → addresses."""
    register = {address: page for address, (page, _) in read_register(site.root)[0].items()}
    published = {address: page for address, page in (register | dict(site.published)).items() if page != PUBLISHED_FEED}
    lost = find_lost(published, {file.path for file in site.files}, site.config.gone.addresses)
    owners = dict(_ids(site))
    found: dict[str, list[str]] = defaultdict(list)
    for address, page in lost.items():
        path = owners.get(page.id) or (page.path if page.path in site.documents else None)
        if path is not None and path in site.index.addresses:
            found[path].append(address)
    return found


def _ids(site: BuiltSite) -> Iterator[tuple[str, str]]:
    for path, document in site.documents.items():
        yield document.meta.id, path
