"""What Material for MkDocs reads and publishes, and what its front matter means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.content.read import decode_source, read_source
from generator.errors import ContentError
from generator.importers.markdown.globs import match_loosely
from generator.importers.markdown.project_settings import get_text, list_texts, parse_yaml
from generator.importers.markdown.source_rules import SourceRules, below, leads_to
from generator.importers.markdown.source_text import SourceText
from generator.model import Kind
from generator.text.tree import Items, Table, Text, Value

_DATES = {"created": "date", "updated": "updated"}
_NAMES = {"pin": "pinned"}
_UNUSED = ("links", "readtime", "hide", "search", "icon", "status")


class MkdocsRules(SourceRules):
    """The rules of Material for MkDocs."""

    def __init__(self, root: Path, texts: Mapping[str, str], blog: Mapping[str, Any]) -> None:
        super().__init__()
        self._root = root
        self._docs = get_text(texts, "docs_dir", "docs").strip("./")
        folder = get_text(blog, "blog_dir", "blog").strip("./")
        posts = get_text(blog, "post_dir", "{blog}/posts").replace("{blog}", folder)
        authors = get_text(blog, "authors_file", "{blog}/.authors.yml").replace("{blog}", folder)
        self._posts, self._authors = (_join(self._docs, name) for name in (posts, authors))
        self._excluded = tuple(
            line
            for each in list_texts([texts.get("exclude_docs")])
            for line in map(str.strip, each.split("\n"))
            if line
        )

    @cached_property
    def authors(self) -> Mapping[str, str]:
        """Map the ids in `.authors.yml` to names."""
        file = self._root / self._authors
        try:
            data = parse_yaml(decode_source(self._authors, read_source(file, self._authors)))
        except (ContentError, OSError):
            return {}
        found = data.get("authors")
        rows = found.items() if isinstance(found, dict) else ()
        return {str(id_): get_text(row, "name", str(id_)) for id_, row in rows if isinstance(row, dict)}

    def leads_to_content(self, path: str) -> bool:
        """Return True for the folder of documents."""
        return leads_to(path, (self._docs, self._posts))

    def content_path(self, path: str) -> str:
        """Return a source's path below the folder of documents."""
        return path.removeprefix(f"{self._docs}/")

    def kind(self, path: str) -> Kind | None:
        """Return posts for the blog's folder, pages for everything else."""
        return Kind.POST if below(path, self._posts) else Kind.PAGE

    def prepare(self, read: SourceText) -> SourceText:
        """Rename what Material calls otherwise: dates in a table, ids of authors, pins."""
        entries: dict[str, tuple[Text, Value]] = {}
        for key, (name, value) in read.table.entries.items():
            if key == "date" and isinstance(value, Table):
                entries |= {_DATES[inner]: pair for inner, pair in value.entries.items() if inner in _DATES}
            elif key == "authors":
                entries[key] = (name, self._named(value))
            elif key not in _UNUSED:
                entries[_NAMES.get(key, key)] = (name, value)
        return replace(read, table=Table(entries, read.table.line, read.table.column))

    def _named(self, value: Value) -> Value:
        if isinstance(value, Items):
            return Items(tuple(map(self._named, value.items)), value.line, value.column)
        if isinstance(value, Text) and value.text in self.authors:
            return Text(self.authors[value.text], value.line, value.column, quoted=True)
        return value

    def _why_skipped(self, path: str, *, folder: bool) -> str:
        if not below(path, self._docs):
            return "MkDocs reads only its folder of documents."
        inner = path.removeprefix(f"{self._docs}/")
        if any(match_loosely(each.lstrip("/"), inner) for each in self._excluded):
            return "The setting exclude_docs of MkDocs skips it."
        return (
            "" if folder or path.lower().endswith((".md", ".markdown")) else "MkDocs makes pages only from .md files."
        )


def _join(folder: str, path: str) -> str:
    """Join two settings, whose dots and slashes may vary."""
    inner = path.removeprefix("./").lstrip("/").rstrip("/")
    return f"{folder}/{inner}" if folder else inner
