"""Check the names of files: which to ignore, and which cannot be published."""

from __future__ import annotations

from generator.leftovers import is_leftover
from generator.patterns import lazy_pattern
from generator.text.short_text import printable

_CONTROL = lazy_pattern("[\x00-\x1f\x7f\\\\\u202a-\u202e\u2066-\u2069]")


def ignored(name: str) -> bool:
    """Return True if a file or folder is hidden or a leftover, and so no one's content."""
    return is_leftover(name) and name != ".well-known"  # RFC 8615: security.txt and its kin, for content/static


def unusable(name: str) -> str | None:
    """Explain why a name cannot be published: undecodable bytes, control characters, a backslash; None if it can."""
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
