"""`openletter init`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from click.core import ParameterSource

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json
from generator.errors import ConfigError, error

if TYPE_CHECKING:
    from generator.scaffold.workflow import CiService

_OF_A_NEW_SITE = ("title", "url", "language", "timezone")


@click.command("init")
@click.argument("folder", metavar="DIR", required=False, type=click.Path(path_type=Path))
@click.option("--title", help="The site's name (default: the folder's name).")
@click.option("--url", default="https://www.example.org/", help="The web address of the site.", show_default=True)
@click.option("--language", default="", metavar="TAG", help="Your language, such as en-GB (default: your computer's).")
@click.option("--timezone", default="", metavar="ZONE", help="Such as Europe/London (default: your computer's).")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "forgejo"], case_sensitive=False),
    help="Also create a workflow that checks, builds and publishes the site.",
)
@click.option("--force", is_flag=True, help="Replace the workflow of a site that has another one.")
@options.json_option
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path | None,
    title: str | None,
    url: str,
    language: str,
    timezone: str,
    ci: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Create a new site in the folder DIR, and show the next steps.

    Writes site.toml, a first post and an about page. Existing files are never overwritten. With --ci, a folder that
    has a site gets the workflow and nothing else.
    """
    from generator.scaffold.new_site import create_site
    from generator.scaffold.next_steps import next_steps

    if folder is None:
        raise click.UsageError(_explain_folder(ci))
    service = cast("CiService | None", ci)
    if service is not None and (folder / "site.toml").is_file():
        _refuse_settings(ctx)
        _add(folder, service, force=force, as_json=as_json)
        return
    if service is not None and folder.is_dir():
        _refuse_folder_of_a_site(folder, service)
    paths = create_site(folder, title=title, url=url, language=language, timezone=timezone, ci=service)
    if as_json:
        say(to_json({"folder": str(folder), "files": paths}), lines=True)
        return
    say(f"Created a new site in {folder}:")
    for path in paths:
        say(f"  {path}")
    for line in next_steps(folder, url, service):
        say(line)


def _explain_folder(ci: str | None) -> str:
    if ci and Path("site.toml").is_file():
        return f"Name the folder. For the site in this one: openletter init . --ci {ci}"
    return f"Name the folder of the new site: openletter init my-letter{f' --ci {ci}' if ci else ''}"


def _add(folder: Path, service: CiService, *, force: bool, as_json: bool) -> None:
    """Add the workflow to a site."""
    from generator.scaffold.next_steps import steps_after_adding
    from generator.scaffold.workflow import add_workflow

    added = add_workflow(folder, service, force=force)
    if as_json:
        facts = {"folder": str(folder), "files": [added.path] if added.written else [], "settings": added.settings}
        say(to_json(facts), lines=True)
        return
    say(f"{'Wrote' if added.written else 'Nothing to change:'} {folder / added.path}")
    if added.written or added.settings:
        for line in steps_after_adding(folder, added, service):
            say(line)


def _refuse_settings(ctx: click.Context) -> None:
    """Refuse options that are about a new site. Raises: ConfigError."""
    given = [name for name in _OF_A_NEW_SITE if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT]
    if given:
        message = f"--{given[0]} is for a new site, and this folder has one: --ci adds a workflow to it."
        raise ConfigError(error("", "option", message, f"Change {given[0]} in site.toml, and leave out --{given[0]}."))


def _refuse_folder_of_a_site(folder: Path, service: CiService) -> None:
    """Refuse to begin a site in a folder of another, such as `content`. Raises: ConfigError."""
    from generator.text.toml_settings import find_above

    site = find_above(folder.resolve(), "site.toml")
    if site is not None:
        message = f"{folder.resolve().name} is a folder of the site in {site}. Nothing was written."
        hint = f'Add the workflow there: openletter init "{site}" --ci {service}'
        raise ConfigError(error("", "option", message, hint))
