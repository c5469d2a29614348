"""`openletter import`."""

from __future__ import annotations

import importlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.console import progress_bar, say, show_problems
from generator.cli.reports import to_json

if TYPE_CHECKING:
    from generator.importers.import_model import ImportOptions, ImportOutcome
    from generator.importers.reader import Reader
    from generator.importers.threads.thread_model import ThreadReader

_PATH = click.Path(path_type=Path)
POSTS = ("markdown", "wordpress", "blogger", "ghost", "feed")
COMMENTS = ("isso", "disqus")
KINDS = (*POSTS, *COMMENTS)
"""The kinds of sources: those with posts, and those with comments alone."""


@click.command("import")
@click.argument("kind", metavar="|".join(KINDS), type=click.Choice(KINDS))
@click.argument("sources", metavar="SRC...", nargs=-1, required=True)
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
    sources: tuple[str, ...],
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

    SRC is one or more folders of posts written for Jekyll, Hugo, Zola, Pelican or similar (markdown), the files of an
    export (wordpress, blogger, ghost), or a feed, by its file or address. isso and disqus bring comments alone.
    Sources are never changed. The result is described in import-report.md in the site's folder. Exit code 0:
    everything was imported. 1: something was refused or damaged, and the rest imported. 2: the command or site.toml has
    a mistake.
    """
    from generator.importers.import_model import ImportOptions
    from generator.importers.summary import facts, sentences

    with progress_bar(wanted=not as_json) as progress, TemporaryDirectory() as folder:
        files = tuple(_file(source, kind, Path(folder)) for source in sources)
        chosen = ImportOptions(files, assets, old_address, old_url, dry_run, media, download, pending, progress)
        outcome = _import(kind, root, chosen)
    if as_json:
        say(to_json(facts(outcome)), lines=True)
    else:
        show_problems(outcome.problems)
        for sentence in sentences(outcome, dry_run=dry_run):
            say(sentence)
    if outcome.problems:
        raise click.exceptions.Exit(1)


def _file(source: str, kind: str, folder: Path) -> Path:
    """Return the source as a path; the address of a feed is fetched first."""
    if kind != "feed" or not source.startswith(("http://", "https://")):
        return Path(source)
    from generator.importers.feed.fetch_feed import fetch_feed

    return fetch_feed(source, folder)


def _import(kind: str, root: Path, chosen: ImportOptions) -> ImportOutcome:
    if kind in COMMENTS:
        from generator.importers.threads.import_threads import import_threads

        return import_threads(root, chosen, _thread_reader(kind, chosen.sources[0]))
    from generator.importers.flow import import_source

    return import_source(root, chosen, make_reader(kind))


def _thread_reader(kind: str, file: Path) -> ThreadReader:
    if kind == "isso":
        from generator.importers.threads.isso import IssoReader

        return IssoReader(file)
    from generator.importers.threads.disqus import DisqusReader

    return DisqusReader(file)


_READERS = {
    "markdown": "markdown.markdown_reader:MarkdownReader",
    "wordpress": "wordpress.wordpress_reader:WordpressReader",
    "blogger": "blogger.blogger_reader:BloggerReader",
    "ghost": "ghost.ghost_reader:GhostReader",
    "feed": "feed.feed_reader:FeedReader",
}


def make_reader(kind: str) -> Reader:
    """Make the reader of a kind of source; its module is imported only now."""
    module, _, name = _READERS[kind].partition(":")
    reader: Reader = getattr(importlib.import_module(f"generator.importers.{module}"), name)()
    return reader
