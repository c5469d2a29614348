"""The names of our own files at a target."""

from __future__ import annotations

FOLDER = ".openletter/"
"""The folder of our own files; nothing of a site is there."""

MANIFEST = f"{FOLDER}manifest.json"
JOURNAL = f"{FOLDER}journal.json"
LOCK = f"{FOLDER}lock.json"


def old_copy(digest: str) -> str:
    """Return where the old bytes with this digest are kept for a rollback."""
    return f"{FOLDER}old/{digest}"
