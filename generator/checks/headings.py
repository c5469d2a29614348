"""Headings whose written levels skip one: pages repair that, and the author meant another outline than readers get."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, note
from generator.text.quoting import quote

_HEADING = re.compile(
    r"^ {0,3}(?P<marks>#{1,6})[ \t](?P<text>[^\n]*)$"
    r"|^ {0,3}(?P<above>\S[^\n]*)\n {0,3}(?P<line>=+|-+)[ \t]*$"
    r"|<h(?P<tag>[1-6])\b[^<>]*>(?P<inner>[^<\n]*)",
    re.M,
)


def heading_jumps(site: BuiltSite) -> Iterator[Problem]:
    """Find headings more than one level below the one before. The first heading of a text may have any level."""
    for path in site.index.cards:
        body = site.body(path)
        if body is None or len({heading.level for heading in body.toc}) < 2:  # repaired, a jump is one level
            continue
        before = 0
        for found, (line, column) in site.locate.matches(path, _HEADING):
            level, text = _level(found), _text(found)
            if 0 < before < level - 1:
                message = f"The heading {quote(text)} is of level {level}, below one of level {before}."
                hint = f"Write it with {'#' * (before + 1)}: pages show it one level below the heading above it anyway."
                yield note(path, "heading-jump", message, hint, line=line, column=column)
            before = level


def _level(found: re.Match[str]) -> int:
    if found["marks"]:
        return len(found["marks"])
    return int(found["tag"]) if found["tag"] else 1 + (found["line"][0] == "-")


def _text(found: re.Match[str]) -> str:
    return (found["text"] or found["above"] or found["inner"] or "").rstrip(" \t#").strip()
