"""Change a value in `site.toml`, and nothing else of what the person wrote."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.digest import digest_bytes
from generator.importers.existing_site import ExistingSite
from generator.store.atomic import replace_if_unchanged

FILE = "site.toml"
_WELCOME = re.compile(r"content/posts/\d{4}-\d\d-\d\d-welcome\.md")


def is_new(existing: ExistingSite) -> bool:
    """Return True if a site has no posts but that of `init`."""
    return all(_WELCOME.fullmatch(path) for path in existing.posts)


def read_settings(root: Path) -> str:
    """Return the text of `site.toml`, with its byte order mark and line ends, if it has any. Raises: OSError."""
    return (root / FILE).read_bytes().decode("utf-8")


def parse_settings(text: str) -> dict[str, Any]:
    """Parse the text of `site.toml`; empty if it cannot be parsed."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def replace_settings(root: Path, old: str, new: str, changed: Mapping[str, Any]) -> bool:
    """Write `site.toml` if the new text differs from the old one by the changed values alone, else return False.

    Raises: OSError.
    """
    after = parse_settings(new)
    if not after or after != {**parse_settings(old), **changed}:
        return False
    return replace_if_unchanged(root / FILE, new.encode("utf-8"), digest_bytes(old.encode("utf-8")))


def set_text(root: Path, key: str, value: str) -> bool:
    """Set one text at the top of `site.toml`; False where that cannot be done. Raises: OSError."""
    old = read_settings(root)
    line_end = "\r\n" if "\r\n" in old else "\n"
    line = format_setting(key, value)
    written = re.compile(rf"^[ \t]*{key}[ \t]*=[^\r\n]*", re.MULTILINE)
    table = re.search(r"^[ \t]*\[", old, re.MULTILINE)
    head, tail = (old[: table.start()], old[table.start() :]) if table else (old, "")
    if written.search(head):
        head = written.sub(lambda match: line, head, count=1)
    else:
        mark = "\ufeff" if head.startswith("\ufeff") else ""
        head = f"{mark}{line}{line_end}{head.removeprefix(mark)}"
    return replace_settings(root, old, head + tail, {key: value})


def format_setting(key: str, value: str) -> str:
    """Write a setting as a line of TOML."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{key} = "{escaped}"'
