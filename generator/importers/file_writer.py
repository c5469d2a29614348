"""Put files into a site: never half, never over what somebody edited, never outside `content`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from generator.digest import digest_bytes, digest_file
from generator.errors import ContentError, error
from generator.store.atomic import copy_file, replace_file


class WriteAction(StrEnum):
    """What becomes of a file: written anew, written over, there already, left alone."""

    NEW = "new"
    UPDATE = "update"
    SAME = "same"
    KEPT = "kept"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to be: its bytes, or the file it is a copy of."""

    path: str
    data: bytes | None = None
    source: Path | None = None

    def digest(self) -> str:
        """Hash the bytes it will have. Raises: OSError."""
        return digest_bytes(self.data) if self.data is not None else digest_file(self.source or Path())


def choose_action(root: Path, planned: PlannedFile, digest: str, written_before: Mapping[str, str]) -> WriteAction:
    """Decide about a file. `written_before` maps paths to the digests of what earlier imports wrote there.

    Raises: ContentError, when its place leads out of the site; OSError.
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
    return WriteAction.UPDATE if written_before.get(planned.path) == there else WriteAction.KEPT


def write_file(root: Path, planned: PlannedFile) -> None:
    """Write a file whole, whatever its place held before; folders are made. Raises: OSError."""
    file = root / planned.path
    file.parent.mkdir(parents=True, exist_ok=True)
    if planned.data is not None:
        replace_file(file, planned.data)
    else:
        assert planned.source is not None
        copy_file(planned.source, file)


def _check_place(root: Path, path: str) -> None:
    """Refuse a place that a link leads out of the site; our own paths never hold a step up."""
    assert not path.startswith("/")
    assert ".." not in path.split("/")
    if not (root / path).parent.resolve().is_relative_to(root.resolve()):
        what = "A folder in this path is a symbolic link that leads out of the site. Nothing was written there."
        raise ContentError(error(path, "link", what, "Replace the link with a real folder."))
