"""What Jekyll reads and publishes: `exclude`, `include`, `collections`, and the names it skips."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

from generator.importers.markdown.source_rules import SourceRules, below
from generator.importers.markdown.source_text import SourceText

_USUAL = (
    ".sass-cache", ".jekyll-cache", "gemfiles", "Gemfile", "Gemfile.lock", "node_modules", "vendor/bundle/",
    "vendor/cache/", "vendor/gems/", "vendor/ruby/",
)  # fmt: skip
_DATED = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-[^/]*\.[^./]+")
_POSTS = frozenset(("_posts", "_drafts"))


class JekyllRules(SourceRules):
    """The rules of Jekyll. `not_read` are its own folders (the output, layouts).

    Source: Jekyll's `EntryFilter` and `PostReader`.
    """

    def __init__(
        self,
        *,
        source: str = "",
        exclude: tuple[str, ...] = (),
        include: tuple[str, ...] = (),
        not_read: tuple[str, ...] = (),
        collections: Mapping[str, str | None] | None = None,
        collections_dir: str = "",
        bare_pages: bool = False,
        doubts: tuple[str, ...] = (),
    ) -> None:
        super().__init__(doubts)
        self._source = source
        self._exclude = (*exclude, *_USUAL)
        self._include = include
        self._not_read = not_read
        self._collections = collections or {}
        self._collections_dir = collections_dir
        self._bare_pages = bare_pages

    def leads_to_content(self, path: str) -> bool:
        """Return True for the folder in `source` and its parents."""
        return bool(self._source) and below(self._source, path)

    def content_path(self, path: str) -> str:
        """Remove the folders of `source` and `collections_dir` from a path."""
        inner = path.removeprefix(f"{self._source}/") if self._source else path
        return inner.removeprefix(f"{self._collections_dir}/") if self._collections_dir else inner

    def collection(self, path: str) -> str:
        """Return the collection of a source, "" for none: `recipes` for the folder `_recipes`."""
        first, _, rest = self.content_path(path).partition("/")
        return first[1:] if rest and first.startswith("_") and first[1:] in self._collections else ""

    def why_hidden(self, path: str, read: SourceText) -> tuple[str, ...]:
        """Add collections without output."""
        name = self.collection(path)
        found = super().why_hidden(path, read)
        if name and self._collections[name] is None:
            return (*found, f"The collection {name} has no output: true, so Jekyll made no pages of it.")
        return found

    def why_text_skipped(self, path: str, read: SourceText) -> str:
        """Return why Jekyll makes no page of a text that it reads: it has no front matter."""
        if read.mark or self._bare_pages or _POSTS & set(path.split("/")):
            return ""
        return "It has no front matter, so Jekyll made no page of it."

    def _why_skipped(self, path: str, *, folder: bool) -> str:
        if self._source and not (below(path, self._source) or (folder and below(self._source, path))):
            return f"Jekyll reads only the folder {self._source}."
        inner = path.removeprefix(f"{self._source}/") if self._source else path
        if inner == self._source:
            return ""
        name = inner.rpartition("/")[2]
        if any(inner == each for each in self._not_read):
            return "Jekyll uses this folder itself."
        if self._named(self._include, inner) or self._named(self._include, name):
            return ""
        if self._named(self._exclude, inner, folder=folder):
            return "The setting exclude of Jekyll skips it."
        return self._why_special(inner, name, folder=folder)

    def _why_special(self, inner: str, name: str, *, folder: bool) -> str:
        steps = inner.split("/")
        in_posts = _POSTS & set(steps[:-1])
        if folder and name in _POSTS:
            outside = self._collections_dir and not below(inner, self._collections_dir)
            return f"Jekyll reads posts only in {self._collections_dir}." if outside and name == "_posts" else ""
        if "_posts" in steps[:-1] and not folder and not _DATED.fullmatch(name):
            return "Its name does not begin with a date, so Jekyll made no post of it."
        if not name.startswith(("_", "~", "#")) or in_posts:
            return ""
        if folder and inner == f"{self._collections_dir}/{name}".lstrip("/") and name[1:] in self._collections:
            return ""
        return (
            "Jekyll does not read names that begin with an underscore."
            if name[0] == "_"
            else "Jekyll does not read it."
        )

    def _named(self, patterns: tuple[str, ...], path: str, *, folder: bool = False) -> bool:
        """Match as Jekyll does: by a pattern, the start of a path, or a folder with a slash."""
        return any(
            fnmatchcase(path, each) or path.startswith(each) or (folder and each == f"{path}/")
            for each in (pattern.removeprefix("./").lstrip("/") for pattern in patterns)
            if each
        )
