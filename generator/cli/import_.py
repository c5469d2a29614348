"""`openletter import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.console import progress_bar, say, show_problems
from generator.cli.reports import to_json

if TYPE_CHECKING:
    from generator.importers.reader import Reader

_PATH = click.Path(path_type=Path)
KINDS = ("markdown", "wordpress", "blogger", "ghost")


@click.command("import")
@click.argument("kind", metavar="|".join(KINDS), type=click.Choice(KINDS))
@click.argument("sources", metavar="SRC...", nargs=-1, required=True, type=_PATH)
@options.site_option
@click.option(
    "--assets", multiple=True, type=_PATH, metavar="DIR", help="Also look for pictures and files in this folder."
)
@click.option(
    "--media",
    multiple=True,
    type=_PATH,
    metavar="DIR|ZIP",
    help="The old site's uploads. Pictures that posts show are copied from there.",
)
@click.option("--download", is_flag=True, help="Fetch pictures that are not in --media from the old site.")
@click.option("--all", "pending", is_flag=True, help="Also take comments that wait for approval, as hidden ones.")
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
    media: tuple[Path, ...],
    download: bool,
    pending: bool,
    old_address: str,
    old_url: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import a blog from another program.

    SRC is one or more folders of posts written for Jekyll, Hugo, Zola, Pelican or similar (markdown), or the files of
    an export. They are never changed. The result is described in import-report.md in the site's folder. Exit code 0:
    everything was imported. 1: something was refused or damaged, and the rest imported. 2: the command or site.toml has
    a mistake.
    """
    from generator.importers.flow import import_source
    from generator.importers.import_model import ImportOptions
    from generator.importers.summary import facts, sentences

    with progress_bar(wanted=not as_json) as progress:
        chosen = ImportOptions(sources, assets, old_address, old_url, dry_run, media, download, pending, progress)
        outcome = import_source(root, chosen, make_reader(kind))
    if as_json:
        say(to_json(facts(outcome)), lines=True)
    else:
        show_problems(outcome.problems)
        for sentence in sentences(outcome, dry_run=dry_run):
            say(sentence)
    if outcome.problems:
        raise click.exceptions.Exit(1)


def make_reader(kind: str) -> Reader:
    """Make the reader of a kind of source."""
    if kind == "wordpress":
        from generator.importers.wordpress.wordpress_reader import WordpressReader

        return WordpressReader()
    if kind == "blogger":
        from generator.importers.blogger.blogger_reader import BloggerReader

        return BloggerReader()
    if kind == "ghost":
        from generator.importers.ghost.ghost_reader import GhostReader

        return GhostReader()
    from generator.importers.markdown.markdown_reader import MarkdownReader

    return MarkdownReader()
