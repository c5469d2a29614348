"""Write a file for the user, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from generator.errors import MailError, error
from generator.store.atomic import replace_file


def write_new_file(file: Path, data: bytes) -> None:
    """Write a file that does not exist yet.

    Raises: MailError if it exists or cannot be written.
    """
    if file.exists():
        message = f"{file} already exists."
        raise MailError(error("", "mail-output", message, "Choose another place with --output."))
    write_export_file(file, data)


def write_export_file(file: Path, data: bytes) -> None:
    """Write a file, atomically replacing an older one.

    Raises: MailError if the path is a folder or cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, data)
    except OSError as reason:
        message = f"{file} cannot be written: {reason.strerror or reason}."
        raise MailError(error("", "mail-output", message, "Choose another place with --output.")) from reason
