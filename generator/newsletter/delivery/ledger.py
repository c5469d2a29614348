"""The ledger of one issue: who received it, who did not, who may have. It is why nobody gets an issue twice.

One sqlite file. Each recipient goes from pending to claimed to sent, failed or uncertain:

    pending ──claim──▶ claimed ──250──▶ sent
       ▲                  │ ├──4xx──▶ pending
       │                  │ ├──5xx──▶ failed
       └──a person says──┐│ └──no answer, or the process died──▶ uncertain
                         └┴────────────────────────────────────────┘

A claim is on the disk (fsync) before the dot that ends the message is sent: only the dot can lead to a delivery. The
result need not be: if a power cut loses it, the claim remains, and becomes uncertain.

It contains no address: a recipient is a hash under a key that is stored in the ledger.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from msgspec import Struct

from generator.digest import digest
from generator.errors import MailError, error
from generator.model import Letter
from generator.newsletter.message.sender import Sender

FORMAT = 1
_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE recipients (id BLOB PRIMARY KEY, place INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL)
    WITHOUT ROWID;
"""


class RecipientState(StrEnum):
    """What is known of one recipient."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class FrozenIssue(Struct, frozen=True):
    """What every recipient of an issue gets, as it was at the first send: the letter, the headers, the Date."""

    letter: Letter
    sender: Sender
    date: datetime

    @property
    def digest(self) -> str:
        """Hash what a change of the issue or of `[newsletter]` would change; the Date is the ledger's own."""
        return digest(self.letter, self.sender)


class LedgerCounts(Struct, frozen=True):
    """How many recipients are in each state; `postponed` are the pending ones that were tried and put off."""

    pending: int = 0
    postponed: int = 0
    claimed: int = 0
    sent: int = 0
    failed: int = 0
    uncertain: int = 0

    @property
    def total(self) -> int:
        """Count all recipients: the number that was frozen."""
        return self.pending + self.claimed + self.sent + self.failed + self.uncertain

    @property
    def nothing_delivered(self) -> bool:
        """Return True if no recipient has, or may have, received the issue."""
        return self.claimed + self.sent + self.uncertain == 0

    @property
    def nothing_tried(self) -> bool:
        """Return True if no recipient has, or may have, received the issue, and none was refused."""
        return self.nothing_delivered and self.failed == 0


class Ledger:
    """The ledger in `file`, made when it is not there. Use it as a context manager, under the lock of `place.hold`.

    Raises: MailError from everything it does, when the file is damaged, no ledger, or the disk refuses.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        with _mail_errors(file):
            _create_file(file)
            self._db = sqlite3.connect(file, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA fullfsync = ON")  # macOS: an fsync there does not reach the disk without it
        self._db.execute("PRAGMA synchronous = FULL")
        if not self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
            with self._transaction():
                for statement in filter(str.strip, _TABLES.split(";")):
                    self._db.execute(statement)
                self._set("format", str(FORMAT).encode())
                self._set("key", os.urandom(32))
        if self._get("format") != str(FORMAT).encode():
            raise _ledger_error(self.file, "it was written by another version")
        self.key = self._get("key") or b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Close the file; its companion with the newest transactions is merged into it and removed."""
        self._db.close()

    def hash_address(self, folded: str) -> bytes:
        """Give the id of a folded address: its hash under the ledger's key."""
        return hashlib.blake2b(folded.encode(), key=self.key, digest_size=16).digest()

    def read_frozen(self) -> FrozenIssue | None:
        """Give what was frozen at the first send; None before it."""
        with _mail_errors(self.file):
            stored = self._get("frozen")
        try:
            return msgspec.json.decode(stored, type=FrozenIssue) if stored else None
        except msgspec.MsgspecError as failure:
            raise _ledger_error(self.file, "it was written by another version") from failure

    def freeze_issue(self, frozen: FrozenIssue, folded: Iterable[str]) -> None:
        """Write down what goes to whom, in options, in one transaction.

        What was written before is replaced: allowed only where nobody can have got anything.
        """
        assert self.count_recipients().nothing_delivered, "frozen twice"
        rows = [(self.hash_address(each), place, RecipientState.PENDING.value) for place, each in enumerate(folded)]
        with _mail_errors(self.file), self._transaction():
            self._db.execute("DELETE FROM recipients")
            self._db.executemany("INSERT INTO recipients VALUES (?, ?, ?, '')", rows)
            self._set("frozen", msgspec.json.encode(frozen))

    def count_recipients(self) -> LedgerCounts:
        """Count the recipients by state."""
        with _mail_errors(self.file):
            found = dict(self._db.execute("SELECT state, count(*) FROM recipients GROUP BY state").fetchall())
            query = "SELECT count(*) FROM recipients WHERE state = 'pending' AND reason <> ''"
            (postponed,) = self._db.execute(query).fetchone()
        return LedgerCounts(postponed=postponed, **found)

    def list_ids(self, state: RecipientState) -> list[bytes]:
        """List the ids in one state, in the order of the list, those that were tried before after the others."""
        with _mail_errors(self.file):
            query = "SELECT id FROM recipients WHERE state = ? ORDER BY reason <> '', place"
            return [id_ for (id_,) in self._db.execute(query, (state.value,))]

    def claim(self, id_: bytes) -> None:
        """Claim a pending recipient; it is on the disk on return.

        Raises: MailError also when the recipient is not pending: somebody else writes in this ledger.
        """
        with _mail_errors(self.file):
            query = "UPDATE recipients SET state = 'claimed', reason = '' WHERE id = ? AND state = 'pending'"
            claimed = self._db.execute(query, (id_,)).rowcount
        if claimed != 1:
            raise _ledger_error(self.file, "somebody else writes in it")

    def record_result(self, id_: bytes, state: RecipientState, reason: str = "") -> None:
        """Write what became of a recipient. `reason` holds no address: the server's codes, or a word of ours.

        It reaches the disk with the next claim: were it lost, the claim before it would stand, as a doubt.
        """
        with _mail_errors(self.file):
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("UPDATE recipients SET state = ?, reason = ? WHERE id = ?", (state.value, reason, id_))
            self._db.execute("PRAGMA synchronous = FULL")

    def mark_claims_uncertain(self) -> int:
        """Mark the claims of a process that has ended as uncertain; return their number."""
        return self._move(RecipientState.CLAIMED, RecipientState.UNCERTAIN)

    def make_pending(self, state: RecipientState) -> int:
        """Mark the recipients in one state as pending, because a person asked for it; return their number."""
        return self._move(state, RecipientState.PENDING)

    def record_owner(self, owner: str) -> None:
        """Write down who is sending, for a second sender to read."""
        with _mail_errors(self.file):
            self._set("owner", owner.encode())

    def _move(self, state: RecipientState, to: RecipientState) -> int:
        with _mail_errors(self.file):
            query = "UPDATE recipients SET state = ?, reason = '' WHERE state = ?"
            return self._db.execute(query, (to.value, state.value)).rowcount

    def _get(self, name: str) -> bytes | None:
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        if row and not isinstance(row[0], bytes):
            raise _ledger_error(self.file, "it is damaged")
        return row[0] if row else None

    def _set(self, name: str, value: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def read_ledger_owner(file: Path) -> str:
    """Read which process last began to send; "" if that cannot be read."""
    try:
        db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        try:
            row = db.execute("SELECT value FROM facts WHERE name = 'owner'").fetchone()
        finally:
            db.close()
    except sqlite3.Error:
        return ""
    return bytes(row[0]).decode("utf-8", "replace") if row else ""


def _create_file(file: Path) -> None:
    """Create the file, readable by its owner only, and fsync the folder, so that a power cut cannot lose the entry."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    if hasattr(os, "O_DIRECTORY"):
        for folder in (file.parent, file.parent.parent):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


@contextmanager
def _mail_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as failure:
        raise _ledger_error(file, str(failure)) from failure
    except OSError as failure:
        raise _ledger_error(file, failure.strerror or str(failure)) from failure


def _ledger_error(file: Path, reason: str) -> MailError:
    message = f"the ledger cannot be used: {reason}."
    hint = "Nothing more is sent without it. Mend the disk, or restore the ledger as it was; do not delete it."
    return MailError(error(file.as_posix(), "mail-ledger", message, hint))
