"""Correct in the sources what has one right answer. A build never writes a source; this does when a person asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct

from generator.checks.address_register import read_register
from generator.checks.front_matter_edit import add_aliases
from generator.digest import digest_bytes
from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, error
from generator.site.lost_addresses import find_lost
from generator.store.atomic import replace_if_unchanged
from generator.store.published import PUBLISHED_FEED


class Fixed(Struct, frozen=True):
    """What was corrected, a line for each source, and the sources that could not be written."""

    done: tuple[str, ...]
    problems: tuple[Problem, ...]


def fix_sources(site: BuiltSite) -> Fixed:
    """Give each page the aliases of its own lost addresses.

    A page owns an address if it has the id that was published there, or is still the same file.
    """
    done, problems = list[str](), list[Problem]()
    for path, aliases in _lost_by_source(site).items():
        try:
            done.append(_fix(site, path, aliases))
        except OSError as reason:
            message = f"{path} cannot be written: {reason.strerror or reason}."
            hint = "Free some disk space, or give this account permission to write there."
            problems.append(error(path, "source-unwritable", message, hint))
    return Fixed(tuple(done), tuple(problems))


def _fix(site: BuiltSite, path: str, aliases: list[str]) -> str:
    file = (site.root / path).resolve()  # a link to a source elsewhere stays a link
    data = file.read_bytes()
    edited = add_aliases(path, data, site.documents[path].meta.kind, site.config.zone, aliases)
    if edited is None:
        return f"{path}: not changed; add this to its aliases by hand: {', '.join(aliases)}"
    if not replace_if_unchanged(file, edited, digest_bytes(data)):
        return f"{path}: not changed, because it was saved at the same moment; run openletter check --fix again."
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
