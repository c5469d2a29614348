"""Files by the names the system takes, as texts: thousands of outputs are written, and a Path costs more than a write.

Sources, which are read one by one, are named by Paths everywhere else.
"""
# ruff: noqa: PTH102, PTH114, PTH116, PTH123

from __future__ import annotations

import os

from generator.stamps import Stamp, stamp_of


def parent(file: str) -> str:
    """Name the folder a file lies in; the path between them has forward slashes."""
    return file.rpartition("/")[0]


def stamp(file: str) -> Stamp:
    """Return a file's stamp. Raises: OSError."""
    return stamp_of(os.stat(file))


def holds(file: str, data: bytes) -> bool:
    """Say whether a file is there and holds exactly these bytes."""
    try:
        if os.stat(file).st_size != len(data):
            return False
        with open(file, "rb", buffering=0) as stream:
            return stream.read() == data
    except OSError:
        return False


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
