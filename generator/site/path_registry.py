"""The registry of output paths: which source has taken which path, and which paths the site generates.

Paths are compared like in a file system that ignores case and Unicode form, so that a site works on every system. A
file also blocks every path below it: `/a.html` and `/a.html/b/` cannot both exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.site.addresses import file_key
from generator.site.listings import generated_paths, is_older_page


class PathRegistry:
    """The output paths taken so far. `listings` are the addresses of the generated listings."""

    def __init__(self, listings: frozenset[str]) -> None:
        self.listings = frozenset[str]()
        self._taken = _Tree()
        self._generated = _Tree()
        self._folded = frozenset[str]()
        self.generate(listings)

    def generate(self, listings: frozenset[str]) -> None:
        """Record the paths of generated listings. Those of listings that are gone stay taken."""
        self.listings |= listings
        for path in generated_paths(listings):
            self._generated.add(file_key(path), path)
        self._folded = frozenset(map(file_key, self.listings))

    def take(self, path: str, source: str) -> None:
        """Record that a source takes a path."""
        self._taken.add(file_key(path), source)

    def release(self, path: str) -> None:
        """Record that a path that was taken is free."""
        self._taken.remove(file_key(path))

    def owner(self, path: str) -> str | None:
        """Return the source whose output conflicts with `path`, as a file or as a folder; None if there is none."""
        key = file_key(path)
        return self._taken.files.get(key) or self._taken.around(key)

    def generated(self, path: str, *, replaces: bool = False) -> str | None:
        """Return the generated file that conflicts with `path`; None if there is none.

        With `replaces`, a file may take the exact path of a generated file.
        """
        key = file_key(path)
        same = self._generated.files.get(key)
        if same is not None and not (replaces and same == path):
            return "a listing of the site" if path.endswith(".html") and same != "404.html" else f"/{same} of the site"
        around = self._generated.around(key)
        if around is not None:
            return f"/{around} of the site"
        older = is_older_page(f"/{key}/", self._folded)
        return "an older page of a listing" if older and not (replaces and path.endswith("/index.html")) else None


class _Tree:
    """Files and the folders that they need, with their owners, by key."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._entries: dict[str, int] = {}  # how many files and folders each folder holds

    def add(self, key: str, owner: str) -> None:
        if key in self.files:
            return
        self.files[key] = owner
        for folder in folders_of(key):
            known = self._entries[folder] = self._entries.get(folder, 0) + 1
            if known > 1:
                break  # its parents know it
            self._folders[folder] = owner

    def remove(self, key: str) -> None:
        del self.files[key]
        for folder in folders_of(key):
            self._entries[folder] -= 1
            if self._entries[folder]:
                break
            del self._entries[folder], self._folders[folder]

    def around(self, key: str) -> str | None:
        """Return the owner of a file that needs `key` as a folder, or that blocks a folder of `key`."""
        files = self.files
        needed = self._folders.get(key)
        return needed or next((files[folder] for folder in folders_of(key) if folder in files), None)


def folders_of(path: str) -> Iterator[str]:
    """List the folders that a path is in, the innermost first."""
    while "/" in path:
        path = path.rsplit("/", 1)[0]
        yield path
