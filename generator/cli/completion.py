"""`openletter completion`."""

from __future__ import annotations

import click

from generator.cli.console import say


@click.command("completion")
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands and options when you press Tab.

    Save it where your shell looks for it: docs/commands.md has the line for each shell.
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    program = ctx.find_root()
    say(kind(program.command, {}, "openletter", "_OPENLETTER_COMPLETE").source(), lines=True)
