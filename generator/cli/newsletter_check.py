"""`openletter newsletter check`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options, reports
from generator.cli.console import say, show_problems
from generator.clock import Clock
from generator.errors import Level, OpenletterError, Problem, has_errors, raise_warnings
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.newsletter.checks.preflight import PreflightResult


@click.command("check")
@options.issue_argument
@options.site_option
@options.at_option("Check as of this time instead of now.")
@click.option("--online", is_flag=True, help="Also check links to other sites.")
@options.strict_option
@options.json_option
@click.pass_context
def command(
    ctx: click.Context, issue: str, root: Path, at: datetime | None, online: bool, strict: bool, as_json: bool
) -> None:
    """Check an issue for mistakes before you send it.

    Checks its links, pictures, subject, size, plain text and its colours in dark mode. `send` runs the
    same checks. Exit code 1: there is an error, or with --strict a warning.
    """
    from generator.newsletter.checks.preflight import check_issue

    try:
        checked = check_issue(root, issue, Clock.system(), at, online=online)
    except OpenletterError as fault:
        if not as_json:
            raise
        say(reports.fault_json(fault), lines=True)
        ctx.exit(fault.exit_code)
    problems = raise_warnings(checked.problems) if strict else checked.problems
    if as_json:
        facts = {
            "path": checked.path,
            "subject": checked.subject,
            "bytes": checked.size,
            "links": checked.external_links,
        }
        say(reports.facts_json(facts, problems), lines=True)
    else:
        show_problems(problems)
        if not online:
            _list_links(checked.external_links)
        say(_summary(checked, problems))
    ctx.exit(1 if has_errors(problems) else 0)


def _list_links(urls: tuple[str, ...]) -> None:
    if urls:
        say("Links to other sites (not checked; add --online to check them):")
    for url in urls:
        say(f"  {url}")


def _summary(checked: PreflightResult, problems: Sequence[Problem]) -> str:
    levels = [problem.level for problem in problems]
    errors, warnings, notes = (levels.count(level) for level in Level)
    noted = f", {format_count(notes, 'note')}" if notes else ""
    size = f"{checked.size:,} bytes, " if checked.size else ""
    counts = f"{format_count(errors, 'error')}, {format_count(warnings, 'warning')}{noted}"
    return f"{checked.path}: {size}{counts}."
