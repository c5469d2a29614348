"""Stamps: find out that a file has changed without reading it.

Time and size alone are not enough: `cp -p`, `rsync -t`, an archive or a link with a new target can leave the same size
and time with other bytes. They change the inode, or the time of the inode's last change (ctime), which no program can
set.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG

Stamp = tuple[int, int, int, str]
"""When a file was modified (ns), its size in bytes, its ctime (ns; on Windows its creation time), and its place: the
inode and, for a symbolic link, the link's own stamp and target."""

NEVER: Stamp = (0, 0, 0, "")
"""A stamp that no file has, so a file with it is always read."""

FRESH_NS = 2_000_000_000  # a file younger than this may change again without changing its mtime (FAT counts 2 s)
_TICK_NS = 50_000_000  # the same for its ctime: kernels count 10 ms or less
_SECOND_NS = 1_000_000_000


def stamp_of(status: os.stat_result, link: str = "") -> Stamp:
    """Make the stamp of a file from its status; `link` describes the link that led to it."""
    inode = "" if os.name == "nt" else status.st_ino  # Windows lists folders without inodes
    return status.st_mtime_ns, status.st_size, status.st_ctime_ns, f"{inode}{link}"


def stamp_file(file: str | Path) -> Stamp | None:
    """Return the stamp of an ordinary file, or of a link to one; None for anything else. Raises: OSError."""
    status = os.stat(file)  # noqa: PTH116 also called for thousands of outputs
    if not S_ISREG(status.st_mode):
        return None
    return stamp_of(status, describe_link(file) if os.path.islink(file) else "")  # noqa: PTH114


def describe_link(link: str | Path) -> str:
    """Describe a symbolic link by its own stamp and the file it leads to. Raises: OSError."""
    own = os.lstat(link)
    target = os.fsencode(os.path.realpath(link)).decode("utf-8", "backslashreplace")
    return f" {own.st_mtime_ns} {own.st_ctime_ns} {own.st_ino} {target}"


def believable_stamp(stamp: Stamp, now: int) -> Stamp:
    """Return the stamp to store at `now` (ns): NEVER if the file could still change without getting a new stamp."""
    mtime, _, ctime, _ = stamp
    tick = _TICK_NS if ctime % _SECOND_NS else FRESH_NS  # some file systems count whole seconds
    return stamp if mtime < now - FRESH_NS and ctime < now - tick else NEVER
