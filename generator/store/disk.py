"""Files by the names the system takes, as texts: thousands of outputs are written, and a Path costs more than a write.

Sources, which are read one by one, are named by Paths everywhere else.
"""
# ruff: noqa: PTH102, PTH105, PTH108, PTH114, PTH116, PTH123

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def parent(file: str) -> str:
    """Name the folder a file lies in; the path between them has forward slashes."""
    return file.rpartition("/")[0]


def stamp(file: str) -> tuple[int, int]:
    """Give a file's stamp: when it was changed (ns), and its size in bytes. Raises: OSError."""
    status = os.stat(file)
    return status.st_mtime_ns, status.st_size


def holds(file: str, data: bytes) -> bool:
    """Say whether a file is there and holds exactly these bytes."""
    try:
        if os.stat(file).st_size != len(data):
            return False
        with open(file, "rb", buffering=0) as stream:
            return stream.read() == data
    except OSError:
        return False


def fill(file: str, data: bytes) -> None:
    """Write a file, whatever it held before. Raises: OSError."""
    handle = os.open(file, _NEW, 0o666)
    try:
        done = os.write(handle, data)
        while done < len(data):
            done += os.write(handle, data[done:])
    finally:
        os.close(handle)


def replace(file: str, make: Callable[[str], object], suffix: str) -> None:
    """Make a file beside its place and rename it; what cannot be finished leaves nothing behind. Raises: OSError.

    One process writes, one file at a time: the unfinished one is hidden, and named by the process and `suffix`.
    """
    part = f"{parent(file)}/.{os.getpid()}{suffix}"
    try:
        make(part)
        os.replace(part, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise


def make_folder(folder: str) -> bool:
    """Make a folder in one that exists; says whether it did. Raises: OSError, but not where that name is taken."""
    try:
        os.mkdir(folder)
    except FileExistsError:
        return False
    return True


def may_lead_elsewhere(folder: str) -> bool:
    """Say whether a folder that was there may be a link. Windows has more ways than links."""
    return os.name == "nt" or os.path.islink(folder)
