"""Write a CSV file that we keep beside the lists, such as `lists/suppressed.csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from generator.errors import MailError, error
from generator.store.atomic import replace_file


def write_kept_rows(root: Path, path: str, heading: Sequence[str], rows: Iterable[Sequence[str]], code: str) -> None:
    """Write the file at `path`, relative to the site's folder, as a whole or not at all.

    Raises: MailError with the `code` if it cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    file = root / path
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, text.getvalue().encode())
    except OSError as failure:
        raise MailError(error(path, code, f"The file cannot be written: {failure.strerror or failure}.")) from failure
