"""Find the file whose bytes are published for a path of the site."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from generator.content.site_files import ContentFile, ContentScan
from generator.digest import digest_file
from generator.engine.index_snapshot import IndexSnapshot
from generator.store.state import Store


class Publisher:
    """Finds the file that is published for a path; cleans it again if the cleaned copy is lost or damaged."""

    def __init__(self, root: Path, found: ContentScan, snapshot: IndexSnapshot, store: Store) -> None:
        self._root = root
        self._scan = found
        self._snapshot = snapshot
        self._state = store.folder

    @cached_property
    def _found(self) -> Mapping[str, ContentFile]:
        return self._scan.by_path()

    def __call__(self, path: str) -> Path:
        """Find the file; see the class."""
        name, cleaned = self._snapshot.files[path]
        source = self._root / self._found[path].real
        if not cleaned:
            return source
        from generator.engine.files import cleaned_file, prepare_file  # a letter may show no picture

        file = cleaned_file(self._state, path, name)
        if not file.is_file() or digest_file(file) != name:
            prepare_file(source, self._found[path], self._state)
        return file
