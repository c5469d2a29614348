"""`openletter theme copy`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json


@click.command("copy")
@click.argument("template")
@click.option("--block", default="", metavar="NAME", help="Copy only this block, and extend the rest.")
@options.site_option
@options.json_option
def command(template: str, block: str, root: Path, as_json: bool) -> None:
    """Copy TEMPLATE, such as partials/card.html, into the site's theme.

    The copy names the theme and version it comes from, and renders the same until you change it. A template that your
    theme already has is never overwritten.
    """
    from generator.scaffold.new_theme import copy_template

    path = copy_template(root, template, block)
    say(to_json({"path": path}) if as_json else f"Copied to {path}", lines=as_json)
