"""The ledger of one issue: who received it, who did not, who may have. It prevents a second message to anyone.

One sqlite file. Each recipient goes from pending to claimed to sent, failed or uncertain:

    pending ──claim──▶ claimed ──250──▶ sent
       ▲                  │ ├──4xx──▶ pending
       │                  │ ├──5xx──▶ failed
       └──user decides───┐│ └──no reply, or the process died──▶ uncertain
                         └┴────────────────────────────────────────┘

The ledger writes a claim to disk (fsync) before the client sends the dot that ends the mail, because the dot can cause
a delivery. A checkpoint follows each claim, so that the claim is in the file people copy and not only in its log. That
costs two fsyncs per mail; a rollback journal, which needs no log, costs six (37 ms instead of 19 ms on a busy disk).

The ledger contains no addresses: a recipient is a hash under a key that the ledger stores.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

import msgspec

from generator.errors import MailError
from generator.newsletter.delivery.ledger_reader import (
    COPY_FACT,
    DAY_FACT,
    FORMAT,
    OLD_FORMAT,
    LedgerReader,
    make_busy_ledger_error,
    make_ledger_error,
    raise_ledger_errors,
)
from generator.newsletter.delivery.ledger_seal import (
    NO_ROWS,
    SEAL_BYTES,
    RecipientRow,
    combine_seals,
    seal_fact,
    seal_file,
    seal_recipient,
)
from generator.newsletter.delivery.ledger_values import FrozenIssue, RecipientState, counts_for

_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE recipients (id BLOB PRIMARY KEY, place INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
    seal BLOB NOT NULL) WITHOUT ROWID;
"""
_PART = ".new"


class Ledger(LedgerReader):
    """The ledger in `file`, created if missing. Use it as a context manager while you hold `lock_ledger`.

    Opening a ledger of Openletter 0.1 converts it.

    Raises: MailError from every method if the file is damaged, is not a ledger, or the disk fails.
    """

    def __init__(self, file: Path) -> None:
        with raise_ledger_errors(file):
            if not os.path.lexists(file):
                _create_ledger(file)
        super().__init__(file)
        with raise_ledger_errors(file):
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        _make_durable(self._db)
        self._db.execute("PRAGMA user_version = 0")
        self._checkpoint()
        if self.format == OLD_FORMAT:
            self._convert()

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Seal the whole file and close it."""
        with suppress(
            MailError, sqlite3.Error, OSError
        ):  # if this seal is missing, the rows' own seals still protect them
            self._checkpoint()
            self._db.execute(f"PRAGMA user_version = {seal_file(self.file.read_bytes())}")
            self._checkpoint()
        super().__exit__(kind, fault, at)

    def _convert(self) -> None:
        """Add seals to the rows of an older ledger."""
        with self._transaction():
            for table in ("facts", "recipients"):
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN seal BLOB NOT NULL DEFAULT x''")
            self._db.execute("DELETE FROM facts WHERE name = 'owner'")
            for name, value in self._db.execute("SELECT name, value FROM facts").fetchall():
                self._set(name, value)
            self._set("format", FORMAT)
            rows = self._db.execute("SELECT id, place, state, reason FROM recipients").fetchall()
            self._write_rows(rows)
        self._checkpoint()
        self.format = FORMAT

    def freeze_issue(self, frozen: FrozenIssue, folded: Iterable[str]) -> None:
        """Store the letter and its recipients, in list order, in one transaction.

        Replaces what was stored before: allowed only if no recipient can have received anything.
        """
        assert self.count_recipients().nothing_delivered, "frozen twice"
        rows = [(self.hash_address(each), at, RecipientState.PENDING.value, "") for at, each in enumerate(folded)]
        with raise_ledger_errors(self.file), self._transaction():
            self._db.execute("DELETE FROM recipients")
            self._set("frozen", msgspec.json.encode(frozen))
            self._write_rows(rows)
        self._checkpoint()

    def add_recipients(self, folded: Iterable[str]) -> None:
        """Add new recipients after all others; do not change existing ones."""
        with raise_ledger_errors(self.file), self._transaction():
            rows = self._db.execute("SELECT id, place, state, reason FROM recipients ORDER BY place").fetchall()
            known = {row[0] for row in rows}
            new = [id_ for id_ in dict.fromkeys(map(self.hash_address, folded)) if id_ not in known]
            rows += [(id_, len(rows) + at, RecipientState.PENDING.value, "") for at, id_ in enumerate(new)]
            self._write_rows(rows)
        self._checkpoint()

    def claim(self, id_: bytes, day: str = "") -> None:
        """Claim a pending recipient; the claim is on disk on return. `day` counts it among the mails of that day.

        Raises: MailError also if the recipient is not pending, because another program writes to this ledger.
        """
        with raise_ledger_errors(self.file), self._transaction():
            row = self._read_recipient(id_)
            if row is None or row[2] != RecipientState.PENDING:
                raise make_busy_ledger_error(self.file, "another program is writing to it")
            self._change(row, RecipientState.CLAIMED, "")
            if day:
                known = self.read_last_day()
                counted = known if counts_for(known, day) else day
                self._set(DAY_FACT, f"{counted} {self.count_day(counted) + 1}".encode())
        self._checkpoint()

    def record_result(self, id_: bytes, state: RecipientState, reason: str = "") -> None:
        """Store a recipient's result. `reason` must contain no address, only the server's codes or a word of ours.

        A power cut before the next claim may lose the result. The claim remains then, and counts as uncertain.
        """
        with raise_ledger_errors(self.file):
            self._db.execute("PRAGMA synchronous = NORMAL")
            with self._transaction():
                row = self._read_recipient(id_)
                if row is None:
                    raise make_busy_ledger_error(self.file, "another program is writing to it")
                self._change(row, state, reason)
            self._db.execute("PRAGMA synchronous = FULL")

    def mark_claims_uncertain(self) -> int:
        """Mark claims left by a dead process as uncertain; return their number."""
        return self._move(RecipientState.CLAIMED, RecipientState.UNCERTAIN)

    def make_pending(self, state: RecipientState) -> int:
        """Make the recipients in one state pending again, at the user's request; return their number."""
        return self._move(state, RecipientState.PENDING)

    def record_owner(self, owner: str) -> None:
        """Store which process is sending, for the message that a second sender sees."""
        with raise_ledger_errors(self.file):
            self._set("owner", owner.encode())

    def mark_as_copy(self, owner: str) -> None:
        """Mark the ledger as a copy from before a sending; `owner` is the process that sends."""
        with raise_ledger_errors(self.file):
            self._set(COPY_FACT, owner.encode())
        self._checkpoint()

    def unmark_as_copy(self) -> None:
        """Remove the mark from the ledger in use."""
        with raise_ledger_errors(self.file):
            self._db.execute("DELETE FROM facts WHERE name = ?", (COPY_FACT,))
        self._checkpoint()

    def settle_copy(self) -> int:
        """Mark the pending recipients of a restored copy as uncertain, because a lost ledger knew more of them.

        Returns their number; 0 for any other ledger.
        """
        if not self.read_copy_owner():
            return 0
        doubtful = self._move(RecipientState.PENDING, RecipientState.UNCERTAIN)
        self.unmark_as_copy()
        return doubtful

    def _move(self, state: RecipientState, to: RecipientState) -> int:
        with raise_ledger_errors(self.file), self._transaction():
            query = "SELECT id, place, state, reason FROM recipients WHERE state = ?"
            rows = self._db.execute(query, (state.value,)).fetchall()
            for row in rows:
                self._change(row, to, "")
        self._checkpoint()
        return len(rows)

    def _checkpoint(self) -> None:
        """Copy committed transactions from the log into the ledger's file.

        Raises: MailError if a reader blocks it for too long.
        """
        with raise_ledger_errors(self.file):
            busy, in_log, copied = self._db.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        if busy or in_log != copied:
            raise make_busy_ledger_error(self.file, "another program is reading it")

    def _read_recipient(self, id_: bytes) -> RecipientRow | None:
        query = "SELECT id, place, state, reason, seal FROM recipients WHERE id = ?"
        found = self._db.execute(query, (id_,)).fetchone()
        if found is None:
            return None
        row: RecipientRow = found[:4]
        if found[4] != seal_recipient(self.key, row):
            raise make_ledger_error(self.file, "it was damaged while it was in use")
        return row

    def _change(self, row: RecipientRow, state: RecipientState, reason: str) -> None:
        """Update one row, its seal and the sum of seals, within a transaction."""
        id_, place, _, _ = row
        seal = seal_recipient(self.key, (id_, place, state.value, reason))
        query = "UPDATE recipients SET state = ?, reason = ?, seal = ? WHERE id = ?"
        self._db.execute(query, (state.value, reason, seal, id_))
        total = self._read_fact("sum") or b""
        combined = combine_seals(total[:SEAL_BYTES], seal_recipient(self.key, row), seal)
        self._set("sum", combined + total[SEAL_BYTES:])

    def _write_rows(self, rows: list[RecipientRow]) -> None:
        """Write all rows, their seals and the sum of seals, within a transaction."""
        sealed = [(*row, seal_recipient(self.key, row)) for row in rows]
        self._db.executemany("INSERT OR REPLACE INTO recipients VALUES (?, ?, ?, ?, ?)", sealed)
        total = combine_seals(NO_ROWS, *(row[4] for row in sealed))
        self._set("sum", total + len(rows).to_bytes(8, "big"))

    def _set(self, name: str, value: bytes) -> None:
        _write_fact(self._db, self.key, name, value)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):  # sqlite may have rolled back already; report the first fault
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _write_fact(db: sqlite3.Connection, key: bytes, name: str, value: bytes) -> None:
    db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", (name, value, seal_fact(key, name, value)))


def _make_durable(db: sqlite3.Connection) -> None:
    """Make commits and checkpoints wait until the disk has stored them."""
    db.execute("PRAGMA fullfsync = ON")  # macOS: without it, fsync does not reach the disk
    db.execute("PRAGMA synchronous = FULL")


def _create_ledger(file: Path) -> None:
    """Create an empty ledger that only its owner can read; a crash leaves a complete file or none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part, key = file.with_name(f"{file.name}{_PART}"), os.urandom(32)
    part.unlink(missing_ok=True)  # left by a process that was killed here
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    db = sqlite3.connect(part, isolation_level=None)
    try:
        _make_durable(db)
        db.execute("BEGIN IMMEDIATE")
        for statement in filter(str.strip, _TABLES.split(";")):
            db.execute(statement)
        for name, value in (("key", key), ("format", FORMAT), ("sum", bytes(SEAL_BYTES + 8))):
            _write_fact(db, key, name, value)
        db.execute("COMMIT")
    finally:
        db.close()
    part.replace(file)
    _flush_folders(file)


def _flush_folders(file: Path) -> None:
    """Sync the folder, so that a power cut does not lose the file's name."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    for folder in (file.parent, file.parent.parent):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
