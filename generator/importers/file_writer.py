"""Put files into a site: never half, never over what somebody edited, never outside `content`."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from generator.digest import SIZE_BYTES, digest_bytes
from generator.errors import ContentError, error


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
        return digest_bytes(self.data) if self.data is not None else file_digest(self.source or Path())


def file_digest(file: Path) -> str:
    """Hash a file's bytes as `digest_bytes` does, without holding it in memory."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=SIZE_BYTES)).hexdigest()


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
    there = file_digest(file)
    if there == digest:
        return WriteAction.SAME
    return WriteAction.UPDATE if written_before.get(planned.path) == there else WriteAction.KEPT


def write_file(root: Path, planned: PlannedFile) -> None:
    """Write a file whole. Raises: OSError."""
    file = root / planned.path
    if planned.data is not None:
        replace_file(file, planned.data)
        return
    assert planned.source is not None
    file.parent.mkdir(parents=True, exist_ok=True)
    part = _part(file)
    try:
        shutil.copyfile(planned.source, part)
        _give_usual_rights(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def replace_file(file: Path, data: bytes) -> None:
    """Write bytes beside a file's place and rename them into it; folders are made. Raises: OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = _part(file)
    try:
        part.write_bytes(data)
        _give_usual_rights(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _part(file: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=".import-", dir=file.parent)
    os.close(handle)
    return Path(name)


def _give_usual_rights(file: Path) -> None:
    mask = os.umask(0o022)
    os.umask(mask)
    file.chmod(0o666 & ~mask)


def _check_place(root: Path, path: str) -> None:
    """Refuse a place that a link leads out of the site; our own paths never hold a step up."""
    assert not path.startswith("/")
    assert ".." not in path.split("/")
    real = os.path.realpath(root)
    if not os.path.realpath((root / path).parent).startswith(real):
        what = "A folder on the way is a link that leads out of the site; nothing was written there."
        raise ContentError(error(path, "link", what, "Put the folder itself there."))
