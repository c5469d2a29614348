"""`openletter newsletter eml`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.clock import Clock


@click.command("eml")
@click.argument("issue", metavar="ISSUE")
@options.site_option
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where the mail goes (default: ISSUE.eml, here)."
)
@options.at_option("Make it as of that moment instead of now.")
def command(issue: str, root: Path, output: Path | None, at: datetime | None) -> None:
    """Write an issue as a file that mail programs open.

    It is addressed to `[newsletter] to`, else to the sender. What is wrong with the issue is said, and the file is
    written all the same. Prints the file's path.
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
