"""`openletter newsletter who`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say

_PATH = click.Path(path_type=Path)


@click.command("who")
@click.argument("return_path", metavar="HASH|ADDRESS")
@options.site_option
@click.option(
    "--to",
    "lists",
    multiple=True,
    required=True,
    type=_PATH,
    metavar="CSV",
    help="The list of subscribers (repeatable).",
)
@click.option("--ledger", type=_PATH, metavar="PATH", help="The file or folder of the ledger (default: ledger/).")
def command(return_path: str, root: Path, lists: tuple[Path, ...], ledger: Path | None) -> None:
    """Print which subscriber a failed delivery is about.

    For sites with {hash} in `bounces`: give the return path that the report was sent to, or the hash in it. Finds the
    subscriber with the ledgers and the list, and prints only the address.
    """
    from generator.newsletter.delivery.return_path import find_bounced_recipient

    say(find_bounced_recipient(root, return_path, lists, ledger), lines=True)
