"""Claims on output paths: who has taken which, and which ones the site makes by itself.

Paths are compared as a file system would that ignores case and Unicode form: what is one file there must be one
everywhere. A file also stands in the way of everything below it: `/a.html` and `/a.html/b/` cannot both be.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.site.addresses import file_key
from generator.site.listings import generated_paths, is_older_page


class Claims:
    """Output paths given away so far. `listings` are the addresses of the generated listings."""

    def __init__(self, listings: frozenset[str]) -> None:
        self.listings = listings
        self._taken = _Tree()
        self._generated = _Tree()
        for path in generated_paths(listings):
            self._generated.add(path, path)
        self._folded = frozenset(map(file_key, listings))

    def take(self, path: str, source: str) -> None:
        """Give a path to a source."""
        self._taken.add(path, source)

    def owner(self, path: str) -> str | None:
        """Name the source whose output stands in the way of `path`, as a file or as a folder; None for nobody."""
        return self._taken.at(path) or self._taken.around(path)

    def generated(self, path: str, *, replaces: bool = False) -> str | None:
        """Name the generated file that stands in the way of `path`; None for none.

        What `replaces` may have the very place of a generated file, in the same spelling.
        """
        same = self._generated.at(path)
        if same is not None and not (replaces and same == path):
            return "a listing of the site" if path.endswith(".html") and same != "404.html" else f"/{same} of the site"
        around = self._generated.around(path)
        if around is not None:
            return f"/{around} of the site"
        older = is_older_page(file_key(f"/{path}/"), self._folded)
        return "an older page of a listing" if older and not (replaces and path.endswith("/index.html")) else None


class _Tree:
    """Paths with their owners, and the folders that they need."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def add(self, path: str, owner: str) -> None:
        key = file_key(path)
        self._files.setdefault(key, owner)
        for folder in _folders(key):
            if folder in self._folders:
                break  # and so are those above it
            self._folders[folder] = owner

    def at(self, path: str) -> str | None:
        """Name the owner of the file at a path."""
        return self._files.get(file_key(path))

    def around(self, path: str) -> str | None:
        """Name the owner of a file that needs `path` as a folder, or that is where `path` needs a folder."""
        key = file_key(path)
        above = (self._files[folder] for folder in _folders(key) if folder in self._files)
        return self._folders.get(key) or next(above, None)


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rsplit("/", 1)[0]
        yield path
