"""The state between builds: one sqlite file that is always safe to delete.

Stored values are named by a digest of everything they depend on, so a state from another machine is either right or not
used. No pickle: a manipulated state may be wrong, but never runs code.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from generator.digest import digest_bytes
from generator.errors import OutputError, error
from generator.store.rows import BrokenStateError, SourceRow, TargetRow, WrittenFile
from generator.store.seals import open_digest, seal, seal_bytes, seal_digest, unseal

FILE = "state.sqlite"
FORMAT = 7
_FILES = (FILE, f"{FILE}-wal", f"{FILE}-shm", f"{FILE}-journal")
_PAGE_BYTES = 16_384  # a text takes 4 kB: with sqlite's default pages of that size, most texts would need two
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (path TEXT PRIMARY KEY, mtime INTEGER, size INTEGER, digest TEXT,
    settings_digest TEXT, ctime INTEGER, place TEXT, value BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blobs (id TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, id INTEGER NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS targets (path TEXT PRIMARY KEY, kind TEXT, args BLOB, digest TEXT, mtime INTEGER,
    size INTEGER, reads BLOB, problems BLOB, ctime INTEGER, place TEXT);
"""
_OF_THE_DISK = frozenset(
    {sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
)
_OF_PERMISSIONS = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})  # or the header is damaged
_READS = TargetRow.__struct_fields__.index("reads")
_KEYS = "SELECT name, id, digest FROM keys"

T = TypeVar("T")


class Store:
    """A site's state in `folder`. Use it as a context manager; `commit` makes changes permanent.

    Damage that is found while the state is in use raises BrokenStateError, at once or at the end of the block: see
    `discard`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._left: sqlite3.Connection | None = None
        self._decoders: dict[Any, msgspec.json.Decoder[Any]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = _open(folder / FILE)
            self._version = self._db.execute("PRAGMA data_version").fetchone()[0]
        except (OSError, sqlite3.Error) as reason:
            raise _unusable(folder, reason) from reason

    def __enter__(self) -> Store:
        return self

    def __exit__(self, _kind: object, reason: BaseException | None, _trace: object) -> None:
        """Close the state. Raises: OutputError for an sqlite error caused by the disk, BrokenStateError for others."""
        self.close()
        if isinstance(reason, sqlite3.Error):
            if _is_the_disks(reason, self.folder):
                raise _unusable(self.folder, reason) from reason
            raise BrokenStateError(str(reason)) from reason

    def close(self) -> None:
        """Close the state; uncommitted changes are lost."""
        self._db.close()

    def changed_elsewhere(self) -> bool:
        """Return True if another program changed the state, or deleted its folder, since this one opened it."""
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        return version != self._version or not (self.folder / FILE).is_file()

    def reopen(self) -> None:
        """Open the state again, in a copy of the process: it sees what has been committed.

        The old connection stays open, because it belongs to the parent process.
        """
        self._left = self._db
        self._db = sqlite3.connect(self.folder / FILE)

    @classmethod
    def of_running_build(cls, folder: Path) -> Store:
        """Open the state of a build that another process is doing: to read what that has committed."""
        store = cls.__new__(cls)
        store.folder, store._left, store._decoders, store._version = folder, None, {}, 0
        store._db = sqlite3.connect(f"{(folder / FILE).absolute().as_uri()}?mode=rw", uri=True)  # makes no new file
        return store

    def fact(self, name: str, kind: Any) -> Any:
        """Fetch a fact about the last build; None if there is none."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return self._decode(name, row[0], kind) if row else None

    def set_fact(self, name: str, value: Any) -> None:
        """Store a fact about this build."""
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, seal(name, value)))

    def blob(self, blob_id: str, kind: type[T], digest: str = "") -> T | None:
        """Fetch a stored value of the given type; None if there is none. Its bytes must match the digest."""
        row = self._db.execute("SELECT data FROM blobs WHERE id = ?", (blob_id,)).fetchone()
        if row is None:
            return None
        value = unseal(blob_id, row[0])
        if digest and digest_bytes(value) != digest:
            raise BrokenStateError(f"{blob_id} is not what was stored")
        found: T = self._read(value, kind)
        return found

    def named_blob(self, blob_id: str, kind: type[T]) -> tuple[T | None, str]:
        """Fetch a stored value with the digest of its bytes; None and "" if there is none."""
        row = self._db.execute("SELECT data FROM blobs WHERE id = ?", (blob_id,)).fetchone()
        return (self._decode(blob_id, row[0], kind), digest_bytes(unseal(blob_id, row[0]))) if row else (None, "")

    def named_blobs(self, prefix: str, kind: type[T]) -> Iterator[tuple[T, str]]:
        """Fetch all values whose id begins with `prefix`, one after the other, each with the digest of its bytes."""
        rows = self._db.execute("SELECT id, data FROM blobs WHERE id >= ? AND id < ?", (prefix, prefix + "\U0010ffff"))
        for blob_id, data in rows:
            yield self._decode(blob_id, data, kind), digest_bytes(unseal(blob_id, data))

    def put_blobs(self, values: Iterable[tuple[str, Any]]) -> None:
        """Store values, each under its id."""
        rows = ((blob_id, seal(blob_id, value)) for blob_id, value in values)
        self._db.executemany("INSERT OR REPLACE INTO blobs VALUES (?, ?)", rows)

    def drop_blobs(self, prefix: str) -> None:
        """Drop the values whose id begins with `prefix`."""
        self._db.execute("DELETE FROM blobs WHERE id >= ? AND id < ?", (prefix, prefix + "\U0010ffff"))

    def sources(self) -> dict[str, SourceRow]:
        """List the row of each source, without its record: path → row."""
        rows = self._db.execute("SELECT path, mtime, size, digest, settings_digest, ctime, place FROM sources")
        return {row.path: row for row in _convert(rows.fetchall(), list[SourceRow])}

    def records(self, kind: Any) -> Iterator[tuple[str, Any]]:
        """Fetch the record of every source, as pairs of path and record, in the order of paths."""
        for path, data in self._db.execute("SELECT path, value FROM sources WHERE value IS NOT NULL ORDER BY path"):
            yield path, self._decode(path, data, kind)

    def record_of(self, path: str, kind: Any) -> Any:
        """Fetch the record of one source; None if it has none."""
        row = self._db.execute("SELECT value FROM sources WHERE path = ?", (path,)).fetchone()
        return self._decode(path, row[0], kind) if row else None

    def digest_of(self, path: str) -> str:
        """Return the digest of a source's bytes when last read; "" if it was unreadable or is unknown."""
        row = self._db.execute("SELECT digest FROM sources WHERE path = ?", (path,)).fetchone()
        return str(row[0]) if row else ""

    def put_sources(self, rows: Iterable[tuple[SourceRow, Any]]) -> None:
        """Store sources with their records."""
        encoded = ((*msgspec.structs.astuple(row), seal(row.path, value)) for row, value in rows)
        self._db.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?)", encoded)

    def touch_sources(self, rows: Iterable[SourceRow]) -> None:
        """Store new stamps of sources whose bytes have not changed."""
        stamps = ((*row.stamp, row.path) for row in rows)
        self._db.executemany("UPDATE sources SET mtime = ?, size = ?, ctime = ?, place = ? WHERE path = ?", stamps)

    def drop_blob(self, blob_ids: Iterable[str]) -> None:
        """Delete values by their ids."""
        self._db.executemany("DELETE FROM blobs WHERE id = ?", ((blob_id,) for blob_id in blob_ids))

    def drop_sources(self, paths: Iterable[str]) -> None:
        """Delete the rows of sources that are gone."""
        self._db.executemany("DELETE FROM sources WHERE path = ?", ((path,) for path in paths))

    def keys(self) -> dict[str, tuple[int, str]]:
        """List the keys that pages read in the last build: key → number and digest of the result."""
        return {name: (number, open_digest(name, number, digest)) for name, number, digest in self._db.execute(_KEYS)}

    def key(self, name: str) -> tuple[int, str] | None:
        """Return a key's number and the digest of its result; None if no page read it."""
        found = self._db.execute(f"{_KEYS} WHERE name = ?", (name,)).fetchone()
        return (found[1], open_digest(*found)) if found else None

    def last_key(self) -> int:
        """Return the highest number of a key; 0 if there is none."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM keys").fetchone()[0])

    def set_keys(self, keys: Iterable[tuple[int, str, str]]) -> None:
        """Store keys with the digests of their results: number, key, digest."""
        rows = ((number, name, seal_digest(name, number, digest)) for number, name, digest in keys)
        self._db.executemany("INSERT OR REPLACE INTO keys (id, name, digest) VALUES (?, ?, ?)", rows)

    def drop_keys(self, names: Iterable[str]) -> None:
        """Delete keys."""
        self._db.executemany("DELETE FROM keys WHERE name = ?", ((name,) for name in names))

    def targets(self) -> list[TargetRow]:
        """List the outputs of the last build, in the order of their paths."""
        rows = [
            (*row[:_READS], bytes(unseal(row[0], row[_READS])), *row[_READS + 1 :])
            for row in self._db.execute("SELECT * FROM targets ORDER BY path")
        ]
        return _convert(rows, list[TargetRow])

    def written_files(self) -> list[WrittenFile]:
        """List the files of the last build without what they were made from, which takes most of the time to fetch."""
        rows = self._db.execute("SELECT path, digest, mtime, size, ctime, place, problems FROM targets")
        return _convert(rows.fetchall(), list[WrittenFile])

    def touch_targets(self, files: Iterable[WrittenFile]) -> None:
        """Store new stamps of files whose bytes have not changed."""
        stamps = ((*file.stamp, file.path) for file in files)
        self._db.executemany("UPDATE targets SET mtime = ?, size = ?, ctime = ?, place = ? WHERE path = ?", stamps)

    def put_targets(self, rows: Iterable[TargetRow]) -> None:
        """Store outputs, each with its reads."""
        sealed = (
            (*values[:_READS], seal_bytes(values[0], values[_READS]), *values[_READS + 1 :])
            for values in map(msgspec.structs.astuple, rows)
        )
        self._db.executemany("INSERT OR REPLACE INTO targets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", sealed)

    def drop_targets(self, paths: Iterable[str]) -> None:
        """Delete the rows of outputs that are gone."""
        self._db.executemany("DELETE FROM targets WHERE path = ?", ((path,) for path in paths))

    def commit(self) -> None:
        """Make all changes since the last commit permanent, together."""
        self._db.commit()

    def _decode(self, name: str, data: bytes, kind: Any) -> Any:
        return self._read(unseal(name, data), kind)

    def _read(self, value: memoryview, kind: Any) -> Any:
        decoder = self._decoders.get(kind)
        if decoder is None:
            decoder = self._decoders[kind] = msgspec.json.Decoder(kind)
        try:
            return decoder.decode(value)
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as reason:
            raise BrokenStateError(str(reason)) from reason


def discard_state(folder: Path) -> None:
    """Delete the state in a folder: it can be made again."""
    for name in _FILES:
        file = folder / name
        try:
            if file.is_dir() and not file.is_symlink():
                import shutil

                shutil.rmtree(file)
            else:
                file.unlink(missing_ok=True)
        except OSError as reason:
            raise _unusable(folder, reason) from reason


def _convert(rows: list[tuple[Any, ...]], kind: type[T]) -> T:
    """Make rows from sqlite's values, checking their types, because sqlite does not."""
    try:
        return msgspec.convert(rows, kind)
    except msgspec.ValidationError as reason:
        raise BrokenStateError(str(reason)) from reason


def _is_the_disks(reason: sqlite3.Error, folder: Path) -> bool:
    """Return True if an error comes from the disk or its permissions, and not from what is in the files."""
    if any((folder / name).is_dir() for name in _FILES):  # sqlite calls a folder in place of its journal a disk error
        return False
    code = getattr(reason, "sqlite_errorcode", 0)
    if code & 0xFF in _OF_PERMISSIONS:
        files = [folder, *(file for name in _FILES if (file := folder / name).is_file())]
        return not all(os.access(file, os.R_OK | os.W_OK) for file in files)
    return code & 0xFF in _OF_THE_DISK and code != sqlite3.SQLITE_IOERR_SHORT_READ


def _unusable(folder: Path, reason: Exception) -> OutputError:
    what = (reason.strerror if isinstance(reason, OSError) else None) or str(reason)
    message = f"The state folder {folder} cannot be used: {what}."
    return OutputError(
        error("", "state-unusable", message, "Free some disk space, or give this account permission to write there.")
    )


def _open(file: Path) -> sqlite3.Connection:
    """Open the state; delete one that has another format or is damaged."""
    try:
        return _connect(file)
    except sqlite3.Error as reason:
        if _is_the_disks(reason, file.parent):
            raise
        discard_state(file.parent)
        return _connect(file)


def _connect(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file)
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] not in (0, FORMAT):
            raise sqlite3.DatabaseError("another format")
        db.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(_TABLES)
        db.execute(f"PRAGMA user_version = {FORMAT}")
    except sqlite3.Error:
        db.close()
        raise
    return db
