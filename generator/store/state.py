"""The state between builds: one sqlite file that is always safe to delete.

Bodies are stored under a digest of all they depend on, so a body that is there is right, whoever wrote it.
No pickle: a state restored from elsewhere can at worst be wrong, never run code.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from generator.errors import OutputError, error

FORMAT = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS blobs (id TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outputs (path TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
"""

T = TypeVar("T")


class Store:
    """A site's state in `folder`. Use it as a context manager; `commit` makes what was put there last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._decoders: dict[Any, msgspec.json.Decoder[Any]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = _open(folder / "state.sqlite")
        except (OSError, sqlite3.Error) as reason:
            hint = "Free some space, or let this account write there."
            raise OutputError(error("", "state-unusable", f"{folder} cannot be used: {reason}.", hint)) from reason

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def has(self, blob_id: str) -> bool:
        """Say whether a value is stored under this id."""
        return self._db.execute("SELECT 1 FROM blobs WHERE id = ?", (blob_id,)).fetchone() is not None

    def get(self, blob_id: str, kind: type[T]) -> T | None:
        """Fetch a value of the given type; None when it is absent or does not read as one."""
        row = self._db.execute("SELECT data FROM blobs WHERE id = ?", (blob_id,)).fetchone()
        if row is None:
            return None
        decoder = self._decoders.get(kind)
        if decoder is None:
            decoder = self._decoders[kind] = msgspec.json.Decoder(kind)
        try:
            value: T = decoder.decode(row[0])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        return value

    def put(self, blob_id: str, value: Any) -> None:
        """Store a frozen value under an id that its content decides."""
        self._db.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?)", (blob_id, msgspec.json.encode(value)))

    def keep_only(self, blob_ids: Iterable[str]) -> None:
        """Drop every stored value that this build did not use."""
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS used (id TEXT PRIMARY KEY)")
        self._db.execute("DELETE FROM used")
        self._db.executemany("INSERT OR IGNORE INTO used VALUES (?)", ((blob_id,) for blob_id in blob_ids))
        self._db.execute("DELETE FROM blobs WHERE id NOT IN (SELECT id FROM used)")

    def outputs(self) -> dict[str, str]:
        """List the files of the last build: output path → digest of its bytes."""
        return dict(self._db.execute("SELECT path, digest FROM outputs ORDER BY path"))

    def set_outputs(self, outputs: Mapping[str, str]) -> None:
        """Replace the list of files written."""
        self._db.execute("DELETE FROM outputs")
        self._db.executemany("INSERT INTO outputs VALUES (?, ?)", sorted(outputs.items()))

    def commit(self) -> None:
        """Make all changes since the last commit permanent, together."""
        self._db.commit()


def _open(file: Path) -> sqlite3.Connection:
    """Open the state; one of another format, or a broken one, is thrown away: it can be made again."""
    db = sqlite3.connect(file)
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] not in (0, FORMAT):
            raise sqlite3.DatabaseError("another format")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(_TABLES)
        db.execute(f"PRAGMA user_version = {FORMAT}")
    except sqlite3.DatabaseError as reason:
        db.close()
        if isinstance(reason, sqlite3.OperationalError) and "locked" in str(reason):
            raise
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            file.with_name(name).unlink(missing_ok=True)
        return _open_new(file)
    return db


def _open_new(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.executescript(_TABLES)
    db.execute(f"PRAGMA user_version = {FORMAT}")
    return db
