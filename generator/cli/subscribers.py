"""`openletter subscribers`: a group of commands, each in its own module."""

from __future__ import annotations

import click

from generator.cli.lazy import LazyGroup

COMMANDS = {
    "check": "Check lists for mistakes.",
    "merge": "Merge lists into a new one.",
    "diff": "Show who is new on a list, who is gone and who has left.",
    "count": "Count the recipients of lists.",
    "unsubscribes": "Read mails that ask to unsubscribe, and add their senders to lists/suppressed.csv.",
}
"""Command → its one-line help, in the order shown; each is in a module `subscribers_NAME`."""


@click.group(
    "subscribers",
    cls=LazyGroup,
    commands_help=COMMANDS,
    package="generator.cli",
    prefix="subscribers_",
    epilog="Run `openletter subscribers COMMAND --help` for the options of a command.",
)
def command() -> None:
    """Manage the people who get the newsletter.

    People who unsubscribe are never mailed again.
    """
