"""`openletter newsletter export`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.clock import Clock

SERVICES = ("mailchimp", "campaign-monitor", "brevo", "mailgun", "listmonk", "buttondown", "notify")


@click.command("export")
@options.issue_argument
@options.site_option
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="DIR", help="The folder to write (default: ISSUE-mail)."
)
@click.option(
    "--for",
    "service",
    type=click.Choice(SERVICES),
    metavar="SERVICE",
    help=f"Use the tags of this mail service: {', '.join(SERVICES)}.",
)
@click.option(
    "--placeholder",
    metavar="TEXT",
    help='The mail service\'s placeholder for its unsubscribe link (default: "{{ unsubscribe }}").',
)
@click.option("--relative", is_flag=True, help="Use the pictures in the folder instead of those on the published site.")
@options.at_option("Export it as of this time instead of now.")
@click.pass_context
def command(
    ctx: click.Context,
    issue: str,
    root: Path,
    output: Path | None,
    service: str | None,
    placeholder: str | None,
    relative: bool,
    at: datetime | None,
) -> None:
    """Export an issue's HTML, text and pictures for a mail service.

    Replaces an older export, but never another folder. If the issue has errors, nothing is written and the exit code
    is 1. Prints the folder's path.
    """
    from generator.newsletter.export.folder import (
        UNSUBSCRIBE_PLACEHOLDER,
        check_placeholder,
        export_issue,
        write_export,
    )
    from generator.newsletter.export.services import SERVICES as KNOWN
    from generator.newsletter.export.services import MailService

    if service and placeholder is not None:
        raise click.UsageError("Use only one of --for and --placeholder.")
    word = check_placeholder(UNSUBSCRIBE_PLACEHOLDER if placeholder is None else placeholder)
    tags = KNOWN[service] if service else MailService(unsubscribe=word)
    problems, exported = export_issue(root, issue, Clock.system(), tags, relative=relative, at=at)
    show_problems(problems)
    if exported is None:
        say("Nothing was written. Fix the errors first.", err=True)
        ctx.exit(1)
    folder = output or Path(f"{exported.slug}-mail")
    write_export(folder, exported)
    say(str(folder))
