"""`openletter newsletter due`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.cli.due import format_wait
from generator.cli.reports import facts_json
from generator.errors import MailError, has_errors

if TYPE_CHECKING:
    from generator.newsletter.delivery.schedule_values import ScheduledIssue, SendSchedule

_PATH = click.Path(path_type=Path)


@click.command("due")
@options.site_option
@options.at_option("Use this time instead of now.")
@click.option("--ledger", type=_PATH, metavar="PATH", help="The file or folder of the ledger (default: ledger/).")
@options.max_late_option
@options.json_option
@click.pass_context
def command(
    ctx: click.Context, root: Path, at: datetime | None, ledger: Path | None, max_late: timedelta, as_json: bool
) -> None:
    """List the issues that are due to be sent, and those to come.

    An issue is due if the time in its front matter, send_at, has come, not everyone has received it, and its letter has
    no error. Exit code 0: none is due. 1: at least one is due. 3: none is due, but one needs you.
    """
    from generator.newsletter.delivery.schedule import read_send_schedule
    from generator.newsletter.delivery.schedule_values import IssueState

    schedule = read_send_schedule(root, at, ledger, max_late)
    if schedule.in_state(IssueState.DUE):
        from generator.newsletter.delivery.due_letters import hold_faulty

        schedule = hold_faulty(root, schedule)
    if as_json:
        say(facts_json({"issues": [_facts(issue) for issue in schedule.issues]}, schedule.problems), lines=True)
    else:
        show_problems(schedule.problems)
        for line in _lines(schedule):
            say(line)
    if schedule.in_state(IssueState.DUE):
        ctx.exit(1)
    ctx.exit(MailError.exit_code if has_errors(schedule.problems) else 0)


def _lines(schedule: SendSchedule) -> list[str]:
    from generator.newsletter.delivery.schedule_values import IssueState

    lines = []
    for issue in schedule.in_state(IssueState.DUE):
        so_far = f" {issue.sent:,} of {issue.recipients:,} have received it." if issue.recipients else ""
        lines.append(f"Due: {issue.slug} was to go out on {_moment(issue.send_at)}.{so_far}")
    for issue in schedule.in_state(IssueState.COMING):
        wait = format_wait(issue.send_at - schedule.now)
        lines.append(f"Coming: {issue.slug} goes out on {_moment(issue.send_at)} (in {wait}).")
    return lines or ["No issue is due, and none is to come."] * (not schedule.problems)


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y} at {moment:%H:%M}"


def _facts(issue: ScheduledIssue) -> dict[str, Any]:
    return {
        "slug": issue.slug,
        "path": issue.path,
        "title": issue.title,
        "send_at": issue.send_at.isoformat(),
        "state": issue.state.value,
        "sent": issue.sent,
        "recipients": issue.recipients,
    }
