"""`openletter init`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", help="The site's name (default: the folder's name).")
@click.option("--url", default="https://www.example.org/", help="The web address of the site.", show_default=True)
@click.option("--language", default="", metavar="TAG", help="Your language, such as en-GB (default: your computer's).")
@click.option("--timezone", default="", metavar="ZONE", help="Such as Europe/London (default: your computer's).")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "forgejo"]),
    help="Also create a workflow that checks, builds and publishes the site.",
)
@options.json_option
def command(
    folder: Path, title: str | None, url: str, language: str, timezone: str, ci: str | None, as_json: bool
) -> None:
    """Create a new site in the folder DIR, and show the next steps.

    Writes site.toml, a first post and an about page. Existing files are never overwritten.
    """
    from generator.scaffold.new_site import CiService, create_site
    from generator.scaffold.next_steps import next_steps

    service = cast(CiService | None, ci)
    paths = create_site(folder, title=title, url=url, language=language, timezone=timezone, ci=service)
    if as_json:
        say(to_json({"folder": str(folder), "files": paths}), lines=True)
        return
    say(f"Created a new site in {folder}:")
    for path in paths:
        say(f"  {path}")
    for line in next_steps(folder, url, service):
        say(line)
