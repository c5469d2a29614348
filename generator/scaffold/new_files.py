"""Write new files whole or not at all, and never over another."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from generator.store.atomic import write_new


def write_new_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write several new files below `folder`; when one fails, those written and the folders made go again.

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
            with suppress(OSError):  # another process has put a file into it
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
