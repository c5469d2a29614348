"""The output folder, with the state that knows which of its files are ours and what they contain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from generator.digest import digest_file
from generator.engine.staging import Content, StagedFile, Unchanged
from generator.model import Target
from generator.stamps import Stamp, believable_stamp
from generator.store.atomic import OtherBytesError
from generator.store.output import OutputFolder
from generator.store.rows import TargetRow, WrittenFile
from generator.store.state import Store

if TYPE_CHECKING:
    from generator.engine.readers import Readers

_JSON = msgspec.json.Encoder().encode
PENDING = "begun"
"""The fact that lists what may be written before it has a row in the state."""
LEFT = "left"
"""The fact that lists the stale outputs that a build has left to the next one."""


class OutputCheck(Struct, frozen=True):
    """Outputs that failed or differ from what was written, and those that do not differ with their new stamps.

    `left` are those that the last build knew to be stale and did not render.
    """

    damaged: frozenset[str] = frozenset()
    touched: tuple[WrittenFile, ...] = ()
    left: frozenset[str] = frozenset()


class Outputs:
    """The output folder with the rows of the state.

    `keep_failed` leaves the last good file of a target that fails: for a preview alone. `stays` is True if more builds
    may follow, so that the table of readers pays.
    """

    def __init__(self, folder: OutputFolder, store: Store, *, keep_failed: bool = False, stays: bool = False) -> None:
        self.folder = folder
        self.store = store
        self.keep_failed = keep_failed
        self.stays = stays
        self.left: frozenset[str] = frozenset()
        self._files: list[WrittenFile] = []
        self._pending: tuple[str, ...] = ()
        self._failed: set[str] = set()
        self._rows: dict[str, TargetRow] | None = None
        self._readers: Readers | None = None

    def load(self) -> None:
        """Read which files the last build left, and what an interrupted build may have written."""
        self._pending = self.store.fact(PENDING, tuple[str, ...]) or ()
        self._files = self.store.written_files()
        known = {file.path for file in self._files}
        self._failed = {file.path for file in self._files if not file.digest}
        self._failed.update(path for path in self._pending if path not in known)
        self._rows, self._readers = None, None
        self.left = frozenset(self.store.fact(LEFT, tuple[str, ...]) or ())

    @property
    def rows(self) -> dict[str, TargetRow]:
        """What the last build left in the folder, by path; a build with nothing to do does not read it."""
        if self._rows is None:
            self._rows = {path: _pending(path) for path in self._pending} | {
                row.path: row for row in self.store.targets()
            }
            self._files = []
        return self._rows

    @property
    def files(self) -> Iterable[WrittenFile | TargetRow]:
        """The files that the last build left in the folder, with their problems."""
        return self._files if self._rows is None else self._rows.values()

    def find_readers(self) -> Readers:
        """Return the table of who reads what; it is made once, and kept up to date."""
        if self._readers is None:
            from generator.engine.readers import Readers

            self._readers = Readers(self.rows.values())
        return self._readers

    def check(self, *, by_stamp: bool) -> OutputCheck:
        """Compare all files with what was written; their stamps are believed if `by_stamp`. Only after `load`."""
        damaged, touched = set(self._failed), []
        for file in self._files:
            now = self._check_file(file, by_stamp=by_stamp) if file.digest else file
            if now is None:
                damaged.add(file.path)
            elif now is not file:
                touched.append(now)
        return OutputCheck(frozenset(damaged), tuple(touched), self.left)

    def failed(self) -> OutputCheck:
        """List the outputs that failed, without checking the others."""
        return OutputCheck(frozenset(self._failed), left=self.left)

    def _check_file(self, file: WrittenFile, *, by_stamp: bool) -> WrittenFile | None:
        """Return an output's file, with a new stamp if it has one; None if it has other bytes."""
        try:
            stamp = self.folder.stamp(file.path)
            if by_stamp and stamp == file.stamp:
                return file
            if stamp[1] != file.size or digest_file(self.folder.file(file.path)) != file.digest:
                return None
        except OSError:
            return None
        mtime, size, ctime, place = believable_stamp(stamp, time_ns())
        return msgspec.structs.replace(file, mtime=mtime, size=size or file.size, ctime=ctime, place=place)

    def make_room(self, planned: Collection[str], unplanned: AbstractSet[str]) -> tuple[str, ...]:
        """Clear the way for the planned outputs; returns the files of ours that had to be deleted.

        `planned` are all, or those that may be new; `unplanned` are outputs of the last build that have no plan now.
        If no output is known, foreign files in the folder are set aside.
        """
        deleted = self._delete_conflicting(planned, unplanned)
        if not self.rows:
            self._set_aside_foreign(frozenset(planned))
        return deleted

    def announce(self, planned: Iterable[str]) -> None:
        """Commit the list of new files before the first write, so that a killed build leaves no unknown file."""
        unwritten = [path for path in self._pending if path in self.rows and not self.rows[path].kind]
        unrendered = [path for path in (*planned, *self.left) if path not in self.rows]
        self.store.set_fact(PENDING, [*unrendered, *unwritten])
        self.store.commit()

    def plan_again(self, targets: Iterable[Target]) -> None:
        """Record what each of some stale outputs is to become: another page, perhaps, than the file that is there."""
        known = ((target, self.rows[target.path]) for target in targets if target.path in self.rows)
        rows = [msgspec.structs.replace(row, kind=target.kind, args=encode_args(target)) for target, row in known]
        self.keep([row for row in rows if row != self.rows[row.path]])

    def leave(self, left: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        """Leave stale outputs to the next build; returns the facts that tell it, to be stored with this build."""
        before, self.left = self.left, left
        if not left and not before:
            return {}
        return {LEFT: tuple(sorted(left)), PENDING: tuple(sorted(path for path in left if path not in self.rows))}

    def keep(self, rows: Collection[TargetRow]) -> None:
        """Store the rows of rendered files; `commit` makes them permanent."""
        self.store.put_targets(rows)
        if self._readers is not None:
            for row in rows:
                self._readers.add(row, self.rows.get(row.path))
        for row in rows:
            self.rows[row.path] = row
            (self._failed.discard if row.digest else self._failed.add)(row.path)

    def _delete_conflicting(self, planned: Collection[str], old: AbstractSet[str]) -> tuple[str, ...]:
        """Delete old files that are in the way of a new folder or file.

        That includes files whose path differs from a new one only in capital letters: many file systems keep only one.
        """
        new = [path for path in planned if not ((row := self.rows.get(path)) and row.digest)] if old else []
        if not new:
            return ()
        from generator.site.addresses import file_key

        files = frozenset(map(file_key, new))
        folders = {folder for path in files for folder in _folders(path)}
        gone = sorted(path for path in old if _in_the_way(file_key(path), files, folders))
        self.delete(gone)
        return tuple(gone)

    def put(self, target: Target, content: Content, digest: str, *, damaged: bool = False) -> tuple[bool, Stamp]:
        """Write a target's content if it differs; returns whether it did, and the file's stamp now.

        The bytes of the last build are known by their digest, and not read unless the file is `damaged`.
        Raises: ContentError if a file to be copied has changed; OutputError.
        """
        row = self.rows.get(target.path)
        before = row.digest if row is not None and not damaged else ""
        if row is not None and (isinstance(content, Unchanged) or self.is_current(target, digest, damaged=damaged)):
            return False, row.stamp
        assert not isinstance(content, Unchanged), "only a file that has a row can be unchanged"
        differs = before not in ("", digest)
        if isinstance(content, Path):
            try:
                written = self.folder.copy(target.path, content, digest)
            except OtherBytesError as reason:
                from generator.content.changed_file import changed_file

                raise changed_file(target.args[0]) from reason
        elif isinstance(content, StagedFile):
            written = self.folder.move_in(target.path, content.file, digest, differs=differs)
        else:
            written = self.folder.write(target.path, content, differs=differs)
        return written, self.folder.stamp(target.path)

    def is_current(self, target: Target, digest: str, *, damaged: bool) -> bool:
        """Return True if a target's file has these bytes, as the last build left it."""
        row = self.rows.get(target.path)
        if row is None or damaged or row.digest != digest:
            return False
        with suppress(OSError):
            return self.folder.stamp(row.path) == row.stamp
        return False

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files of ours and their rows."""
        paths = list(paths)
        for path in paths:
            self.folder.delete(path)
            self.rows.pop(path, None)
            self._failed.discard(path)
        self.store.drop_targets(paths)

    def _set_aside_foreign(self, planned: frozenset[str]) -> None:
        """Move unknown files to the state's folder: they may be stale, but they may not be ours to delete."""
        strangers = self.folder.strangers(planned)
        backups = (self.store.folder / f"set-aside{number}" for number in ("", *(f"-{n}" for n in range(2, 10_000))))
        backup = next(backup for backup in backups if not backup.exists())
        for path in strangers:
            self.folder.set_aside(path, backup)


def _in_the_way(path: str, files: AbstractSet[str], folders: AbstractSet[str]) -> bool:
    return path in files or path in folders or not files.isdisjoint(_folders(path))


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _pending(path: str) -> TargetRow:
    """Return the row of a file that may be written: without a kind, and not stored in the state yet."""
    return TargetRow(path, "", b"[]", "", 0, 0, b"", b"[]")


def encode_args(target: Target) -> bytes:
    """Encode a target's arguments as they are stored."""
    return _JSON(target.args)
