"""`openletter due`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json

_KEYS = ("due", "path", "event")


@click.command("due")
@options.site_option
@options.at_option("Ask as of that moment instead of now.")
@options.json_option
def command(root: Path, at: datetime | None, as_json: bool) -> None:
    """Say when the next rebuild matters.

    That is when the next scheduled post or issue comes out, or something published expires.
    """
    from generator.engine.tools.due import next_due

    due = next_due(root, at)
    if as_json:
        facts = {"due": due.moment.isoformat(), "path": due.path, "event": due.event} if due else dict.fromkeys(_KEYS)
        say(to_json(facts), lines=True)
    elif due is None:
        say("Nothing is scheduled, and nothing expires.")
    else:
        what = "is to be published" if due.event == "published" else "expires"
        say(f"{due.moment.isoformat(' ', 'minutes')}: {due.path} {what}.")
