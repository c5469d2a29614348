"""`openletter subscribers diff`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@options.site_option
@options.json_option
@click.pass_context
def command(ctx: click.Context, old: str, new: str, root: Path, as_json: bool) -> None:
    """Show who is new on a list, who is gone and who has left.

    Exit code 1: the lists reach different people.
    """
    from dataclasses import asdict

    from generator.newsletter.subscribers.list_merge import diff_lists
    from generator.newsletter.subscribers.list_names import find_list

    found = diff_lists(find_list(root, old), find_list(root, new))
    if as_json:
        say(to_json(asdict(found)), lines=True)
    else:
        for line in found.lines():
            say(line)
        gone = len(found.removed) + len(found.left)
        say(f"{len(found.added) + len(found.returned):,} added, {gone:,} removed")
    ctx.exit(1 if any(asdict(found).values()) else 0)
