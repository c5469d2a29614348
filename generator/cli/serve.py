"""`openletter serve`."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.console import progress_bar, say, show_problems
from generator.errors import Level
from generator.text.counts import format_count

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.errors import Problem
    from generator.preview.session import BuildOutcome
    from generator.preview.task_queue import Hint


@click.command("serve")
@options.site_option
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Listen on this address; 0.0.0.0 lets phones on your network in (default: 127.0.0.1).",
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, metavar="N", help="Listen on this port (default: 8000)."
)
@click.option("--drafts/--no-drafts", default=True, help="Show drafts (default: yes).")
@click.option("--future/--no-future", default=False, help="Show scheduled posts (default: no).")
@options.at_option("Show the site as it will be at this time.")
@click.option("--no-reload", is_flag=True, help="Serve the pages unchanged: no toolbar, no reloading.")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in your browser.")
@click.option("--poll", is_flag=True, help="Check for changes twice a second. Use this on network drives.")
@click.option(
    "--editor", metavar="COMMAND", help="Open source files with this command, such as 'code -g {file}:{line}'."
)
def command(
    root: Path,
    host: str,
    port: int,
    drafts: bool,
    future: bool,
    at: datetime | None,
    no_reload: bool,
    open_browser: bool,
    poll: bool,
    editor: str | None,
) -> None:
    """Preview the site in a browser while you write.

    The page updates when you save a file. Press Ctrl-C to stop.
    """
    from generator.preview.editor import parse_editor
    from generator.preview.server import PreviewReports, ServeOptions, serve_site
    from generator.preview.session import ViewOptions

    chosen = ServeOptions(
        root,
        ViewOptions(drafts, future, at),
        host,
        port,
        reload=not no_reload,
        poll=poll,
        open_browser=open_browser,
        editor=parse_editor(editor or "") or None,
    )
    try:
        serve_site(chosen, PreviewReports(say, _BuildLog(root).built, partial(progress_bar, wanted=True)))
    except KeyboardInterrupt:
        return


_MANY = 20  # new problems that are printed after a change
_LEVELS = tuple(Level)  # the gravest first


class _BuildLog:
    """What was printed about the builds so far: a problem is printed once, and again when it comes back."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._problems: frozenset[Problem] = frozenset()
        self._is_first = True
        self._count, self._seconds = 0, 0.0

    def built(self, outcome: BuildOutcome, hint: Hint) -> None:
        """Print what a build changed, if it changed anything. The first one is reported with the address.

        The pages that it leaves are counted when the last of them is rendered.
        """
        problems = frozenset(outcome.problems)
        new, fixed = problems - self._problems, self._problems - problems
        self._problems = problems
        is_first, self._is_first = self._is_first, False
        self._show(new, most=None if is_first else _MANY)
        if outcome.report is None:
            return
        left = outcome.report.left
        if hint != frozenset():
            self._count, self._seconds = 0, 0.0
        self._count += len(outcome.changed)
        self._seconds += outcome.seconds
        if self._count and not is_first and (hint or not left):
            more = f"; {format_count(left, 'page')} to follow" if left else ""
            say(f"{_names(hint)}{format_count(self._count, 'file')} rebuilt in {self._seconds:.2f} s{more}")
        if fixed and not problems:
            say("All problems are fixed.")

    def _show(self, new: Collection[Problem], most: int | None) -> None:
        """Print new problems, the gravest first if there are more than `most`: a renamed folder brings thousands."""
        gravest = sorted(new, key=lambda problem: (_LEVELS.index(problem.level), problem))[:most]
        show_problems(gravest, self._root)
        if len(gravest) < len(new):
            more = format_count(len(new) - len(gravest), "more problem")
            say(f"And {more}: openletter check lists them all.", err=True)


def _names(hint: Hint) -> str:
    if not hint:
        return ""
    first, *more = sorted(hint)
    return f"{first}{f' and {len(more)} more' if more else ''}: "
