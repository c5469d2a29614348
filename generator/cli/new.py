"""`openletter new`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json

_KINDS = {"post": "post", "page": "page", "newsletter": "issue"}


@click.command("new")
@click.argument("kind", metavar="post|page|newsletter", type=click.Choice(list(_KINDS)))
@click.argument("title", metavar="TITLE")
@options.site_option
@click.option("--bundle", is_flag=True, help="Make a folder, for a post or page with pictures or files of its own.")
@options.json_option
def command(kind: str, title: str, root: Path, bundle: bool, as_json: bool) -> None:
    """Start a new post, page or newsletter issue.

    Prints the path of the new file. It is a draft until you delete its line `draft: true`; its name comes from
    TITLE, and no file is ever overwritten.
    """
    from generator.model import Kind
    from generator.scaffold.new import new

    if bundle and kind == "newsletter":
        raise click.UsageError("A newsletter issue is one file: leave --bundle out.")
    path = new(root, Kind(_KINDS[kind]), title, bundle=bundle)
    if as_json:
        say(to_json({"path": path, "draft": True}), lines=True)
        return
    say(str(root / path))
    say("It is a draft: nobody sees it until you delete the line `draft: true`.", err=True)
