"""Locate an issue's ledger, and lock it against a second sender."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from generator.config.example_url import runs_in_ci
from generator.digest import digest
from generator.errors import MailError, Problem, error
from generator.newsletter.delivery.ledger_reader import read_ledger_owner

LEDGER_FOLDER = "ledger"
STATE_FOLDER = ".openletter"


def locate_ledger(root: Path, slug: str, chosen: Path | None) -> Path:
    """Locate the ledger of an issue: `ledger/SLUG.sqlite` in the site's folder, or in `chosen`.

    `chosen` is a file that ends in .sqlite, or a folder for the ledgers of all issues.

    Raises: MailError if it would be in the state folder, which users may delete at any time.
    """
    file = chosen if chosen is not None else root / LEDGER_FOLDER
    file = file if file.suffix == ".sqlite" and not file.is_dir() else file / f"{slug}.sqlite"
    if STATE_FOLDER in file.resolve().parts:
        message = f"The ledger cannot be in {STATE_FOLDER}, because that folder may be deleted at any time."
        raise MailError(error(file.as_posix(), "mail-ledger", message, "Choose another place with --ledger."))
    return file


def find_ledger_folder(root: Path, chosen: Path | None) -> Path:
    """Return the folder of the ledgers of all issues; `chosen` is as in `locate_ledger`."""
    return locate_ledger(root, "ledger", chosen).parent


def find_unrestored_folder(root: Path, chosen: Path | None) -> Problem | None:
    """Find that the folder of ledgers is missing, as after a job that could not restore it; None if it is there.

    In CI an empty folder counts as missing, because a line such as `mkdir -p` makes one.
    """
    folder = find_ledger_folder(root, chosen)
    if folder.is_dir() and not (runs_in_ci() and not any(folder.iterdir())):
        return None
    path = folder.as_posix()
    message = "This folder has no ledgers, so Openletter cannot know which issues were sent, and sends nothing."
    hint = f"Restore it. Only if no issue was ever sent from this site, make it: mkdir {path}; touch {path}/.gitkeep"
    return error(path, "mail-ledger-gone", message, hint)


def refuse_temporary_ledger(root: Path, chosen: Path | None) -> None:
    """Refuse to send in CI unless --ledger names a folder that was restored: CI deletes the working folder after a run.

    Raises: MailError.
    """
    if not runs_in_ci():
        return
    if chosen is None:
        message = "In CI the ledger is lost after the run, so the next run would send the issue to everyone again."
        hint = "Choose a place that is kept after the run: --ledger PATH."
        raise MailError(error("", "mail-ci", message, hint))
    if (problem := find_unrestored_folder(root, chosen)) is not None:
        raise MailError(problem)


def describe_process(now: datetime) -> str:
    """Describe this process for a user who finds the ledger locked."""
    return f"process {os.getpid()} on {socket.gethostname()}, since {now:%Y-%m-%d %H:%M} UTC"


@contextmanager
def lock_ledger(file: Path, issue_id: str) -> Iterator[None]:
    """Hold the lock of an issue's ledger.

    The lock file is named after the issue's id, because the ledger's name may differ: two processes that find no
    ledger, under two slugs, must not create one each. The operating system releases the lock when the process ends,
    even after a crash.

    Raises: MailError if another process holds the lock (the message names it), or the folder cannot hold a lock.
    """
    from filelock import FileLock, Timeout

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(file.with_name(f".{digest(issue_id)}.lock"), timeout=0).acquire()
    except Timeout as reason:
        who = read_ledger_owner(file) or "another process"
        message = f"This issue is already being sent by {who}."
        raise MailError(error(file.as_posix(), "mail-busy", message, "Wait for it to end, or stop it.")) from reason
    except (OSError, NotImplementedError) as reason:
        what = reason.strerror if isinstance(reason, OSError) else "file locks are not supported there"
        message = f"The ledger's folder cannot be used: {what or reason}."
        raise MailError(
            error(file.as_posix(), "mail-ledger", message, "Choose another place with --ledger.")
        ) from reason
    with held:
        yield
