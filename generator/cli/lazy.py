"""A group of commands that imports a command's module only when the command is used."""

from __future__ import annotations

import importlib
import keyword
from typing import Any

import click

from generator.cli.faults import show_faults


class LazyGroup(click.Group):
    """List commands from a table, import them on use, and turn every exception into a message and an exit code.

    `prefix` begins the names of the modules if the commands of two groups share a folder.
    """

    def __init__(
        self, *args: Any, commands_help: dict[str, str], package: str, prefix: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.commands_help = commands_help
        self.package = package
        self.prefix = prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names in the order of the table."""
        return list(self.commands_help)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a known command and give its `command`."""
        if cmd_name not in self.commands_help:
            return None
        module = f"{self.prefix}{cmd_name.replace('-', '_')}"
        module = f"{module}_" if keyword.iskeyword(module) else module
        command = importlib.import_module(f"{self.package}.{module}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of the first argument; a misspelt one is answered with the nearest name.

        Raises: click.UsageError, exit code 2.
        """
        name = args[0]
        if name in self.commands_help or name.startswith("-"):
            return super().resolve_command(ctx, args)
        import difflib

        near = difflib.get_close_matches(name, self.commands_help, 1)
        hint = f'Did you mean "{near[0]}"?' if near else f"The commands are: {', '.join(self.commands_help)}."
        raise click.UsageError(f'Unknown command "{name}". {hint}', ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table, importing no command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.commands_help.items()))

    def main(self, *args: Any, **options: Any) -> Any:
        """Run, leaving arguments as they are: on Windows click would expand `*` and `$` inside a post's title."""
        return super().main(*args, **{"windows_expand_args": False, **options})

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command under the guard that shows what goes wrong."""
        with show_faults(ctx):
            return super().invoke(ctx)
