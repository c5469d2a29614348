"""Match paths against the patterns of other generators, in linear time for any pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

_MAX_ALTERNATIVES = 64
_BRACES = re.compile(r"\{([^{}]*)\}")
_SAFE_REGEX_CHARS = 300
_MAX_QUANTIFIERS = 4


def match_glob(pattern: str, path: str) -> bool:
    """Match a whole path: `*` matches within one step, `**` across steps, `{a,b}` is a choice."""
    return any(_match_steps(each.strip("/").split("/"), path.strip("/").split("/")) for each in expand_braces(pattern))


def match_loosely(pattern: str, path: str) -> bool:
    """Match a whole path: `*` matches across steps, `{a,b}` is a choice."""
    return any(
        fnmatchcase(path, each.replace("**/", "*")) or fnmatchcase(path, each) for each in expand_braces(pattern)
    )


def match_ignore_line(line: str, path: str) -> bool:
    """Match a line of a `.gitignore` against a file or folder; a line without a slash matches at any depth."""
    pattern = line.strip().rstrip("/")
    if "/" not in pattern:
        return fnmatchcase(path.rpartition("/")[2], pattern)
    return match_glob(pattern.removesuffix("/**").removesuffix("/*"), path) or match_glob(pattern, path)


def expand_braces(pattern: str) -> list[str]:
    """Expand `{a,b}` to a list of patterns, at most 64."""
    waiting, found = [pattern], list[str]()
    while waiting and len(waiting) + len(found) <= _MAX_ALTERNATIVES:
        each = waiting.pop()
        match = _BRACES.search(each)
        if match is None:
            found.append(each)
        else:
            waiting += [each[: match.start()] + choice + each[match.end() :] for choice in match[1].split(",")]
    return found + waiting


def compile_safely(pattern: str) -> re.Pattern[str] | None:
    """Compile a regular expression of another generator; None if it is invalid or could take too long."""
    quantifiers = len(re.findall(r"(?<!\\)[*+?{]", pattern))
    if len(pattern) > _SAFE_REGEX_CHARS or quantifiers > _MAX_QUANTIFIERS or re.search(r"\)[*+{]", pattern):
        return None
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None


def search_safely(patterns: Iterable[re.Pattern[str]], path: str) -> bool:
    """Return True if a pattern matches somewhere in the path, or if the path is too long to try."""
    return any(len(path) > _SAFE_REGEX_CHARS or pattern.search(path) for pattern in patterns)


def _match_steps(pattern: list[str], path: list[str]) -> bool:
    reached = {0}
    for step in pattern:
        if step == "**":
            reached = set(range(min(reached), len(path) + 1)) if reached else reached
        else:
            reached = {at + 1 for at in reached if at < len(path) and fnmatchcase(path[at], step)}
    return len(path) in reached
