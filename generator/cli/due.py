"""`openletter due`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json
from generator.clock import Clock
from generator.text.counts import format_count

_KEYS = ("due", "path", "event")


@click.command("due")
@options.site_option
@options.at_option("Use this time instead of now.")
@options.json_option
def command(root: Path, at: datetime | None, as_json: bool) -> None:
    """Show when the next scheduled post goes live or expires.

    Build the site again at that time. Newsletter issues and pages count too.
    """
    from generator.engine.tools.due import next_due

    due = next_due(root, at)
    if as_json:
        facts = {"due": due.moment.isoformat(), "path": due.path, "event": due.event} if due else dict.fromkeys(_KEYS)
        say(to_json(facts), lines=True)
    elif due is None:
        say("Nothing is scheduled and nothing expires.")
    else:
        what = "goes live" if due.event == "published" else "expires"
        day = f"{due.moment.day} {due.moment:%B %Y} at {due.moment:%H:%M}"
        now = at or Clock.system().now
        wait = due.moment - (now if now.tzinfo else now.replace(tzinfo=due.moment.tzinfo))
        say(f"Next: {due.path} {what} on {day} (in {format_wait(wait)}).")


def format_wait(wait: timedelta) -> str:
    """Write a time span in its largest unit: `25 days`, `3 hours`, `1 minute`; at least a minute."""
    minutes = max(int(wait.total_seconds() // 60), 1)
    if minutes >= 24 * 60:
        return format_count(minutes // (24 * 60), "day")
    return format_count(minutes // 60, "hour") if minutes >= 60 else format_count(minutes, "minute")
