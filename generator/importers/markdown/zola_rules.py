"""What Zola reads and publishes: Markdown in `content`, except ignored files and draft sections."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from generator.importers.markdown.front_matter_keys import truth
from generator.importers.markdown.globs import match_loosely
from generator.importers.markdown.section_files import read_section
from generator.importers.markdown.source_rules import SourceRules, below, leads_to
from generator.importers.markdown.source_text import SourceText

_CONTENT = "content"


class ZolaRules(SourceRules):
    """The rules of Zola. Source: Zola's documentation, "Section" and "Configuration"."""

    def __init__(self, root: Path, ignored: tuple[str, ...]) -> None:
        super().__init__()
        self._root = root
        self._ignored = ignored
        self._draft_section = cache(self._is_draft_section)

    def leads_to_content(self, path: str) -> bool:
        """Return True for `content`."""
        return leads_to(path, (_CONTENT,))

    def why_hidden(self, path: str, read: SourceText) -> tuple[str, ...]:
        """Add the reason if a section around it is a draft."""
        folder = path
        while folder := folder.rpartition("/")[0]:
            if self._draft_section(folder):
                return (f"The section {folder} is a draft, so it was not public.",)
        return ()

    def _is_draft_section(self, folder: str) -> bool:
        return any(
            truth(each.table.entries["draft"][1]) is not False
            for each in read_section(self._root, folder)
            if "draft" in each.table.entries
        )

    def _why_skipped(self, path: str, *, folder: bool) -> str:
        if not below(path, _CONTENT):
            return "Zola reads only the content folder."
        inner = path.removeprefix(f"{_CONTENT}/")
        if any(match_loosely(each, name) for each in self._ignored for name in (path, inner, f"/{path}")):
            return "The setting ignored_content of Zola skips it."
        return "" if folder or path.lower().endswith(".md") else "Zola makes pages only from .md files."
