"""Find the pictures and files that posts refer to, in the source or the folders given, and copy each once.

Never reads outside those folders: each path is resolved with its symbolic links, and must end inside them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from generator.content.names import ignored, unusable
from generator.importers.file_names import NameRegistry, fold, safe_path

STATIC = "content/static/"
SOURCES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".html", ".htm")
"""The suffixes of posts, which are converted, not copied."""
_BELOW = ("", "static", "assets", "content", "public", "source", "src", "content/images")
_NOT_PUBLIC = (".toml", ".yml", ".yaml", ".py", ".rb", ".lock", ".php", ".ini", ".conf", ".env")


@dataclass(slots=True)
class FileCopies:
    """The files to copy: `copies` maps a site-relative path to its source. `there` are paths already in the site."""

    roots: tuple[Path, ...]
    there: frozenset[str] = frozenset()
    copies: dict[str, Path] = field(default_factory=dict)
    _of: dict[str, str] = field(default_factory=dict)
    _asked: dict[str, str] = field(default_factory=dict)
    _taken: NameRegistry = field(default_factory=NameRegistry)

    def at(self, path: str) -> str:
        """Return the new address of the file at an address of the old site; "" if there is none.

        `path` begins with a slash and is not percent-encoded. The address stays the same if possible.
        """
        wanted = path.strip("/")
        if wanted not in self._asked:
            self._asked[wanted] = self._find(wanted) if _public(wanted) else ""
        return self._asked[wanted]

    def _find(self, wanted: str) -> str:
        file = next((found for place in self._places(wanted) if (found := self._file(*place))), None)
        if file:
            return self._copy(wanted, file)
        return f"/{wanted}" if fold(STATIC + wanted) in self.there else ""

    def beside(self, root: Path, rel: str) -> str:
        """Return the new address of a file of the source, by its path below `root`; "" if it does not exist."""
        if not _public(rel):
            return ""
        file = self._file(root, rel)
        below = rel.removeprefix("content/").removeprefix("static/")
        return self._copy(below, file) if file else ""

    def _places(self, wanted: str) -> Iterable[tuple[Path, str]]:
        first, _, rest = wanted.partition("/")
        for root in self.roots:
            yield from ((root, f"{below}/{wanted}".lstrip("/")) for below in _BELOW)
            if rest and root.resolve().name == first:
                yield root, rest

    def _file(self, root: Path, rel: str) -> Path | None:
        if not os.path.isfile(f"{root}/{rel}"):  # noqa: PTH113 (ten times as fast for the many missing files)
            return None
        real, file = os.path.realpath(root), os.path.realpath(root / rel)
        if not file.startswith(real + os.sep):
            return None
        return None if rel.lower().endswith(SOURCES) and not rel.startswith(("static/", "public/")) else Path(file)

    def take(self, wanted: str, file: Path) -> str:
        """Plan to copy a file of the old library to an address; return its new address."""
        return self._copy(wanted, file)

    def _copy(self, wanted: str, file: Path) -> str:
        """Plan a copy; add a number if another file has the name, ignoring case."""
        key = str(file)
        if key not in self._of:
            self._of[key] = self._taken.take(safe_path(wanted))
            self.copies[STATIC + self._of[key]] = file
        return f"/{self._of[key]}"


def _public(path: str) -> bool:
    """Return True if a path may be copied: no hidden file, no `..`, no settings or programs."""
    steps = path.split("/")
    if not path or any(step in ("", ".", "..") or step.startswith("_") or ignored(step) for step in steps):
        return False
    return not path.lower().endswith(_NOT_PUBLIC) and not any(unusable(step) for step in steps)
