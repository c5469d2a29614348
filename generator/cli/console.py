"""How the command line speaks: plain lines in a pipe or CI, colour and a progress bar on a terminal."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, TextIO

import click

from generator.errors import Level, Problem
from generator.progress import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

# A file name or a title may hold escape sequences, or characters that reorder a line on the screen.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COLOURS = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.NOTE: "cyan"}


def never_fail_to_print() -> None:
    """Escape a character that an old Windows console or a C locale does not have, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def escape_controls(text: str, *, lines: bool = False) -> str:
    """Show control and reordering characters as escapes; line ends and tabs stay only when `lines`."""
    text = text if lines else text.replace("\n", "\\n").replace("\t", "\\t")
    return _UNSEEN.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


def say(text: str, *, err: bool = False, lines: bool = False) -> None:
    """Print one line (or, with `lines`, text as it is) without any escape sequence of its own."""
    click.echo(escape_controls(text, lines=lines), err=err)


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by path, line and column."""
    return sorted(problems)


def show_problems(problems: Iterable[Problem]) -> None:
    """Print problems to stderr, one a line, by path and line; coloured on a terminal."""
    ordered = sort_problems(problems)
    if ordered and is_terminal(sys.stderr):
        _show_in_colour(ordered)
        return
    for problem in ordered:
        say(str(problem), err=True)


def _show_in_colour(problems: list[Problem]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    for problem in problems:
        line = Text(escape_controls(str(problem)))
        line.highlight_words([f"{problem.level}:"], style=_COLOURS[problem.level])
        console.print(line, soft_wrap=True)


def is_terminal(stream: TextIO) -> bool:
    """Return True if a person watches: a terminal that moves its cursor, and not CI."""
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


@contextmanager
def progress_bar(*, wanted: bool) -> Iterator[Progress | None]:
    """Give a callback that draws a bar with counts on stderr, or None where nobody watches."""
    if not (wanted and is_terminal(sys.stderr)):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn())
    # No refreshing thread: the build may fork workers, and forking beside threads can deadlock.
    with Bar(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        yield _drawing(bar, bar.add_task("", total=None))


def _drawing(bar: Bar, task: TaskID) -> Progress:
    """Draw at most ten times a second, and the end of each stage."""
    drawn = 0.0

    def draw(stage: str, done: int, total: int) -> None:
        nonlocal drawn
        now = monotonic()
        due = done >= total or now - drawn > 0.1
        drawn = now if due else drawn
        bar.update(task, description=stage, completed=done, total=total or None, refresh=due)

    return draw
