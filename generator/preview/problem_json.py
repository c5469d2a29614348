"""Problems as JSON for the browser: what the terminal prints, with the lines of the source around the place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from generator.errors import Level, Problem
from generator.theming.chain import builtin_folder

CONTEXT_LINES = 3
MAX_PROBLEMS = 100  # most problems to send to a browser
_LEVELS = tuple(Level)
_MAX_BYTES = 2_000_000
_MAX_LINE_CHARS = 400


def encode_problems(problems: Iterable[Problem], root: Path) -> list[dict[str, Any]]:
    """Convert problems for JSON, errors first, notes last: their fields, and `lines`, pairs of number and text."""
    ordered = sorted(problems, key=lambda problem: (_LEVELS.index(problem.level), problem))
    return [_encode_problem(problem, root) for problem in ordered[:MAX_PROBLEMS]]


def _encode_problem(problem: Problem, root: Path) -> dict[str, Any]:
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "level": str(problem.level),
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "lines": _source_lines(problem, root),
        "text": str(problem),
    }


def _source_lines(problem: Problem, root: Path) -> list[tuple[int, str]]:
    file = find_source_file(problem.path, root) if problem.line else None
    if file is None:
        return []
    try:
        if file.stat().st_size > _MAX_BYTES:
            return []
        text = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []
    first = max(1, problem.line - CONTEXT_LINES)
    return [
        (number, line[:_MAX_LINE_CHARS])
        for number, line in enumerate(text[first - 1 : problem.line + CONTEXT_LINES], first)
    ]


def find_source_file(path: str, root: Path) -> Path | None:
    """Find the file that a problem names: one of the site's, or of a theme that comes with the program."""
    name, colon, rest = path.partition(": ")
    base, inside = (
        (builtin_folder() / name.removeprefix("theme "), rest) if colon and name.startswith("theme ") else (root, path)
    )
    try:
        file = (base / inside).resolve(strict=True)
        if inside and file.is_relative_to(base.resolve()) and file.is_file():
            return file
    except (OSError, ValueError, RuntimeError):
        pass
    return None
