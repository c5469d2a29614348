"""`openletter serve`."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.console import progress_bar, say, show_problems

if TYPE_CHECKING:
    from generator.errors import Problem
    from generator.preview.session import BuildOutcome
    from generator.preview.task_queue import Hint


@click.command("serve")
@options.site_option
@click.option(
    "--host", default="127.0.0.1", metavar="ADDRESS", help="Listen there; 0.0.0.0 for a phone on the network."
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, metavar="N", help="Listen on port N (default: 8000)."
)
@click.option("--drafts/--no-drafts", default=True, help="Show drafts (default: yes).")
@click.option("--future/--no-future", default=False, help="Show scheduled posts (default: no).")
@options.at_option("Show the site as of that moment.")
@click.option("--no-reload", is_flag=True, help="Leave the pages as they are built: no bar, no reloading.")
@click.option("--open", "open_browser", is_flag=True, help="Open a browser.")
@click.option("--poll", is_flag=True, help="Look for changes twice a second: for network drives.")
@click.option("--editor", metavar="COMMAND", help="What opens a source: 'code -g {file}:{line}'.")
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
    """Show the site in a browser while it is written.

    Every saved change appears by itself. Ctrl-C ends it, with exit code 0.
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
        serve_site(chosen, PreviewReports(say, _Told().built, partial(progress_bar, wanted=True)))
    except KeyboardInterrupt:
        return


class _Told:
    """What was said of the builds so far: a problem is said once, and again when it comes back."""

    def __init__(self) -> None:
        self._problems: frozenset[Problem] = frozenset()

    def built(self, outcome: BuildOutcome, hint: Hint) -> None:
        """Say what a build did, if it did anything."""
        problems = frozenset(outcome.problems)
        new, mended = problems - self._problems, self._problems - problems
        self._problems = problems
        show_problems(new)
        if outcome.report is None:
            return
        count = len(outcome.changed)
        if count:
            what = "1 file" if count == 1 else f"{count:,} files"
            say(f"{_names(hint)}{what} changed in {outcome.seconds:.2f} s")
        if mended and not problems:
            say("No problems any more.")


def _names(hint: Hint) -> str:
    if not hint:
        return ""
    first, *more = sorted(hint)
    return f"{first}{f' and {len(more)} more' if more else ''}: "
