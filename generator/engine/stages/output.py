"""The output folder beside the state that knows which of its files are ours, and what is in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path
from time import time_ns

import msgspec
from msgspec import Struct, field

from generator.engine.stages.scan import believable
from generator.model import Target
from generator.site.addresses import file_key
from generator.store import OutputFolder, Store, TargetRow, file_digest

_JSON = msgspec.json.Encoder().encode
BEGUN = "begun"
"""The fact that lists what may be written before it has a row in the state."""


class Outputs(Struct):
    """A build's hold on the output. `rows` is what the last build left there, by path; `spoilt` what no longer is.

    `keep_failed` leaves the last good file of a target that fails: for a preview alone.
    """

    folder: OutputFolder
    store: Store
    rows: dict[str, TargetRow] = field(default_factory=dict)
    touched: list[TargetRow] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)
    keep_failed: bool = False
    _new: list[str] = field(default_factory=list)

    def load(self) -> None:
        """Read what the last build left, and what one that did not end had begun."""
        begun = self.store.fact(BEGUN, tuple[str, ...]) or ()
        self.rows = {path: _begun(path) for path in begun} | {row.path: row for row in self.store.targets()}

    def intact(self, row: TargetRow, *, by_stamp: bool) -> bool:
        """Say whether an output still holds the bytes that were written; stamps are believed where `by_stamp`."""
        try:
            stamp = self.folder.stamp(row.path)
            if by_stamp and stamp == (row.mtime, row.size):
                return True
            whole = stamp[1] == row.size and file_digest(self.folder.file(row.path)) == row.digest
        except OSError:
            whole = False
        if not whole:
            self.spoilt.add(row.path)
            return False
        mtime, size = believable(stamp, time_ns())
        self.touched.append(msgspec.structs.replace(row, mtime=mtime, size=size or row.size))
        return True

    def plan(self, planned: Mapping[str, Target]) -> None:
        """Take in which files are to be; where nothing is known of any, what lies in their way is moved out of it."""
        if not self.rows:
            self._clear_strangers(frozenset(planned))
        self._new = [path for path in planned if path not in self.rows]

    def begin(self, *, planned: bool) -> None:
        """Note, before the first write, every file that may be written: a killed build leaves none unaccounted for.

        Where nothing was `planned`, files that are known are written again, and no other.
        """
        self.store.put_targets(row for row in self.touched if row.path in self.rows)
        if planned:
            self.store.set_fact(BEGUN, [*self._new, *(path for path, row in self.rows.items() if not row.kind)])
            self._new = []
            self.store.commit()

    def keep(self, rows: Collection[TargetRow]) -> None:
        """Keep what is known now of files that were rendered; `commit` makes it last."""
        self.store.put_targets(rows)
        self.rows.update((row.path, row) for row in rows)

    def make_way(self, planned: Mapping[str, Target]) -> tuple[str, ...]:
        """Delete old files that stand where a folder is to be, or in a folder where a file is to be.

        Also those whose path differs from a new one in capitals alone: on many disks the two are one file.
        """
        old = self.rows.keys() - planned.keys()
        if not old:
            return ()
        files = frozenset(map(file_key, planned))
        folders = {folder for path in files for folder in _folders(path)}
        gone = sorted(path for path in old if _in_the_way(file_key(path), files, folders))
        self.delete(gone)
        return tuple(gone)

    def put(self, target: Target, content: bytes | Path, digest: str) -> tuple[bool, tuple[int, int]]:
        """Write a target's content where it differs; says whether it did, and the file's stamp now.

        What the last build left there is known by its digest, and not read: other bytes are written over it.
        """
        row = self.rows.get(target.path)
        before = row.digest if row is not None and target.path not in self.spoilt else ""
        if row is not None and before == digest and self._as_left(row):
            return False, (row.mtime, row.size)
        if isinstance(content, Path):
            written = self.folder.copy(target.path, content, digest)
        else:
            written = self.folder.write(target.path, content, differs=before not in ("", digest))
        self.spoilt.discard(target.path)
        return written, self.folder.stamp(target.path)

    def _as_left(self, row: TargetRow) -> bool:
        with suppress(OSError):
            return self.folder.stamp(row.path) == (row.mtime, row.size)
        return False

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files of ours, and forget them."""
        paths = list(paths)
        for path in paths:
            self.folder.delete(path)
            self.rows.pop(path, None)
        self.store.drop_targets(paths)

    def _clear_strangers(self, planned: frozenset[str]) -> None:
        """Move what nothing is known of to the state's folder: it may be stale, but it may not be ours to delete."""
        strangers = self.folder.strangers(planned)
        shelves = (self.store.folder / f"set-aside{number}" for number in ("", *(f"-{n}" for n in range(2, 10_000))))
        shelf = next(shelf for shelf in shelves if not shelf.exists())
        for path in strangers:
            self.folder.set_aside(path, shelf)


def _in_the_way(path: str, files: AbstractSet[str], folders: AbstractSet[str]) -> bool:
    return path in files or path in folders or not files.isdisjoint(_folders(path))


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _begun(path: str) -> TargetRow:
    """Give the row of a file that may be written: it has no kind, and is not in the state as long as it has none."""
    return TargetRow(path, "", b"[]", "", 0, 0, b"", b"[]")


def encode_args(target: Target) -> bytes:
    """Encode a target's arguments as they are kept."""
    return _JSON(target.args)
