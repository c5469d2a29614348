"""Recognise the files that programs leave behind: backups of editors, locks of Office, litter of systems."""

from __future__ import annotations

# 4913 is vim's trial file; @eaDir is made by Synology's disks. Compared without regard to case.
_NAMES = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "@eadir", "4913"))
_ENDINGS = ("~", ".swp", ".swo", ".swx", ".tmp", ".crdownload", ".part")
_OFFICE_LOCK = "~$"  # ~$minutes.docx holds the name of whoever had minutes.docx open


def is_leftover(name: str) -> bool:
    """Return True if a file or folder is hidden, or left behind by a program: it is no one's content."""
    folded = name.casefold()
    return (
        name.startswith((".", _OFFICE_LOCK))
        or folded.endswith(_ENDINGS)
        or folded in _NAMES
        or (name[0] == "#" and name[-1] == "#")
    )
