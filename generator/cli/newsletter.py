"""`openletter newsletter`: a group of commands, each in a module of its own."""

from __future__ import annotations

import click

from generator.cli.lazy import LazyGroup

COMMANDS = {
    "list": "List the issues, with what each one holds.",
    "preview": "Show an issue as mail programs show it.",
    "check": "Say what is wrong with an issue before anyone gets it.",
    "eml": "Write an issue as a file that mail programs open.",
    "send": "Send an issue to a list or to each subscriber, once.",
    "export": "Write an issue's HTML, text and pictures for a mail service.",
}
"""Command → its one-line help, in the order shown; each lives in a module `newsletter_NAME`."""


@click.group(
    "newsletter",
    cls=LazyGroup,
    commands_help=COMMANDS,
    package="generator.cli",
    prefix="newsletter_",
    epilog="`openletter newsletter COMMAND --help` shows a command's options.",
)
def command() -> None:
    """Look at, check, send or hand over a newsletter issue.

    ISSUE is the issue's slug, or the path of its file.
    """
