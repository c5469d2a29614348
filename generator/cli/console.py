"""Print to the command line: plain lines in a pipe or CI, colour and a progress bar on a terminal."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TextIO

import click

from generator.patterns import lazy_pattern

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from generator.errors import Problem
    from generator.progress import Progress

# A file name or a title may contain escape sequences, or characters that reorder a line on the screen.
_UNSEEN = lazy_pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ROOT = "openletter.site_folder"


def never_fail_to_print() -> None:
    """Escape a character that an old Windows console or a C locale does not have, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def escape_controls(text: str, *, lines: bool = False) -> str:
    """Replace control and reordering characters with escapes; with `lines`, line ends and tabs stay."""
    if text.isprintable():
        return text
    text = text if lines else text.replace("\n", "\\n").replace("\t", "\\t")
    return _UNSEEN.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


def say(text: str, *, err: bool = False, lines: bool = False) -> None:
    """Print one line (or, with `lines`, several) with control characters escaped."""
    click.echo(escape_controls(text, lines=lines), err=err)


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by path, line and column."""
    return sorted(problems)


def show_problems(problems: Iterable[Problem], root: Path | None = None) -> None:
    """Print problems to stderr, by path and line: with their source lines on a terminal, else one on each line.

    `root` is the site's folder, by default that of the command. In a GitHub workflow, annotations follow.
    """
    ordered = sort_problems(problems)
    root = root or site_folder()
    if ordered and is_terminal(sys.stderr):
        _show_on_terminal(ordered, root)
        return
    if ordered:  # in one piece: a write for each of a thousand takes 10 ms
        say("\n".join(map(str, ordered)), err=True, lines=True)
    if ordered and os.environ.get("GITHUB_ACTIONS") == "true":
        from generator.cli.problem_display import github_commands

        for command in github_commands(ordered, "" if root.is_absolute() else root.as_posix()):
            say(command, err=True)


def note_site_folder(ctx: click.Context, _parameter: click.Parameter, root: Path) -> Path:
    """Remember the site's folder, for problems that are shown after the command ended.

    Without `--site` it is the current folder, or the nearest one above it that has a site.toml.
    """
    if ctx.get_parameter_source("root") is click.core.ParameterSource.DEFAULT:
        root = _find_site()
    ctx.meta[_ROOT] = root
    return root


def _find_site() -> Path:
    """Find the site that the working directory belongs to, as a relative path: `.`, `..`, `../..`."""
    here = Path.cwd()
    for steps, folder in enumerate((here, *here.parents)):
        if (folder / "site.toml").is_file():
            return Path(*[".."] * steps)
    return Path()


def site_folder() -> Path:
    """Return the site's folder of the running command; the working directory if it has none."""
    ctx = click.get_current_context(silent=True)
    root = ctx.meta.get(_ROOT) if ctx else None
    return root if isinstance(root, Path) else Path()


def _show_on_terminal(problems: list[Problem], root: Path) -> None:
    from rich.console import Console

    from generator.cli.problem_display import print_problem

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    for problem in problems:
        print_problem(console, problem, root, escape_controls)


def is_terminal(stream: TextIO) -> bool:
    """Return True if a person is watching: on a terminal that can move its cursor, and not in CI."""
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


@contextmanager
def progress_bar(*, wanted: bool) -> Iterator[Progress | None]:
    """Yield a callback that draws a bar with counts on stderr, or None without a terminal."""
    if not (wanted and is_terminal(sys.stderr)):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn())
    # No refreshing thread: the build may fork workers, and forking a process with threads can deadlock.
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
