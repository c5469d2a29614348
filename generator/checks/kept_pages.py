"""What built pages link to and load, kept from one check to the next: only pages with other bytes are read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from generator import __version__
from generator.checks.page_contents import PageContents
from generator.engine.tools.built_site import BuiltFile
from generator.store.atomic import replace_file

FILE = "pages.msgpack"
"""The file in the folder of the state."""
Numbers = tuple[int, ...]


class _Kept(Struct, frozen=True):
    """The addresses of all pages, each once, and by page (its path and digest) the numbers of its links and loads.

    `made_for` is the site's address with the version of the program; pages of another are of no use.
    """

    made_for: str
    addresses: tuple[str, ...]
    pages: dict[str, tuple[Numbers, Numbers]]


_decode = msgspec.msgpack.Decoder(_Kept).decode


def read_pages(
    files: Iterable[BuiltFile], state: Path, url: str, read: Callable[[BuiltFile], PageContents]
) -> Mapping[BuiltFile, PageContents]:
    """Give the contents of each page: the kept ones if its bytes are the same, else what `read` finds in it.

    A file that cannot be read or written costs time, and changes nothing else.
    """
    made_for = f"{__version__} {url}"
    kept = _load(state / FILE, made_for)
    pages = {file: kept.get(_name(file)) or read(file) for file in files}
    if kept.keys() != {_name(file) for file in pages}:
        _store(state / FILE, made_for, pages)
    return pages


def _name(file: BuiltFile) -> str:
    return f"{file.digest} {file.path}"


def _load(file: Path, made_for: str) -> Mapping[str, PageContents]:
    try:
        kept = _decode(file.read_bytes())
        if kept.made_for != made_for:
            return {}
        of = kept.addresses
        return {
            name: PageContents(tuple(of[number] for number in links), tuple(of[number] for number in loads))
            for name, (links, loads) in kept.pages.items()
        }
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, IndexError):
        return {}


def _store(file: Path, made_for: str, pages: Mapping[BuiltFile, PageContents]) -> None:
    numbers: dict[str, int] = {}

    def number(addresses: Iterable[str]) -> Numbers:
        return tuple(numbers.setdefault(address, len(numbers)) for address in addresses)

    found = {_name(page): (number(contents.links), number(contents.loads)) for page, contents in pages.items()}
    try:
        replace_file(file, msgspec.msgpack.encode(_Kept(made_for, tuple(numbers), found)))
    except OSError:
        return
