"""Write new files whole or not at all, and never over another."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write_new_file(file: Path, text: str) -> None:
    """Write a file that must not exist yet; a reader meets all of it or nothing.

    Raises: FileExistsError, leaving what is there; OSError.
    """
    handle, name = tempfile.mkstemp(prefix=".new-", dir=file.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        temporary.chmod(0o666 & ~_umask())
        _place(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


def _place(temporary: Path, file: Path) -> None:
    try:
        os.link(temporary, file)  # unlike a rename, a link never replaces
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(file):
            raise FileExistsError(f"{file} exists") from None
        temporary.rename(file)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


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
            write_new_file(file, text)
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
