"""Judge the names of files: which are ours to ignore, which no system or output can hold."""

from __future__ import annotations

import re

from generator.text.short_text import printable

_NOT_OURS = frozenset((".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", "4913"))  # 4913: vim's trial file
_BACKUPS = ("~", ".swp", ".swo", ".swx", ".tmp", ".crdownload", ".part")
_CONTROL = re.compile("[\x00-\x1f\x7f\\\\\u202a-\u202e\u2066-\u2069]")


def ignored(name: str) -> bool:
    """Tell whether a file or folder is nobody's content: hidden, a backup of an editor, litter of a system."""
    if name[0] == ".":
        return name != ".well-known"  # RFC 8615: security.txt and its kin, for content/static
    return name.endswith(_BACKUPS) or name in _NOT_OURS or (name[0] == "#" and name[-1] == "#")


def unusable(name: str) -> str | None:
    """Say why a name cannot be published: undecodable bytes, control characters, a backslash; None when it can."""
    if name.isascii() and name.isprintable() and "\\" not in name:
        return None
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return "Its name is not UTF-8."
    return "Its name has a backslash or an invisible character." if _CONTROL.search(name) else None


def visible(path: str) -> str:
    r"""Write a path so that any terminal can show it: an undecodable byte as `\xe9`, a line break as `\n`."""
    return printable(path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"), len(path) * 10)
