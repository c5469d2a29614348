"""Where the ledger of an issue lies, and the lock that keeps two senders apart."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from generator.digest import digest
from generator.errors import MailError, error
from generator.newsletter.delivery.ledger_reader import read_ledger_owner

LEDGER_FOLDER = "ledger"
STATE_FOLDER = ".openletter"


def locate_ledger(root: Path, slug: str, chosen: Path | None) -> Path:
    """Locate the ledger of an issue: `ledger/SLUG.sqlite` in the site's folder, or where `chosen` says.

    `chosen` is a file that ends in .sqlite, or a folder for the ledgers of all issues.

    Raises: MailError, when it would lie in the state, which is always safe to delete: a ledger never is.
    """
    file = chosen if chosen is not None else root / LEDGER_FOLDER
    file = file if file.suffix == ".sqlite" and not file.is_dir() else file / f"{slug}.sqlite"
    if STATE_FOLDER in file.resolve().parts:
        message = f"a ledger cannot lie in {STATE_FOLDER}, which may be deleted at any time."
        raise MailError(error(file.as_posix(), "mail-ledger", message, "Name another place with --ledger."))
    return file


def refuse_temporary_ledger(chosen: Path | None) -> None:
    """Refuse to send where the ledger would go with the run: in CI, unless a place for it was named.

    Raises: MailError.
    """
    if chosen is None and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        message = "in CI the ledger would be lost with the run, and the next run would send to everybody again."
        hint = "Name a place that outlives the run with --ledger."
        raise MailError(error("", "mail-ci", message, hint))


def describe_process(now: datetime) -> str:
    """Describe this process to a person who finds the ledger locked."""
    return f"process {os.getpid()} on {socket.gethostname()}, since {now:%Y-%m-%d %H:%M} UTC"


@contextmanager
def lock_ledger(file: Path, issue_id: str) -> Iterator[None]:
    """Hold an issue's ledger; a second sender is told who does.

    The lock's file is named for the issue, because the ledger's name may differ: two processes that both find no
    ledger, under two slugs, must not make one each. The lock is the system's: it goes with the process that holds it,
    however that ends.

    Raises: MailError when another process holds it, or the folder cannot hold a lock.
    """
    from filelock import FileLock, Timeout

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(file.with_name(f".{digest(issue_id)}.lock"), timeout=0).acquire()
    except Timeout as reason:
        who = read_ledger_owner(file) or "another process"
        message = f"this issue is being sent already, by {who}."
        raise MailError(error(file.as_posix(), "mail-busy", message, "Wait for it to end, or stop it.")) from reason
    except (OSError, NotImplementedError) as reason:
        what = reason.strerror if isinstance(reason, OSError) else "it cannot hold a lock"
        message = f"the folder of the ledger cannot be used: {what or reason}."
        raise MailError(error(file.as_posix(), "mail-ledger", message, "Name another place with --ledger.")) from reason
    with held:
        yield
