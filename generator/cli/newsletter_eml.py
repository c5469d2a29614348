"""`openletter newsletter eml`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.clock import Clock


@click.command("eml")
@options.issue_argument
@options.site_option
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="The file to write (default: ISSUE.eml)."
)
@options.at_option("Write it as of this time instead of now.")
def command(issue: str, root: Path, output: Path | None, at: datetime | None) -> None:
    """Write an issue to a file that mail programs open.

    The mail is addressed to the `to` address in [newsletter], or else to the sender. The file is written even if the
    issue has problems, which are listed. Prints the file's path.
    """
    from generator.config import load_config
    from generator.newsletter.checks.preflight import load_letter
    from generator.newsletter.export.file import write_export_file
    from generator.newsletter.message.sample import compose_sample

    letter, problems = load_letter(root, issue, Clock.system(), at)
    show_problems(problems)
    file = output if output is not None else Path(f"{letter.slug}.eml")
    write_export_file(file, compose_sample(letter, load_config(root)[0]))
    say(str(file))
