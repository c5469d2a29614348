"""`openletter newsletter export`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.clock import Clock


@click.command("export")
@click.argument("issue", metavar="ISSUE")
@options.site_option
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="DIR", help="The folder (default: ISSUE-mail, here)."
)
@click.option("--placeholder", metavar="TEXT", help='What the service replaces (default: "{{ unsubscribe }}").')
@click.option("--relative", is_flag=True, help="Show the pictures of the folder, not those of the published site.")
@options.at_option("Make it as of that moment instead of now.")
@click.pass_context
def command(
    ctx: click.Context,
    issue: str,
    root: Path,
    output: Path | None,
    placeholder: str | None,
    relative: bool,
    at: datetime | None,
) -> None:
    """Write an issue's HTML, text and pictures for a mail service.

    An older export in the same place is replaced; any other folder is left alone. With errors in the issue nothing is
    written, and the exit code is 1. Prints the folder's path.
    """
    from generator.newsletter.export.folder import (
        UNSUBSCRIBE_PLACEHOLDER,
        check_placeholder,
        export_issue,
        write_export,
    )

    word = check_placeholder(UNSUBSCRIBE_PLACEHOLDER if placeholder is None else placeholder)
    problems, exported = export_issue(root, issue, Clock.system(), word, relative=relative, at=at)
    show_problems(problems)
    if exported is None:
        say("Nothing was written: correct the errors first.", err=True)
        ctx.exit(1)
    folder = output or Path(f"{exported.slug}-mail")
    write_export(folder, exported)
    say(str(folder))
