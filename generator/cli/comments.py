"""`openletter comments`: a group of commands, each in its own module."""

from __future__ import annotations

import click

from generator.cli.lazy import LazyGroup

COMMANDS = {
    "erase": "Erase a comment for good.",
}
"""Command → its one-line help, in the order shown; each is in a module `comments_NAME`."""


@click.group(
    "comments",
    cls=LazyGroup,
    commands_help=COMMANDS,
    package="generator.cli",
    prefix="comments_",
    epilog="Run `openletter comments COMMAND --help` for the options of a command.",
)
def command() -> None:
    """Manage the comments that the site keeps."""
