"""Write files into a site: whole or not at all, never over a file that the user edited, never outside `content`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from generator.digest import digest_bytes, digest_file
from generator.errors import ContentError, error
from generator.importers.spool import Spooled
from generator.store.atomic import copy_file, replace_file


class WriteAction(StrEnum):
    """What the import does with a file: create it, update it, find it unchanged, or keep the user's version."""

    NEW = "new"
    UPDATE = "update"
    SAME = "same"
    KEPT = "kept"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to write: its bytes, its bytes in the spool, or the file to copy.

    `merged`: its bytes contain what the user's file has, so it is written over that.
    """

    path: str
    data: bytes | None = None
    source: Path | None = None
    spooled: Spooled | None = None
    merged: bool = False

    def digest(self) -> str:
        """Hash the bytes to write. Raises: OSError."""
        data = self.content()
        return digest_bytes(data) if data is not None else digest_file(self.source or Path())

    def content(self) -> bytes | None:
        """Return the bytes to write, None for a file to copy. Raises: OSError."""
        return self.spooled.read() if self.spooled is not None else self.data


def choose_action(root: Path, planned: PlannedFile, digest: str, written_before: Mapping[str, str]) -> WriteAction:
    """Decide what to do with a file. `written_before` maps paths to digests of what earlier imports wrote there.

    Raises: ContentError if a symbolic link leads its path out of the site; OSError.
    """
    file = root / planned.path
    _check_place(root, planned.path)
    if not os.path.lexists(file):
        return WriteAction.DELETED if planned.path in written_before else WriteAction.NEW
    if not file.is_file():
        return WriteAction.KEPT
    there = digest_file(file)
    if there == digest:
        return WriteAction.SAME
    if planned.merged:
        return WriteAction.UPDATE
    return WriteAction.UPDATE if written_before.get(planned.path) == there else WriteAction.KEPT


def write_file(root: Path, planned: PlannedFile) -> None:
    """Write a file, atomically replacing an older one; create its folders. Raises: OSError."""
    file = root / planned.path
    file.parent.mkdir(parents=True, exist_ok=True)
    data = planned.content()
    if data is not None:
        replace_file(file, data)
    else:
        assert planned.source is not None
        copy_file(planned.source, file)


def _check_place(root: Path, path: str) -> None:
    """Refuse a path that a symbolic link leads out of the site. Paths here never contain `..`."""
    assert not path.startswith("/")
    assert ".." not in path.split("/")
    if not (root / path).parent.resolve().is_relative_to(root.resolve()):
        what = "A folder in this path is a symbolic link that leads out of the site. Nothing was written there."
        raise ContentError(error(path, "link", what, "Replace the link with a real folder."))
