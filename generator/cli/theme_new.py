"""`openletter theme new`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json


@click.command("new")
@click.argument("name")
@options.site_option
@options.json_option
def command(name: str, root: Path, as_json: bool) -> None:
    """Start the theme NAME in the site's folder themes.

    It extends the default theme, so it needs only what you want to change. Existing files are never overwritten.
    """
    from generator.scaffold.new_theme import create_theme

    paths = create_theme(root, name)
    if as_json:
        say(to_json({"name": name, "files": paths}), lines=True)
        return
    say(f"Created the theme {name}:")
    for path in paths:
        say(f"  {path}")
    say(f'To use it, write in site.toml, above the first section: theme = "{name}"')
    say(f'If there is a section [theme], write in it instead: name = "{name}"')
    say("To change a template: openletter theme copy partials/card.html")
