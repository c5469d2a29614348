"""Change one key in the front matter of a source, and nothing else in it: its aliases, or whether it is a draft."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import tzinfo

from msgspec.structs import replace

from generator.content.dashes import with_hyphens
from generator.content.document import parse_source
from generator.model import Kind

_YAML_KEYS = {
    "aliases": re.compile(r"^aliases[ \t]*:[^\n]*\n(?:[ \t]*-[^\n]*\n|[ \t]+[^\n]*\n)*", re.M | re.I),
    "draft": re.compile(r"^draft[ \t]*:[^\n]*\n", re.M | re.I),
}
_TOML_KEYS = {
    "aliases": re.compile(r"^aliases[ \t]*=[ \t]*(?:\[[^\[\]]*\]|\"[^\"\n]*\"|'[^'\n]*')[ \t]*\n", re.M),
    "draft": re.compile(r"^draft[ \t]*=[ \t]*(?:true|false)[ \t]*\n", re.M),
}
_START = re.compile(r"\A\ufeff?\s*(---|\+\+\+)[ \t]*\n")


def add_aliases(path: str, data: bytes, kind: Kind, zone: tzinfo, aliases: Sequence[str]) -> bytes | None:
    """Return a source with further aliases; None if that cannot be done without changing something else.

    Line ends, comments and the order of keys stay. Front matter in JSON is left to its author.
    """
    before = parse_source(path, data, kind=kind, zone=zone).meta
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if before is None:
        return None
    wanted = tuple(dict.fromkeys((*before.aliases, *aliases)))
    written = _with_key(text, "aliases", json.dumps(list(wanted), ensure_ascii=False))
    if written is None:
        return None
    after = parse_source(path, written.encode(), kind=kind, zone=zone).meta
    return written.encode() if after == replace(before, aliases=wanted) else None


def mark_draft(path: str, data: bytes, kind: Kind, zone: tzinfo) -> bytes | None:
    """Return a source as a draft; None if that cannot be done without changing something else. See `add_aliases`."""
    before = parse_source(path, data, kind=kind, zone=zone).meta
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if before is None:
        return None
    for readable in (text, _with_hyphens(text)):
        written = _with_key(readable, "draft", "true")
        if written is None:
            continue
        after = parse_source(path, written.encode(), kind=kind, zone=zone).meta
        if after == replace(before, draft=True):
            return written.encode()
    return None


def _with_hyphens(text: str) -> str:
    """Repair the borders that Word or a phone turned into dashes, and keep the line ends."""
    repaired = with_hyphens(text.replace("\r\n", "\n"))
    return repaired.replace("\n", "\r\n") if "\r\n" in text else repaired


def _with_key(text: str, key: str, value: str) -> str | None:
    ending = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    start = _START.match(plain)
    if start is None:
        return None
    mark = start[1]
    end = re.compile(rf"^{re.escape(mark)}[ \t]*$" if mark == "+++" else r"^(?:---|\.\.\.)[ \t]*$", re.M)
    closing = end.search(plain, start.end())
    if closing is None:
        return None
    front = plain[start.end() : closing.start()]
    edited = (_edit_toml if mark == "+++" else _edit_yaml)(front, key, value)
    if edited is None:
        return None
    return (plain[: start.end()] + edited + plain[closing.start() :]).replace("\n", ending)


def _edit_yaml(front: str, key: str, value: str) -> str | None:
    return _replace_or(front, _YAML_KEYS[key], f"{key}: {value}\n", lambda line: front + line)


def _edit_toml(front: str, key: str, value: str) -> str | None:
    return _replace_or(front, _TOML_KEYS[key], f"{key} = {value}\n", lambda line: line + front)


def _replace_or(front: str, key: re.Pattern[str], line: str, add: Callable[[str], str]) -> str | None:
    found = key.search(front)
    if found is None:
        return add(line)
    if "#" in found[0]:  # a comment among the aliases would be lost
        return None
    return front[: found.start()] + line + front[found.end() :]
