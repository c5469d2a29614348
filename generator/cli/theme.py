"""`openletter theme`: a group of commands, each in its own module."""

from __future__ import annotations

import click

from generator.cli.lazy import LazyGroup

COMMANDS = {
    "new": "Start a theme of your own that extends the default one.",
    "copy": "Copy a template, or one block of it, into your theme to change it.",
}
"""Command → its one-line help, in the order shown; each is in a module `theme_NAME`."""


@click.group(
    "theme",
    cls=LazyGroup,
    commands_help=COMMANDS,
    package="generator.cli",
    prefix="theme_",
    epilog="Run `openletter theme COMMAND --help` for the options of a command.",
)
def command() -> None:
    """Change how the site looks, with templates of your own."""
