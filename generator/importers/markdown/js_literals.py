"""Read plain values from JavaScript without running it: object literals, and texts in calls."""

from __future__ import annotations

import json
import re
from typing import Any

_TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)|(?P<space>\s+)"
    r"|(?P<text>\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\$]|\\.|\$(?!\{))*+`)"
    r"|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))|(?P<word>[A-Za-z_$][\w$]*)|(?P<mark>.)",
    re.DOTALL,
)
_EXPORTED = re.compile(
    r"\s*(?:[\"']use strict[\"'];?\s*)?(?:module\.exports\s*=|export\s+default\b)\s*(?P<value>\{.*\})\s*;?\s*",
    re.DOTALL,
)
_PLAIN = frozenset(("true", "false", "null"))
_MAX_CHARS = 200_000


def read_exported(text: str) -> dict[str, Any] | None:
    """Return the object that a module exports; None if any part of it is not a plain value."""
    match = _EXPORTED.fullmatch(strip_comments(text)) if len(text) <= _MAX_CHARS else None
    written = _as_json(match["value"]) if match else None
    try:
        found = json.loads(written) if written is not None else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def strip_comments(text: str) -> str:
    """Remove a program's comments, but not text inside string literals."""
    return "".join(" " if match["comment"] else match[0] for match in _TOKEN.finditer(text[:_MAX_CHARS]))


def list_calls(text: str, name: str) -> list[str | None]:
    """List the first argument of each call of a method, as text; None for one that is not a plain text."""
    found: list[str | None] = []
    for match in re.finditer(rf"\b{name}\s*\(\s*", text):
        token = _TOKEN.match(text, match.end())
        after = re.compile(r"\s*[,)]").match(text, token.end()) if token else None
        found.append(unquote(token["text"]) if token and token["text"] and after else None)
    return found


def list_settings(text: str, name: str) -> list[str | None]:
    """List the values of a key `name: "…"`, as texts; None for one that is not a plain text."""
    found: list[str | None] = []
    for match in re.finditer(rf"(?<![\w.$])[\"']?{name}[\"']?\s*:\s*", text):
        token = _TOKEN.match(text, match.end())
        after = re.compile(r"\s*[,}\n]").match(text, token.end()) if token else None
        found.append(unquote(token["text"]) if token and token["text"] and after else None)
    return found


def unquote(written: str) -> str:
    """Return the text of a literal in any of the three quotes."""
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), written[1:-1])


def _as_json(written: str) -> str | None:
    """Convert an object literal to JSON; None if it holds anything but plain values."""
    parts: list[str] = []
    tokens = [match for match in _TOKEN.finditer(written) if not match["space"] and not match["comment"]]
    for place, match in enumerate(tokens):
        following = tokens[place + 1][0] if place + 1 < len(tokens) else ""
        if match["text"]:
            parts.append(json.dumps(unquote(match[0])))
        elif match["word"]:
            if following == ":":
                parts.append(json.dumps(match[0]))
            elif match[0] in _PLAIN:
                parts.append(match[0])
            else:
                return None
        elif match["number"] or match[0] in "{}[]:,":
            parts.append("" if match[0] == "," and following in ("}", "]") else match[0])
        else:
            return None
    return " ".join(parts)
