"""Read a ledger, and refuse a damaged one: a lost row would mean a second mail to that recipient."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from generator.errors import MailError, error
from generator.newsletter.delivery.ledger_seal import (
    NO_ROWS,
    SEAL_BYTES,
    combine_seals,
    is_sealed_with,
    seal_fact,
    seal_recipient,
)
from generator.newsletter.delivery.ledger_values import (
    NOT_LISTED,
    FrozenIssue,
    LedgerCounts,
    RecipientState,
    counts_for,
)

OLD_FORMAT, FORMAT = b"1", b"2"
"""Format 1 had no seals and kept its newest transactions in a separate file (WAL). `Ledger` converts it."""
BUSY_S = 30.0
DAY_FACT = "day"
COPY_FACT = "copy"
_DAMAGED = "it is damaged"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class LedgerReader:
    """The ledger in `file`, with its content checked. Use it as a context manager.

    With `full`, every recipient is checked too; otherwise only the facts, which name the issue.

    Raises: MailError from every method if the file is missing, damaged or not a ledger, or the disk fails.
    """

    def __init__(self, file: Path, *, full: bool = True) -> None:
        self.file = file
        with raise_ledger_errors(file):
            # rw: after a crash, sqlite must finish or undo the last transaction before it can read
            self._db = sqlite3.connect(
                f"{file.absolute().as_uri()}?mode=rw",
                uri=True,
                isolation_level=None,
                timeout=BUSY_S,
                check_same_thread=False,  # several connections send; the run's lock lets one thread in at a time
            )
            try:
                self._open(full=full)
            except BaseException:
                self._db.close()
                raise

    def _open(self, *, full: bool) -> None:
        tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master")}
        if not tables:
            raise make_ledger_error(self.file, "it is empty, so it may have lost who received the issue")
        if tables != {"facts", "recipients"}:
            raise make_ledger_error(self.file, "it is not an Openletter ledger")
        self.format = self._read_fact("format")
        if self.format not in (OLD_FORMAT, FORMAT):
            raise make_ledger_error(self.file, "it is damaged, or another version of Openletter wrote it")
        self.key = self._read_fact("key") or b""
        if len(self.key) != 32:
            raise make_ledger_error(self.file, _DAMAGED)
        if self.format == FORMAT:
            self._check_facts()
        if full:
            self._check_pages()
            self._check_recipients()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Close the file."""
        self._db.close()

    def hash_address(self, folded: str) -> bytes:
        """Return the id of a folded address: its hash under the ledger's key."""
        return hashlib.blake2b(folded.encode(), key=self.key, digest_size=16).digest()

    def read_frozen(self) -> FrozenIssue | None:
        """Return the issue as frozen at the first send; None before it."""
        with raise_ledger_errors(self.file):
            stored = self._read_fact("frozen")
            return msgspec.json.decode(stored, type=FrozenIssue) if stored else None

    def count_recipients(self) -> LedgerCounts:
        """Count the recipients by state."""
        with raise_ledger_errors(self.file):
            found = dict(self._db.execute("SELECT state, count(*) FROM recipients GROUP BY state").fetchall())
            query = "SELECT count(*) FROM recipients WHERE state = 'pending' AND reason <> ''"
            (postponed,) = self._db.execute(query).fetchone()
            return LedgerCounts(postponed=postponed, **found)

    def count_day(self, day: str) -> int:
        """Count the mails of this issue on a day (`YYYY-MM-DD`), those in doubt too.

        Only the last day is known. If that is tomorrow, because the clock was set back, its mails count for `day`.
        """
        with raise_ledger_errors(self.file):
            known, _, count = (self._read_fact(DAY_FACT) or b"").decode().partition(" ")
            return int(count) if counts_for(known, day) else 0

    def read_last_day(self) -> str:
        """Return the last day (`YYYY-MM-DD`) on which a mail of this issue was sent; "" if none was."""
        with raise_ledger_errors(self.file):
            return (self._read_fact(DAY_FACT) or b"").decode().partition(" ")[0]

    def read_copy_owner(self) -> str:
        """Return which process was about to send when this copy of the ledger was saved; "" if it is no such copy."""
        with raise_ledger_errors(self.file):
            return (self._read_fact(COPY_FACT) or b"").decode()

    def count_waiting(self) -> int:
        """Count the recipients who still get the issue: pending ones who have not left the list."""
        with raise_ledger_errors(self.file):
            query = "SELECT count(*) FROM recipients WHERE state = 'pending' AND reason <> ?"
            (count,) = self._db.execute(query, (NOT_LISTED,)).fetchone()
            return int(count)

    def list_ids(self, state: RecipientState) -> list[bytes]:
        """List the ids in one state, in list order; recipients already tried come last."""
        with raise_ledger_errors(self.file):
            query = "SELECT id FROM recipients WHERE state = ? ORDER BY reason <> '', place"
            return [id_ for (id_,) in self._db.execute(query, (state.value,))]

    def _read_fact(self, name: str) -> bytes | None:
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        if row and not isinstance(row[0], bytes):
            raise make_ledger_error(self.file, _DAMAGED)
        return row[0] if row else None

    def _check_pages(self) -> None:
        """Have sqlite check every page, and compare the file's length with its header."""
        ((pages,), (size,)) = (self._db.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
        (found,) = self._db.execute("PRAGMA integrity_check(1)").fetchone()
        length, log = self.file.stat().st_size, Path(f"{self.file}-wal")
        logged = log.exists() and log.stat().st_size > 0  # the newest pages may exist only in the log
        if found != "ok" or length > pages * size or (length < pages * size and not logged):
            raise make_ledger_error(self.file, _DAMAGED)
        (seal,) = self._db.execute("PRAGMA user_version").fetchone()  # 0: a sending is running or has crashed
        if seal and not logged and not is_sealed_with(self.file.read_bytes(), seal):
            raise make_ledger_error(self.file, _DAMAGED)

    def _check_facts(self) -> None:
        facts = self._db.execute("SELECT name, value, seal FROM facts").fetchall()
        good = all(
            isinstance(name, str) and isinstance(value, bytes) and seal_fact(self.key, name, value) == seal
            for name, value, seal in facts
        )
        if not good or len(self._read_fact("sum") or b"") != SEAL_BYTES + 8:
            raise make_ledger_error(self.file, _DAMAGED)

    def _check_recipients(self) -> None:
        """Check every row, and that none is missing or duplicated."""
        rows = self._db.execute("SELECT id, place, state, reason FROM recipients ORDER BY place").fetchall()
        states = set(RecipientState)
        plain = all(
            isinstance(id_, bytes) and len(id_) == 16 and state in states and isinstance(reason, str)
            for id_, _, state, reason in rows
        )
        if not plain or [place for _, place, _, _ in rows] != list(range(len(rows))):
            raise make_ledger_error(self.file, _DAMAGED)
        if rows and not self._read_fact("frozen"):
            raise make_ledger_error(self.file, _DAMAGED)
        if self.format == OLD_FORMAT:
            return
        seals = dict(self._db.execute("SELECT id, seal FROM recipients").fetchall())
        total = NO_ROWS
        for row in rows:
            seal = seal_recipient(self.key, row)
            if seals[row[0]] != seal:
                raise make_ledger_error(self.file, _DAMAGED)
            total = combine_seals(total, seal)
        if self._read_fact("sum") != total + len(rows).to_bytes(8, "big"):
            raise make_ledger_error(self.file, _DAMAGED)


def read_ledger_owner(file: Path) -> str:
    """Return the process that last recorded itself as sending; "" if that cannot be read."""
    try:
        db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        try:
            row = db.execute("SELECT value FROM facts WHERE name = 'owner'").fetchone()
        finally:
            db.close()
    except sqlite3.Error:
        return ""
    return bytes(row[0]).decode("utf-8", "replace") if row else ""


@contextmanager
def raise_ledger_errors(file: Path) -> Iterator[None]:
    """Convert exceptions of sqlite and of damaged values to a MailError that names the ledger."""
    try:
        yield
    except OSError as failure:
        make = make_full_disk_error if failure.errno in _FULL else make_ledger_error
        raise make(file, failure.strerror or str(failure)) from failure
    except sqlite3.OperationalError as failure:
        code = getattr(failure, "sqlite_errorcode", 0) & 0xFF  # Python's own, such as "could not decode", have none
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise make_full_disk_error(file, str(failure)) from failure
        # sqlite reports damage in this class too: "unable to open", "could not decode", "no such column"
        raise make_ledger_error(file, str(failure)) from failure
    except (sqlite3.Error, msgspec.MsgspecError, ValueError, TypeError, OverflowError, MemoryError) as failure:
        raise make_ledger_error(file, f"{_DAMAGED} ({failure})") from failure


def make_ledger_error(file: Path, reason: str) -> MailError:
    """Make the error for a ledger that cannot be used. The caller must send nothing."""
    hint = (
        "Restore the ledger from your backup. Do not delete it: without it, people could receive the issue twice, "
        "so Openletter sends nothing."
    )
    return _unusable(file, reason, hint)


def make_full_disk_error(file: Path, reason: str) -> MailError:
    """Make the error for a disk that takes no more; the ledger itself is good. The caller must send nothing."""
    return _unusable(file, reason, "Free some disk space, and run the same command again. Do not delete the ledger.")


def make_busy_ledger_error(file: Path, reason: str) -> MailError:
    """Make the error for a ledger that another program uses. The caller must send nothing."""
    return _unusable(file, reason, "Wait until that program has finished, and run the same command again.")


def _unusable(file: Path, reason: str, hint: str) -> MailError:
    message = f"The ledger cannot be used: {reason}."
    return MailError(error(os.fspath(file.as_posix()), "mail-ledger", message, hint))
