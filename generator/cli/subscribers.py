"""`openletter subscribers`: a group of commands, each in a module of its own."""

from __future__ import annotations

import click

from generator.cli.lazy import LazyGroup

COMMANDS = {
    "unsubscribes": "Read mails that ask to unsubscribe, and never mail those people again.",
}
"""Command → its one-line help, in the order shown; each lives in a module `subscribers_NAME`."""


@click.group(
    "subscribers",
    cls=LazyGroup,
    commands_help=COMMANDS,
    package="generator.cli",
    prefix="subscribers_",
    epilog="`openletter subscribers COMMAND --help` shows a command's options.",
)
def command() -> None:
    """Read the mails that ask to unsubscribe.

    Look after the people who get the newsletter: whoever leaves is never mailed again.
    """
