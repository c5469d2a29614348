"""Unpack a zip file of pictures to a temporary folder: bounded, and never outside of it."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import ConfigError, error
from generator.importers.file_names import safe_path
from generator.importers.import_model import ImportLog, Note, Topic

MAX_BYTES = 20_000_000_000
MAX_FILES = 200_000
_MAX_RATIO = 200


@contextmanager
def unpack(file: Path, log: ImportLog) -> Iterator[Path]:
    """Unpack a zip file; names that lead out of it, and entries that are far too large, are left out and noted.

    Raises: ConfigError if it is not a zip file; OSError.
    """
    with tempfile.TemporaryDirectory(prefix="openletter-media-") as folder:
        try:
            with zipfile.ZipFile(file) as archive:
                _extract(archive, Path(folder), file.name, log)
        except zipfile.BadZipFile as fault:
            what = "This is neither a folder nor a zip file that can be read."
            raise ConfigError(error(str(file), "option", what, "Give the uploads folder, or a zip of it.")) from fault
        yield Path(folder)


def _extract(archive: zipfile.ZipFile, folder: Path, shown: str, log: ImportLog) -> None:
    size = 0
    for entry in archive.infolist()[:MAX_FILES]:
        name = entry.filename.replace("\\", "/")
        if entry.is_dir():
            continue
        size += entry.file_size
        if name.startswith("/") or ".." in name.split("/") or entry.external_attr >> 28 == 0xA:
            log.notes.append(Note(Topic.FILE, f"`{name}` leads out of the zip file.", shown))
        elif size > MAX_BYTES or entry.file_size > _MAX_RATIO * max(entry.compress_size, 1000):
            log.notes.append(Note(Topic.FILE, f"`{name}` is far larger than a picture.", shown))
        else:
            target = folder / safe_path(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
