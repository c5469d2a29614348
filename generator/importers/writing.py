"""Put files into a site: never half, never over what somebody edited, never outside `content`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from generator.digest import digest_bytes, digest_file
from generator.errors import ContentError, error
from generator.store import atomic
from generator.store.atomic import copy_file


class Fate(StrEnum):
    """What becomes of a file: written anew, written over, there already, left alone."""

    NEW = "new"
    UPDATE = "update"
    SAME = "same"
    KEPT = "kept"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Writing:
    """A file to be: its bytes, or the file it is a copy of."""

    path: str
    data: bytes | None = None
    source: Path | None = None

    def digest(self) -> str:
        """Hash the bytes it will have. Raises: OSError."""
        return digest_bytes(self.data) if self.data is not None else digest_file(self.source or Path())


def fate_of(root: Path, writing: Writing, digest: str, written_before: Mapping[str, str]) -> Fate:
    """Decide about a file. `written_before` maps paths to the digests of what earlier imports wrote there.

    Raises: ContentError, when its place leads out of the site; OSError.
    """
    file = root / writing.path
    _check_place(root, writing.path)
    if not os.path.lexists(file):
        return Fate.DELETED if writing.path in written_before else Fate.NEW
    if not file.is_file():
        return Fate.KEPT
    there = digest_file(file)
    if there == digest:
        return Fate.SAME
    return Fate.UPDATE if written_before.get(writing.path) == there else Fate.KEPT


def write(root: Path, writing: Writing) -> None:
    """Write a file whole. Raises: OSError."""
    file = root / writing.path
    if writing.data is not None:
        replace_file(file, writing.data)
        return
    assert writing.source is not None
    file.parent.mkdir(parents=True, exist_ok=True)
    copy_file(writing.source, file)


def replace_file(file: Path, data: bytes) -> None:
    """Write a file whole, whatever its place held before; folders are made. Raises: OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    atomic.replace_file(file, data)


def _check_place(root: Path, path: str) -> None:
    """Refuse a place that a link leads out of the site; our own paths never hold a step up."""
    assert not path.startswith("/")
    assert ".." not in path.split("/")
    real = os.path.realpath(root)
    if not os.path.realpath((root / path).parent).startswith(real):
        what = "A folder on the way is a link that leads out of the site; nothing was written there."
        raise ContentError(error(path, "link", what, "Put the folder itself there."))
