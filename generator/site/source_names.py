"""Find the source that a link or picture names, and the nearest one if there is no such source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from posixpath import dirname, join, normpath, relpath, splitext
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from generator.markup.links import is_internal
from generator.model import Body
from generator.text.suggestions import find_closest

STATIC = "content/static/"
SOURCE_SUFFIXES = (".md", ".markdown")
_PAGE_SUFFIXES = (*SOURCE_SUFFIXES, ".html", ".htm")
_INDEX = "index.md"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}[-_ ]?(?=.)")
_DIGITS = re.compile(r"\d+")
_GAPS = re.compile(r"[\s_-]+")
_CLOSE = 0.8  # for `find_closest`: one or two wrong letters in a word
_LONGER = 3  # letters


def source_path(document_path: str, written: str) -> str:
    """Return the source that a document names: `/a.png` is in content/static, `a.png` beside the document."""
    path = normalize("NFC", unquote(urlsplit(written).path))
    if path.startswith("/"):
        return normpath(f"content/static/{path.lstrip('/')}")
    return normpath(join(dirname(document_path), path))


def bare_name(written: str) -> str:
    """Return the link if it is only a file name; "" if it has a folder, or does not name a file."""
    path = normalize("NFC", unquote(urlsplit(written).path))
    return path if "." in path and "/" not in path else ""


def files_of(document_path: str, body: Body, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """List the paths of the files beside a document that its text, or `more`, shows or links to; each once."""
    written = [*(picture.src for picture in body.images), *(link.target for link in body.links), *more]
    return tuple(dict.fromkeys(source_path(document_path, each) for each in written if _may_be_file(each)))


def _may_be_file(written: str) -> bool:
    if written[:1] in ("", "/", "#") or not is_internal(written):
        return False
    name = urlsplit(written).path.rpartition("/")[2]
    return "." in name.strip(".") and not name.lower().endswith(SOURCE_SUFFIXES)


def meant_hint(nearest: str) -> str:
    """Write the hint for a broken link; "" if there is no near name."""
    return f'Did you mean "{nearest}"?' if nearest else ""


class SourceNames:
    """The names of a site's sources. `published` are the paths of those that have an address, `others` all the rest.

    The tables are made at their first use: a site without a mistake needs none.
    """

    def __init__(self, published: Collection[str], others: Iterable[str], addresses: Iterable[str] = ()) -> None:
        self._published = published
        self._others = others
        self._addresses = addresses

    def only(self, name: str) -> str:
        """Return the path of the only source with a file name; "" if there is none, or several."""
        return self._by_name.get(name, "") if name else ""

    def find(self, document_path: str, written: str) -> str:
        """Return the path of the file that a document names, or of the only file with a bare name."""
        path = source_path(document_path, written)
        return path if path in self._published else self.only(bare_name(written)) or path

    def nearest(self, document_path: str, written: str) -> str:
        """Return the link that an author may have meant by a broken one; "" if unknown."""
        path = normalize("NFC", unquote(urlsplit(written).path))
        if path.endswith("/") or (path.startswith("/") and "." not in path.rpartition("/")[2]):
            return _closest_place(path, self._by_address.find(path.rstrip("/").rpartition("/")[2]))
        meant = source_path(document_path, written)
        found = self._by_folded_name.find(_called(path))
        source = _closest_place(meant, (each for each in found if each != meant and _same_sort(each, path)))
        return _as_written(document_path, path, source) if source else ""

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for path in (*self._published, *self._others):
            name = path.rpartition("/")[2]
            names[name] = "" if name in names else path
        return names

    @cached_property
    def _by_folded_name(self) -> _FoldedNames:
        return _FoldedNames((_called(path), path) for path in (*self._published, *self._others))

    @cached_property
    def _by_address(self) -> _FoldedNames:
        return _FoldedNames((address.strip("/").rpartition("/")[2], address) for address in self._addresses)


class _FoldedNames:
    """Paths by their folded name, and by that name without its suffix."""

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        self._paths: dict[str, list[str]] = {}
        for name, path in named:
            folded = _folded(name)
            for key in dict.fromkeys((folded, splitext(folded)[0])):
                self._paths.setdefault(key, []).append(path)

    def find(self, name: str) -> list[str]:
        """Find the paths whose name is another spelling of this one, else those with a similar name."""
        folded = _folded(name)
        for spelling in (folded, splitext(folded)[0]):
            if spelling in self._paths:
                return self._paths[spelling]
        like = {each for end in _ends(folded) for each in self._by_end.get(end, ())}
        near = find_closest(folded, sorted(each for each in like if _may_be_slip(folded, each)), _CLOSE)
        return self._paths[near] if near else []

    @cached_property
    def _by_end(self) -> Mapping[str, list[str]]:
        """Group names by beginnings and ends: a name with one typing error shares one of them with the right name."""
        groups: dict[str, list[str]] = {}
        for name in self._paths:
            for end in _ends(name):
                groups.setdefault(end, []).append(name)
        return groups


def _may_be_slip(name: str, other: str) -> bool:
    """Return True if two names may differ by a slip: of `image1.png` and `image2.png` each is meant."""
    return abs(len(name) - len(other)) < _LONGER and _DIGITS.findall(name) == _DIGITS.findall(other)


def _ends(name: str) -> tuple[str, str]:
    return name[:2], f"…{name[-7:]}"


def _called(path: str) -> str:
    """Return the name by which people know a source: for a bundle, that of its folder."""
    folder, _, name = path.rpartition("/")
    return f"{folder.rpartition('/')[2]}.md" if name.lower() == _INDEX and folder else name


def _folded(name: str) -> str:
    """Fold the spellings of a name that people mix up: capitals, a date before it, spaces and hyphens, .jpeg."""
    folded = _GAPS.sub("-", _DATE.sub("", normalize("NFC", name)).casefold())
    return re.sub(r"\.jpeg$", ".jpg", folded)


def _same_sort(source: str, written: str) -> bool:
    """Return True if both are pages, or both files. A link without a suffix may mean either."""
    suffix = splitext(written)[1].lower()
    return not suffix or (suffix in _PAGE_SUFFIXES) is source.lower().endswith(SOURCE_SUFFIXES)


def _closest_place(meant: str, found: Iterable[str]) -> str:
    """Choose the path that shares the most folders with `meant`; of several, the first in order."""
    folders = dirname(meant).split("/")

    def distance(path: str) -> tuple[int, str]:
        others = dirname(path).split("/")
        shared = next((n for n, (a, b) in enumerate(zip(folders, others, strict=False)) if a != b), None)
        return -(min(len(folders), len(others)) if shared is None else shared), path

    return min(found, key=distance, default="")


def _as_written(document_path: str, path: str, source: str) -> str:
    """Write the link from a document to a source."""
    if source.startswith(STATIC):
        link = f"/{source.removeprefix(STATIC)}"
    elif path.startswith("/") and source.lower().endswith(SOURCE_SUFFIXES):
        link = f"/{source.removeprefix('content/')}"
    else:
        link = relpath(source, dirname(document_path))
    return link.replace(" ", "%20")
