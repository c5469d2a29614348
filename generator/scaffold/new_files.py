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
    made: list[Path] = []
    try:
        for path, text in texts.items():
            file = folder / path
            made += _make_folders(file.parent)
            write_new(file, text.encode())
            written.append(file)
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        for place in reversed(made):
            with suppress(OSError):  # somebody else's file came in meanwhile
                place.rmdir()
        raise


def _make_folders(folder: Path) -> list[Path]:
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    made = []
    for place in reversed(missing):
        place.mkdir()
        made.append(place)
    return made
