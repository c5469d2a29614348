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
@click.option("--assets", multiple=True, type=_PATH, metavar="DIR", help="Also look for pictures and files here.")
@click.option(
    "--old-address", default="", metavar="PATTERN", help="How addresses were made, such as /{year}/{month}/{slug}/."
)
@click.option("--old-url", default="", metavar="URL", help="The old site's address: links to it become links within.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would come.")
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
    """Bring in a blog written for another generator.

    SRC is a folder (or several) of posts for Jekyll, Hugo, Zola, Pelican or their like. It is never changed. What
    came, what changed and what needs a look is written to import-report.md in the site's folder. Exit code 0: all
    came; 1: some sources were refused, the others came; 2: the command or site.toml is wrong.
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
