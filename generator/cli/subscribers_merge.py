"""`openletter subscribers merge`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say
from generator.text.counts import format_count


@click.command("merge")
@click.argument("lists", metavar="LIST…", nargs=-1, required=True)
@options.site_option
@click.option("--output", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The CSV file to write.")
def command(lists: tuple[str, ...], root: Path, output: Path) -> None:
    """Merge lists into a new one.

    Each person occurs once, with the columns of all lists; where two lists have different values, the first wins. A
    person who has left one list is marked as unsubscribed. Never overwrites a file.
    """
    from generator.newsletter.export.file import write_new_file
    from generator.newsletter.subscribers.list_merge import merge_lists
    from generator.newsletter.subscribers.list_names import find_list

    merged = merge_lists([find_list(root, each) for each in lists])
    write_new_file(output, merged.format_csv())
    skipped = f", {format_count(merged.skipped, 'invalid row')} skipped" if merged.skipped else ""
    people = format_count(len(merged.rows), "person", "people")
    say(f"{output}: {people}, {len(merged.left):,} of them left{skipped}")
