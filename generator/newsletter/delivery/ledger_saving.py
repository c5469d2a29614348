"""Save the ledger with a command of the user, where a job's computer does not outlive the job."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from generator.errors import MailError, error
from generator.newsletter.delivery.ledger import Ledger

_TIMEOUT_S = 600.0
_SECRETS = ("OPENLETTER_SMTP_PASSWORD", "OPENLETTER_LIST_KEY", "OPENLETTER_IMAP_PASSWORD")


def save_before_sending(command: str, ledger: Ledger, owner: str) -> None:
    """Save the ledger before the first mail, marked as a copy: if it ever comes back, later mails are missing in it.

    Raises: MailError if the command fails; nothing must be sent then.
    """
    ledger.mark_as_copy(owner)
    try:
        run_save_command(command, ledger.file, "Nothing was sent.")
    finally:
        ledger.unmark_as_copy()


def run_save_command(command: str, ledger: Path, consequence: str) -> None:
    """Run the command that saves the ledger, with its path in OPENLETTER_LEDGER and without our passwords.

    Ctrl-C does not reach it, because a ledger that is saved in part or not at all is worse than a short wait.

    Raises: MailError if it fails.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    environment["OPENLETTER_LEDGER"] = str(ledger.resolve())
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
            shlex.split(command, posix=os.name != "nt"),  # a path of Windows has backslashes
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno() if _has_descriptor() else subprocess.DEVNULL,
            timeout=_TIMEOUT_S,
            start_new_session=True,
            check=False,
        )
        why = f"it ended with exit code {done.returncode}" if done.returncode else ""
    except (OSError, ValueError, subprocess.TimeoutExpired) as failure:
        why = getattr(failure, "strerror", "") or str(failure)
    if why:
        message = f'The command "{command}" did not save the ledger: {why}. {consequence}'
        hint = "Correct the command of --save; try it in a terminal."
        raise MailError(error(ledger.as_posix(), "mail-save", message, hint))


def _has_descriptor() -> bool:
    try:
        return sys.stderr.fileno() >= 0
    except (OSError, ValueError):
        return False
