"""Files for a person: written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from generator.errors import MailError, error


def write_export_file(file: Path, data: bytes) -> None:
    """Write a file in the place of an older one; whoever reads it meets all of it.

    Raises: MailError, when the place is a folder or cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".openletter-", dir=file.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            temporary.chmod(0o644)
            temporary.replace(file)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as reason:
        message = f"{file} cannot be written: {reason.strerror or reason}."
        raise MailError(error("", "mail-output", message, "Choose another place with --output.")) from reason
