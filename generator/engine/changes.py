"""Find the sources that have changed since the last build: by stamp, or by bytes if a stamp is in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from time import time_ns

from msgspec import Struct, field, structs

from generator.content.site_files import ContentFile
from generator.digest import digest_file
from generator.stamps import believable_stamp
from generator.store.rows import SourceRow


class SourceChanges(Struct):
    """What the scan found. `changed`: new and altered sources; `touched`: new stamps on the same bytes."""

    changed: list[ContentFile] = field(default_factory=list)
    touched: list[SourceRow] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    added: bool = False


def compare_sources(
    root: Path,
    found: Sequence[ContentFile],
    known: Mapping[str, SourceRow],
    settings: Mapping[str, str],
    suspects: Set[str] = frozenset(),
) -> SourceChanges:
    """Compare all sources with their rows: find those that are new, altered or removed, and new stamps.

    `settings` maps a role to the digest of the settings that matter to it. Stamps of `suspects` are not trusted.
    """
    changes = compare_some_sources(root, found, known, settings, suspects)
    changes.removed = sorted(known.keys() - {item.path for item in found})
    return changes


def compare_some_sources(
    root: Path,
    found: Iterable[ContentFile],
    known: Mapping[str, SourceRow],
    settings: Mapping[str, str],
    suspects: Set[str] = frozenset(),
) -> SourceChanges:
    """Compare some of the sources, as `compare_sources` does."""
    changes = SourceChanges()
    now = time_ns()
    for item in found:
        row = known.get(item.path)
        if row is None:
            changes.added = True
            changes.changed.append(item)
        elif row.settings_digest != settings[item.role]:
            changes.changed.append(item)
        elif row.stamp != item.stamp or item.path in suspects:
            _look_closer(root, item, row, now, changes)
    return changes


def _look_closer(root: Path, item: ContentFile, row: SourceRow, now: int, changes: SourceChanges) -> None:
    """Compare by digest: a fresh checkout costs a read, not a rebuild."""
    try:
        same = bool(row.digest) and digest_file(root / item.real) == row.digest
    except OSError:
        same = False
    if not same:
        changes.changed.append(item)
    else:
        mtime, size, ctime, place = stamp = believable_stamp(item.stamp, now)
        if stamp != row.stamp:
            changes.touched.append(structs.replace(row, mtime=mtime, size=size, ctime=ctime, place=place))
