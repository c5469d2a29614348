"""File operations on names as strings: a build writes thousands of outputs, and a Path costs more than a write.

Everywhere else, where files are read one by one, names are Paths.
"""
# ruff: noqa: PTH102, PTH114, PTH116, PTH123

from __future__ import annotations

import os

from generator.stamps import Stamp, stamp_of


def parent(file: str) -> str:
    """Return the folder of a file; the path has forward slashes."""
    return file.rpartition("/")[0]


def stamp(file: str) -> Stamp:
    """Return a file's stamp. Raises: OSError."""
    return stamp_of(os.stat(file))


def holds(file: str, data: bytes) -> bool:
    """Return True if a file exists with exactly these bytes."""
    try:
        if os.stat(file).st_size != len(data):
            return False
        with open(file, "rb", buffering=0) as stream:
            return stream.read() == data
    except OSError:
        return False


def make_folder(folder: str) -> bool:
    """Make a folder in one that exists; returns True if it did. Raises: OSError, but not if the name exists."""
    try:
        os.mkdir(folder)
    except FileExistsError:
        return False
    return True


def may_lead_elsewhere(folder: str) -> bool:
    """Return True if an existing folder may be a link. Windows has more kinds than symbolic links."""
    return os.name == "nt" or os.path.islink(folder)
