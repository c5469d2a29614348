"""Show problems where they are read: in a terminal with the source line, in GitHub's interface as annotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.errors import Level, Problem

if TYPE_CHECKING:
    from rich.console import Console

_MAX_BYTES = 5_000_000
_MAX_CHARS = 2_000  # of a line on either side of the mark: enough for any terminal
_COLOURS = {Level.ERROR: "bold red", Level.WARNING: "bold yellow", Level.NOTE: "bold cyan"}
_GITHUB = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}
_PAIRS = {'"': '"', "'": "'", "\u201c": "\u201d", "\u201e": "\u201c", "\u2018": "\u2019", "\u00ab": "\u00bb"}
_WORD = re.compile(
    r"https?://[^\s\"'<>)\]]+|!?\[[^\]\n]*\]\([^)\n]*\)|\[\[?[^\[\]\n]+\]\]?|\\?[\w@%/~][\w@%+./~\\-]*|<[^>\n]*>"
)


class Excerpt(Struct, frozen=True):
    """A source line as a terminal shows it, with the mark below the word at fault ("" where no column is known)."""

    line: str
    mark: str


def read_line(root: Path, problem: Problem) -> str | None:
    """Read the line a problem names; None if it names none, or its file is not a readable one of the site."""
    path = PurePosixPath(problem.path)
    if not problem.line or path.is_absolute() or ".." in path.parts:
        return None
    file = root / path
    try:
        if not file.is_file() or file.stat().st_size > _MAX_BYTES:
            return None
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return None
    lines = text.split("\n")
    return lines[problem.line - 1].rstrip("\r") if problem.line <= len(lines) else None


def word_end(line: str, start: int) -> int:
    """Find where the word that begins at an index ends: a quoted text, a link and a web address are one word."""
    if start >= len(line):
        return start + 1
    closing = _PAIRS.get(line[start])
    if closing:
        end = line.find(closing, start + 1)
        return end + 1 if end > 0 else len(line.rstrip())
    found = _WORD.match(line, start)
    return max(found.end() if found else 0, start + 1)


def make_excerpt(line: str, column: int, width: int, escape: Callable[[str], str]) -> Excerpt:
    """Crop a line to `width` cells around the word at `column` (from 1; 0 for none), and mark that word."""
    from rich.cells import cell_len

    if not column:
        return Excerpt(_crop(_visible(line[:_MAX_CHARS], escape), width), "")
    start = column - 1
    end = word_end(line, start)
    before = _visible(line[max(start - _MAX_CHARS, 0) : start], escape).lstrip(" ")
    word = _crop(_visible(line[start : min(end, start + _MAX_CHARS)], escape), max(width - 2, 1))
    after = _visible(line[end : end + _MAX_CHARS], escape).rstrip()
    room = max(width - cell_len(word), 0)
    if cell_len(before) + cell_len(after) > room:
        before = _crop_start(before, max(room // 2, room - cell_len(after)))
        after = _crop(after, room - cell_len(before))
    return Excerpt(f"{before}{word}{after}", f"{' ' * cell_len(before)}{'^' * max(cell_len(word), 1)}")


def _visible(text: str, escape: Callable[[str], str]) -> str:
    return escape(text.replace("\t", "    ").replace("\ufeff", "\\ufeff"))


def _crop(text: str, width: int) -> str:
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)) + "…" * (width > 0)


def _crop_start(text: str, width: int) -> str:
    from rich.cells import cell_len

    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > width - 1:
        text = text[max(1, (cell_len(text) - width) // 2) :]
    return f"…{text}" if width > 0 else ""


def print_problem(console: Console, problem: Problem, root: Path, escape: Callable[[str], str]) -> None:
    """Print place, source line with its mark, message, hint and code, and an empty line after them."""
    from rich.text import Text

    place = ":".join([problem.path or "openletter", *(str(n) for n in (problem.line, problem.column) if n)])
    colour = _COLOURS[problem.level]
    console.print(Text(escape(place), style="bold"), soft_wrap=True)
    line = read_line(root, problem)
    if line is not None and line.strip():
        number = str(problem.line)
        excerpt = make_excerpt(line, problem.column, max(console.width - len(number) - 4, 10), escape)
        console.print(Text.assemble((f" {number} | ", "cyan"), excerpt.line), soft_wrap=True)
        if excerpt.mark:
            gutter = f" {' ' * len(number)} | "
            console.print(Text.assemble((gutter, "cyan"), (excerpt.mark, colour)), soft_wrap=True)
    code = (f" [{problem.code}]", "dim")
    message, hint = (escape(" ".join(words.split())) for words in (problem.message, problem.hint))
    said = Text.assemble((f"{problem.level}:", colour), f" {message}")
    console.print(said if hint else said.append_text(Text(*code)), soft_wrap=True)
    if hint:
        console.print(Text.assemble(("hint:", "bold cyan"), f" {hint}", code), soft_wrap=True)
    console.print()


def github_commands(problems: Iterable[Problem], folder: str = "") -> Iterable[str]:
    """Write each problem as a workflow command that GitHub shows beside the line. `folder` is the site's, "" for here.

    Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
    """
    for problem in problems:
        properties = {"title": problem.code}
        if problem.path:
            path = str(PurePosixPath(folder, problem.path))
            places = (("line", problem.line), ("col", problem.column))
            properties = {"file": path, **{name: str(n) for name, n in places if n}, **properties}
        listed = ",".join(f"{name}={_github_property(value)}" for name, value in properties.items())
        words = " ".join(each for each in (problem.message, problem.hint, f"[{problem.code}]") if each)
        yield f"::{_GITHUB[problem.level]} {listed}::{_github_data(words)}"


def _github_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")
