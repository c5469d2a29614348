"""`openletter import`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.cli.reports import to_json

_PATH = click.Path(path_type=Path)


@click.command("import")
@click.argument("kind", metavar="markdown", type=click.Choice(["markdown"]))
@click.argument("sources", metavar="SRC...", nargs=-1, required=True, type=_PATH)
@options.site_option
@click.option(
    "--assets", multiple=True, type=_PATH, metavar="DIR", help="Also look for pictures and files in this folder."
)
@click.option(
    "--old-address",
    default="",
    metavar="PATTERN",
    help="The pattern of the old addresses, such as /{year}/{month}/{slug}/.",
)
@click.option(
    "--old-url", default="", metavar="URL", help="The old site's address. Links to it become links within the new site."
)
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be imported.")
@options.json_option
def command(
    kind: str,
    sources: tuple[Path, ...],
    root: Path,
    assets: tuple[Path, ...],
    old_address: str,
    old_url: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import a blog from another generator.

    SRC is one or more folders of posts written for Jekyll, Hugo, Zola, Pelican or similar. They are never changed.
    The result is described in import-report.md in the site's folder. Exit code 0: everything was imported. 1: some
    files were refused, and the others imported. 2: the command or site.toml has a mistake.
    """
    from generator.importers.flow import import_source
    from generator.importers.import_model import ImportOptions
    from generator.importers.markdown.markdown_reader import MarkdownReader
    from generator.importers.summary import facts, sentences

    outcome = import_source(root, ImportOptions(sources, assets, old_address, old_url, dry_run), MarkdownReader())
    if as_json:
        say(to_json(facts(outcome)), lines=True)
    else:
        show_problems(outcome.problems)
        for sentence in sentences(outcome, dry_run=dry_run):
            say(sentence)
    if outcome.problems:
        raise click.exceptions.Exit(1)
