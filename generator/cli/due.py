"""`openletter due`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.config.options import Hold
    from generator.engine.tools.due import Due, Schedule

_KEYS = ("due", "path", "event")


def _since(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> datetime | None:
    return options.parse_moment(text) if text is not None else None


@click.command("due")
@options.site_option
@options.at_option("Use this time instead of now.")
@click.option(
    "--since",
    callback=_since,
    metavar="DEPLOYED",
    help="When the live site was published; exit code 1 if anything went live or expired after it.",
)
@options.json_option
@click.pass_context
def command(ctx: click.Context, root: Path, at: datetime | None, since: datetime | None, as_json: bool) -> None:
    """Show when the next scheduled post goes live or expires.

    Build the site again at that time. Newsletter issues and pages count too. Also shows the periods of [[publish.hold]]
    in site.toml, in which nothing is published.
    """
    from generator.engine.tools.due import read_schedule

    schedule = read_schedule(root, at, since)
    if schedule.deployed > schedule.now:
        raise click.UsageError(f"--since is {_moment(schedule.deployed)}, which has not come yet.")
    if as_json:
        say(to_json(_facts(schedule)), lines=True)
    else:
        for line in _lines(schedule):
            say(line)
    ctx.exit(1 if schedule.overdue else 0)


def _lines(schedule: Schedule) -> list[str]:
    lines = [f"Overdue: {_event(due, _PAST)}." for due in schedule.overdue]
    due = schedule.next
    if due is None:
        lines.append("Nothing is scheduled and nothing expires.")
    else:
        held = next((hold for hold in schedule.holds if hold.start <= due.moment < hold.end), None)
        but = f" Nothing is published then: {held.reason}." if held else ""
        lines.append(f"Next: {_event(due, _EVENTS)} (in {format_wait(due.moment - schedule.now)}).{but}")
    lines += [
        f"{path} has an error, so its dates are not known: openletter build shows it." for path in schedule.faulty
    ]
    return [*lines, *(_hold(hold, schedule.now) for hold in schedule.holds)]


_EVENTS = {"published": "goes live on", "expires": "expires on", "closes": "takes no more comments from"}
_PAST = {"published": "was to go live on", "expires": "expired on", "closes": "takes no more comments since"}


def _event(due: Due, words: Mapping[str, str]) -> str:
    return f"{due.path} {words[due.event]} {_moment(due.moment)}"


def _hold(hold: Hold, now: datetime) -> str:
    begins = f"since {_moment(hold.start)}" if hold.start <= now else f"from {_moment(hold.start)}"
    return f"On hold {begins} until {_moment(hold.end)}: {hold.reason}"


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y} at {moment:%H:%M}"


def _facts(schedule: Schedule) -> dict[str, Any]:
    due = schedule.next
    facts: dict[str, Any] = _due_facts(due) if due else dict.fromkeys(_KEYS)
    facts["overdue"] = [_due_facts(each) for each in schedule.overdue]
    facts["holds"] = [
        {"from": hold.start.isoformat(), "to": hold.end.isoformat(), "reason": hold.reason} for hold in schedule.holds
    ]
    facts["faulty"] = list(schedule.faulty)
    return facts


def _due_facts(due: Due) -> dict[str, Any]:
    return {"due": due.moment.isoformat(), "path": due.path, "event": due.event}


def format_wait(wait: timedelta) -> str:
    """Write a time span in its largest unit: `25 days`, `3 hours`, `1 minute`; at least a minute."""
    minutes = max(int(wait.total_seconds() // 60), 1)
    if minutes >= 24 * 60:
        return format_count(minutes // (24 * 60), "day")
    return format_count(minutes // 60, "hour") if minutes >= 60 else format_count(minutes, "minute")
