"""Find the line of a problem by searching its source: converted HTML has no positions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from generator.content.read import decode_source, read_source
from generator.content.site_files import ContentFile, ContentScan
from generator.errors import ContentError


class Locator:
    """Finds words in the sources of a scan: call it with a path and words for line and column, both from 1."""

    def __init__(self, root: Path, found: ContentScan) -> None:
        self._root = root
        self._found = found
        self._last = ("", "")

    def __call__(self, path: str, words: str) -> tuple[int, int]:
        """Find the first place where `words` appear, as written or in an equivalent spelling; else (0, 0)."""
        text = self._text(path)
        for spelling in dict.fromkeys((words, unquote(words), words.replace("&", "&amp;"))):
            at = text.find(spelling) if spelling else -1
            if at >= 0:
                return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        return 0, 0

    def _text(self, path: str) -> str:
        """Read a source. Problems come in the order of the sources, so one source is cached."""
        if self._last[0] != path:
            self._last = (path, self._read(path))
        return self._last[1]

    @cached_property
    def _files(self) -> Mapping[str, ContentFile]:
        return self._found.by_path()

    def _read(self, path: str) -> str:
        try:
            return decode_source(path, read_source(self._root / self._files[path].real, path))
        except (ContentError, KeyError):
            return ""
