"""Write new files, all or none, and never over an existing one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from generator.store.atomic import write_new


def write_new_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write several new files below `folder`; if one fails, delete those written and the folders created.

    Raises: FileExistsError, OSError.
    """
    written: list[Path] = []
    created: list[Path] = []
    try:
        for path, text in texts.items():
            file = folder / path
            created += _create_folders(file.parent)
            write_new(file, text.encode())
            written.append(file)
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        for parent in reversed(created):
            with suppress(OSError):  # another process has added a file
                parent.rmdir()
        raise


def _create_folders(folder: Path) -> list[Path]:
    """Create the missing folders down to `folder`; return them, the topmost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    created = []
    for each in reversed(missing):
        each.mkdir()
        created.append(each)
    return created
