"""Make file names that work on every system: Windows, Git and static hosts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import count

from generator.digest import digest_bytes
from generator.slugs import reserved, slug_or_digest

MAX_NAME_BYTES = 160
"""Most bytes of a file name we make: with `2014-10-06-` and `.md`, paths stay below Windows' 260 characters."""

_FORBIDDEN = re.compile('[\x00-\x1f\x7f<>:"|?*\\\\/\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+')


def file_slug(slug: str, prefix: str = "post") -> str:
    """Make a file name from a slug: letters, digits and hyphens, at most `MAX_NAME_BYTES`."""
    return shorten(slug_or_digest(slug, prefix))


def shorten(name: str, limit: int = MAX_NAME_BYTES) -> str:
    """Shorten a long name; eight digits of its hash keep names with the same beginning distinct."""
    data = name.encode("utf-8", "replace")
    if len(data) <= limit:
        return name
    return f"{data[: limit - 9].decode(errors='ignore').strip('-. ')}-{digest_bytes(data)[:8]}"


def safe_name(name: str) -> str:
    """Make one step of a path safe with the least change: `a?.png` → `a-.png`, `con.txt` → `con-file.txt`."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    name = _FORBIDDEN.sub("-", name.replace("\ufffd", "-")).strip(" ").rstrip(". ").lstrip(".") or "file"
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 12:
        stem, dot, suffix = name, "", ""
    if reserved(name):
        stem = f"{stem.partition('.')[0]}-file{stem[len(stem.partition('.')[0]) :]}"
    return f"{shorten(stem, MAX_NAME_BYTES - len(suffix.encode()) - 1)}{dot}{suffix}"


def safe_path(path: str) -> str:
    """Make every step of a relative path safe."""
    return "/".join(safe_name(step) for step in path.split("/") if step not in ("", ".", ".."))


def fold(path: str) -> str:
    """Fold a path: equal results are one file on file systems that ignore case and Unicode form."""
    return unicodedata.normalize("NFC", path).casefold()


class NameRegistry:
    """The folded names used so far."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {fold(name) for name in names}

    def __contains__(self, name: str) -> bool:
        return fold(name) in self._names

    def take(self, name: str) -> str:
        """Reserve a name; if it is taken, add `-2`, `-3` … before its suffix. Return the name reserved."""
        stem, dot, suffix = name.rpartition(".")
        if not dot or "/" in suffix:
            stem, dot, suffix = name, "", ""
        for number in count(1):
            tried = name if number == 1 else f"{stem}-{number}{dot}{suffix}"
            if fold(tried) not in self._names:
                self._names.add(fold(tried))
                return tried
        raise AssertionError("count() ended")
