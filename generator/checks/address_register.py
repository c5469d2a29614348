"""The register of published addresses, `addresses.txt`: a file for the repository, one address a line.

The state remembers addresses too, but a fresh checkout has no state. A person or a release writes the register, never a
build.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from generator.errors import OutputError, Problem, error, has_errors, warning
from generator.site.lost_addresses import CurrentSite, explain_lost, find_lost
from generator.store.atomic import replace_file
from generator.store.published import PublishedPage

if TYPE_CHECKING:
    from generator.engine.tools.built_site import BuiltSite

FILE = "addresses.txt"
"""The register, in the site's folder."""
_HEAD = "# All published addresses, each with the id of its post. Written by: openletter check --write-addresses"
_ENCODED = re.compile(r"[\s%\x00-\x1f\x7f]")
"""What would end an address or its line, and the mark of encoded characters."""


def read_register(root: Path) -> tuple[dict[str, tuple[PublishedPage, int]], tuple[Problem, ...]]:
    """Read the register: address → what stood there, and its line. Empty if there is none."""
    try:
        lines = (root / FILE).read_text("utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}, ()
    except (OSError, UnicodeDecodeError) as reason:
        why = (reason.strerror or reason) if isinstance(reason, OSError) else "it is not text in UTF-8"
        message = f"{FILE} cannot be read: {why}."
        hint = "Restore it from your version control, or delete it and run: openletter check --write-addresses"
        return {}, (error(FILE, "address-register", message, hint),)
    found, problems = dict[str, tuple[PublishedPage, int]](), list[Problem]()
    for number, line in enumerate(lines, 1):
        address, _, name = line.strip().partition(" ")
        if address.startswith("/"):
            address = unquote(address)
            found[address] = PublishedPage(name.strip(), "", address), number
        elif address and not address.startswith("#"):
            message = f'"{line.strip()[:80]}" is not an address with the id of its post.'
            hint = "Write it as: /2014/10/day-12/ 4c1f…, or write the file again: openletter check --write-addresses"
            problems.append(warning(FILE, "address-register", message, hint, line=number, column=1))
    return found, tuple(problems)


def lost_addresses(site: BuiltSite) -> Iterator[Problem]:
    """Name every address of the register that the site no longer has, nor an alias, nor a line in `[gone]`."""
    register, problems = read_register(site.root)
    yield from problems
    outputs = {file.path for file in site.files}
    published = {address: page for address, (page, _) in register.items() if address not in site.published}
    lost = find_lost(published, outputs, site.config.gone.addresses)
    current = CurrentSite(site.documents.values(), site.index.addresses, frozenset(), site.now)
    for problem in explain_lost(lost, current):
        if problem.path:
            yield problem
    ids = {document.meta.id for document in site.documents.values()}
    for address, page in lost.items():
        if page.id not in ids:
            message = f"The published address {address} is gone, so links to it are broken."
            hint = (
                f'Add aliases: ["{address}"] to the page that replaces it, or to site.toml, in the section [gone]: '
                f'addresses = ["{address}"]'
            )
            yield warning(FILE, "address-gone", message, hint, line=register[address][1], column=1)


def write_register(site: BuiltSite) -> int:
    """Write the register: every address of before, and every one that is public now. Returns their number.

    Raises: OutputError, also if there is a register that cannot be read: its addresses would be lost.
    """
    register, problems = read_register(site.root)
    if has_errors(problems):
        raise OutputError(problems)
    known = {address: page.id for address, (page, _) in register.items()}
    known |= dict(_current(site))
    known = {address: name for address, name in known.items() if address not in site.config.gone.addresses}
    lines = [_HEAD, *(f"{_encode(address)} {name}".rstrip() for address, name in sorted(known.items()))]
    try:
        replace_file(site.root / FILE, ("\n".join(lines) + "\n").encode())
    except OSError as reason:
        message = f"{FILE} cannot be written: {reason.strerror or reason}."
        hint = "Free some disk space, or give this account permission to write there."
        raise OutputError(error(FILE, "address-register", message, hint)) from reason
    return len(known)


def _encode(address: str) -> str:
    return _ENCODED.sub(lambda found: quote(found[0]), address)


def _current(site: BuiltSite) -> Iterable[tuple[str, str]]:
    cards: Mapping[str, str] = {path: card.id for path, card in site.index.cards.items()}
    yield from ((address, cards[path]) for path, address in site.index.addresses.items())
    yield from ((address, cards[path]) for address, path in site.index.aliases.items())
