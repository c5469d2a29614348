"""Make an origin of each source of a walk: a folder with an index is a bundle with its files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from generator.importers.files import SOURCES
from generator.importers.import_model import Note, Origin, Topic
from generator.importers.markdown.languages import LANGUAGES, group_of
from generator.importers.markdown.source_walk import ABOUT, SourceWalk

_INDEX = re.compile(r"(?i)_?index\.(?:[a-z-]+\.)?(?:md|markdown|mdown|mkdn|mkd|html?)$")
_OTHER_TEXTS = (
    ".rst", ".rest", ".org", ".adoc", ".asciidoc", ".asc", ".textile", ".mdx", ".rmd", ".qmd", ".ipynb", ".creole",
    ".mediawiki", ".njk", ".liquid", ".haml", ".slim", ".pug", ".typ",
)  # fmt: skip
_TOPS = frozenset(("content", *(f"content/{name}" for name in LANGUAGES)))
"""The folders whose index belongs to the whole site."""


class Bundles:
    """Finds posts, and the files that belong to them, among the files of a walk.

    `leaves`: an index always makes its folder a bundle, as in Hugo and Zola.
    """

    def __init__(self, walk: SourceWalk, *, leaves: bool) -> None:
        self._walk = walk
        self._leaves = leaves
        self._above: set[str] | None = None

    def origins(self) -> list[Origin]:
        """Make an origin of each source; a folder with an index and no other source is a bundle."""
        bundles = {rel: index for rel in self._walk.files if rel and (index := self._bundle_index(rel))}
        found: list[Origin] = []
        for rel, names in sorted(self._walk.files.items()):
            owner = next((above for above in _with_parents(rel) if above in bundles), None)
            for name in names:
                if owner is None or (owner == rel and name in bundles[rel]):
                    self._add(found, rel, name, bundle=owner == rel)
                elif name.lower().endswith(SOURCES):
                    words = "A text in another post's folder. The old site had no page for it."
                    self._walk.notes.append(Note(Topic.FILE, words, self._walk.shown(f"{rel}/{name}")))
        return found

    def _add(self, found: list[Origin], rel: str, name: str, *, bundle: bool) -> None:
        path = f"{rel}/{name}".lstrip("/")
        if not name.lower().endswith(SOURCES):
            if name.lower().endswith(_OTHER_TEXTS) and not bundle:
                words = "Openletter imports Markdown and HTML only. Convert it to Markdown, with pandoc for example."
                self._walk.notes.append(Note(Topic.FILE, words, self._walk.shown(path)))
            return
        if ABOUT.fullmatch(name) and not bundle:
            self._walk.notes.append(Note(Topic.FILE, "A file about the project, not a post.", self._walk.shown(path)))
            return
        key = unicodedata.normalize("NFC", path)
        files = tuple((each, self._walk.root / rel / each) for each in self._beside(rel)) if bundle else ()
        section = not bundle and (name.startswith("_index.") or _stem(name) == "index")
        place = unicodedata.normalize("NFC", self._walk.place + path)
        group = group_of(self._content_path(key))
        file = self._walk.root / path
        found.append(Origin(self._walk.shown(path), key, self._walk.root, file, files, "", group, section, place=place))

    def _content_path(self, rel: str) -> str:
        """Return a path's place in the content; the imported folder remains its first part."""
        whole = self._walk.place + rel
        found = self._walk.rules.content_path(whole)
        return rel if found == whole else found

    def _bundle_index(self, rel: str) -> frozenset[str]:
        """List the indexes of a bundle (one for each language); none if the folder holds other sources."""
        names = [name for name in self._walk.files[rel] if name.lower().endswith(SOURCES)]
        indexes = frozenset(name for name in names if _stem(name) == "index" or _stem(name).startswith("index."))
        if self._leaves and self._content_path(rel) not in _TOPS:
            return frozenset() if rel in self._above_indexes() else indexes
        return frozenset() if len(indexes) < len(names) or rel in self._above_sources() else indexes

    def _above_indexes(self) -> set[str]:
        """Collect the folders with an index in a folder below: they contain bundles, but are not bundles."""
        if self._above is None:
            with_index = [rel for rel, names in self._walk.files.items() if any(_INDEX.match(n) for n in names)]
            self._above = {above for rel in with_index for above in _with_parents(rel.rpartition("/")[0])}
        return self._above

    def _above_sources(self) -> set[str]:
        """Collect the folders with a source in a folder below them."""
        if self._above is None:
            with_sources = [
                rel for rel, names in self._walk.files.items() if any(n.lower().endswith(SOURCES) for n in names)
            ]
            self._above = {above for rel in with_sources for above in _with_parents(rel.rpartition("/")[0])}
        return self._above

    def _beside(self, rel: str) -> tuple[str, ...]:
        found, waiting = [], [rel]
        while waiting:
            folder = waiting.pop()
            waiting += [f"{folder}/{name}" for name in self._walk.below[folder]]
            inner = folder[len(rel) :].strip("/")
            found += [f"{inner}/{n}".lstrip("/") for n in self._walk.files[folder] if not n.lower().endswith(SOURCES)]
        return tuple(sorted(found))


def _with_parents(rel: str) -> Iterable[str]:
    """Return a folder and its parents, the outermost last."""
    while rel:
        yield rel
        rel = rel.rpartition("/")[0]


def _stem(name: str) -> str:
    return name.rpartition(".")[0].lower()
