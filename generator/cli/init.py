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
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab"]),
    help="Also create a workflow that publishes to GitHub or GitLab Pages.",
)
@options.json_option
def command(folder: Path, title: str | None, url: str, ci: str | None, as_json: bool) -> None:
    """Create a new site in the folder DIR.

    Writes site.toml, a first post and an about page. Existing files are never overwritten.
    """
    from generator.scaffold.new_site import CiService, create_site

    paths = create_site(folder, title=title, url=url, ci=cast(CiService | None, ci))
    if as_json:
        say(to_json({"folder": str(folder), "files": paths}), lines=True)
        return
    say(f"Created a new site in {folder}:")
    for path in paths:
        say(f"  {path}")
    here = "" if folder == Path() else f" --site {_quoted(folder)}"
    say(f"Next, preview it: openletter serve{here}")


def _quoted(folder: Path) -> str:
    text = str(folder)
    return f'"{text}"' if " " in text else text
