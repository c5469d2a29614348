"""Write files atomically, so that a reader finds a whole file or none: write beside it, then rename.

The unfinished file is hidden and its name is unique among processes and threads: two writers of one path never write
into each other's file, and the last to finish wins. A failed write leaves nothing behind; the leftovers of a killed
process have a name that `is_part` recognises.

File names are `str` inside this module: a build writes thousands of files, and a `Path` costs more than a file.
Only the replacement of a person's own file is synchronised with the disk. A power cut can lose other files; the program
can make those again.
"""
# ruff: noqa: PTH105, PTH108

from __future__ import annotations

import errno
import os
from contextlib import suppress
from itertools import count
from pathlib import Path

from generator.digest import digest_file

_PART = ".openletter-part"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_next_number = count().__next__


def write_new(file: Path, data: bytes) -> None:
    """Write a file that must not exist yet, in a folder that does.

    Raises: FileExistsError, and leaves the existing file; OSError.
    """
    part = _write_part(os.fspath(file), data)
    try:
        _link(part, file)
    finally:
        _discard(part)


def replace_file(file: str | Path, data: bytes) -> None:
    """Write a file, replacing any file of that name, in a folder that exists. Raises: OSError."""
    name = os.fspath(file)
    _move(_write_part(name, data), name)


def replace_if_unchanged(file: Path, data: bytes, digest: str) -> bool:
    """Replace a person's file unless it has changed: `digest` is that of its expected bytes.

    Returns False and changes nothing if it has other bytes or is gone. Raises: OSError.
    """
    name = os.fspath(file)
    part = _write_part(name, data, durable=True)
    try:
        unchanged = digest_file(file) == digest  # check as late as possible: an editor may save while we write
    except FileNotFoundError:
        unchanged = False
    except BaseException:
        _discard(part)
        raise
    if unchanged:
        _move(part, name)
    else:
        _discard(part)
    return unchanged


class OtherBytesError(Exception):
    """A file that was to be copied has other bytes than expected."""


def copy_file(source: Path, file: str | Path, digest: str = "") -> None:
    """Copy a file's bytes, but not its permissions, into a folder that exists.

    Raises: OSError; OtherBytesError if `digest` is given and is not that of the bytes.
    """
    import shutil

    name = os.fspath(file)
    part = _write_part(name, b"")
    try:
        shutil.copyfile(source, part)
        if digest and digest_file(Path(part)) != digest:
            raise OtherBytesError(os.fspath(source))
    except BaseException:
        _discard(part)
        raise
    _move(part, name)


def move_file(made: Path, file: str | Path) -> None:
    """Move a finished file of ours into a folder that exists, from another disk too. Raises: OSError."""
    try:
        os.replace(made, file)
    except OSError as reason:
        if reason.errno != errno.EXDEV:
            raise
        copy_file(made, file)


def is_part(name: str) -> bool:
    """Return True if this module began a file of that name and did not finish it."""
    return name.startswith(".") and name.endswith(_PART)


def _write_part(file: str, data: bytes, *, durable: bool = False) -> str:
    """Write the unfinished file, with the permissions of any new file of this account."""
    folder = os.path.dirname(file) or "."  # noqa: PTH120
    while True:
        part = f"{folder}/.{os.getpid()}-{_next_number()}{_PART}"
        try:
            handle = os.open(part, _NEW, 0o666)
        except FileExistsError:  # left by a killed process with our process number
            continue
        break
    try:
        try:
            done = 0
            while done < len(data):
                done += os.write(handle, data[done:] if done else data)
            if durable:
                os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        _discard(part)
        raise
    return part


def _move(part: str, file: str) -> None:
    try:
        os.replace(part, file)
    except BaseException:
        _discard(part)
        raise


def _link(part: str, file: Path) -> None:
    try:
        os.link(part, file)  # unlike a rename, a link never replaces
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(file):
            raise FileExistsError(f"{file} exists") from None
        os.rename(part, file)  # noqa: PTH104


def _discard(part: str) -> None:
    with suppress(OSError):
        os.unlink(part)
