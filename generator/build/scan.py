"""The first stage: which sources have changed since the last build, told by stamp where it can be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import time_ns

from generator.content.find import Found
from generator.store import SourceRow, file_digest

FRESH_NS = 2_000_000_000  # a file younger than this may change again without changing its stamp (FAT counts 2 s)


@dataclass(slots=True)
class Changes:
    """What the scan found. `changed`: new and altered sources; `touched`: new stamps on the same bytes."""

    changed: list[Found] = field(default_factory=list)
    touched: list[SourceRow] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    added: bool = False


def compare(
    root: Path, found: tuple[Found, ...], known: Mapping[str, SourceRow], settings: Mapping[str, str]
) -> Changes:
    """Compare the sources with what is known. `settings` maps a role to the digest of what else decides the result."""
    changes = Changes(removed=sorted(known.keys() - {item.path for item in found}))
    now = time_ns()
    for item in found:
        row = known.get(item.path)
        if row is None:
            changes.added = True
            changes.changed.append(item)
        elif not row.made.endswith(settings[item.role]):
            changes.changed.append(item)
        elif (row.mtime, row.size) != item.stamp:
            _look_closer(root, item, row, now, changes)
    return changes


def _look_closer(root: Path, item: Found, row: SourceRow, now: int, changes: Changes) -> None:
    """Compare by digest: a fresh checkout costs a read, not a rebuild."""
    try:
        same = bool(row.digest) and file_digest(root / item.real) == row.digest
    except OSError:
        same = False
    if not same:
        changes.changed.append(item)
    else:
        mtime, size = believable(item.stamp, now)
        if (mtime, size) != (row.mtime, row.size):
            changes.touched.append(SourceRow(item.path, mtime, size, row.digest, row.made))


def believable(stamp: tuple[int, int], now: int) -> tuple[int, int]:
    """Give the stamp to be remembered at `now` (ns): (0, 0) for a file so young that it may still be written."""
    return stamp if stamp[0] < now - FRESH_NS else (0, 0)
