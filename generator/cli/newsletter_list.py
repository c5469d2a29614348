"""`openletter newsletter list`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.cli.reports import facts_json
from generator.clock import Clock
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.newsletter.issue_list import IssueSummary


@click.command("list")
@options.site_option
@options.at_option("List as of this time instead of now.")
@options.json_option
def command(root: Path, at: datetime | None, as_json: bool) -> None:
    """List the issues with their posts and state.

    Newest first, with drafts: the date, the name to use in other commands, the number of posts, and how many people it
    was sent to, if the ledger is in its usual place. Issues with errors come last.
    """
    from generator.newsletter.issue_list import list_issues

    found = list_issues(root, Clock.system(), at)
    if as_json:
        say(
            facts_json({"issues": [_facts(line) for line in found.issues], "broken": found.broken}, found.problems),
            lines=True,
        )
        return
    show_problems(found.problems)
    if not found.issues and not found.broken:
        say('There are no newsletter issues yet. Start one: openletter new newsletter "June news"')
    width = max((len(line.slug) for line in found.issues), default=0)
    for line in found.issues:
        posts = format_count(line.posts, "post")
        say(f"{line.date:%Y-%m-%d}  {line.slug:<{width}}  {posts}{_describe_state(line)}  {line.title}")
    for path in found.broken:
        say(f"broken      {path}")


def _describe_state(line: IssueSummary) -> str:
    """Describe the state of an issue and how much of it has been sent."""
    words = [line.state] * bool(line.state)
    if line.send_at and not line.recipients:
        words.append(f"to be sent {line.send_at:%Y-%m-%d at %H:%M}")
    if line.ledger_unreadable:
        words.append("ledger unreadable")
    elif line.recipients:
        words.append(f"sent to {line.sent:,} of {line.recipients:,}")
        words += [f"{line.uncertain:,} uncertain"] * bool(line.uncertain)
        words += [f"{count:,} {kind}" for kind, count in sorted(line.bounces.items())]
    return f" ({', '.join(words)})" if words else ""


def _facts(line: IssueSummary) -> dict[str, object]:
    return {
        "slug": line.slug,
        "path": line.path,
        "title": line.title,
        "date": line.date.isoformat(),
        "state": line.state,
        "posts": line.posts,
        "sent": line.sent,
        "recipients": line.recipients,
        "uncertain": line.uncertain,
        "bounces": dict(line.bounces),
        "send_at": line.send_at.isoformat() if line.send_at else None,
    }
