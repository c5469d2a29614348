"""Copy converted texts from another state, so that they need not be converted again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from generator.store.state import FILE, FORMAT

_TAKE = (
    "INSERT OR REPLACE INTO sources SELECT * FROM other.sources",
    "INSERT OR REPLACE INTO blobs SELECT * FROM other.blobs WHERE id >= 'text|' AND id < 'text}'",
)


def inherit_texts(source: Path, folder: Path) -> bool:
    """Copy the sources' records from the state in `source` to that in `folder`; returns False if nothing was copied.

    A state that is missing, of another format, in use or damaged is skipped, because everything can be made again.
    While a build writes to it, only committed data is copied. Cost: 0.2 s for 10,000 documents.
    """
    other = source / FILE
    if not other.is_file():
        return False
    db = sqlite3.connect(folder / FILE, uri=True)
    try:
        db.execute("ATTACH DATABASE ? AS other", (f"{other.resolve().as_uri()}?mode=ro",))
        if db.execute("PRAGMA other.user_version").fetchone()[0] != FORMAT:
            return False
        with db:
            for statement in _TAKE:
                db.execute(statement)
    except sqlite3.Error:
        return False
    finally:
        db.close()
    return True
