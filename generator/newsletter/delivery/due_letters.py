"""Check the letters that are due, so that nobody waits for one that a sending would refuse."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from generator.clock import Clock
from generator.content.site_files import scan_content
from generator.engine.locator import Locator
from generator.errors import Level, OpenletterError, Problem, error
from generator.newsletter.checks.preflight import run_preflight
from generator.newsletter.delivery.schedule_values import IssueState, ScheduledIssue, SendSchedule
from generator.newsletter.issue import with_issue_versions


def hold_faulty(root: Path, schedule: SendSchedule) -> SendSchedule:
    """Hold the issues that are due and have an error, and add it to the problems.

    Renders each letter that is due. What depends on the recipients is not known: `newsletter send --due` checks it.
    """
    issues, problems = [], list(schedule.problems)
    for issue in schedule.issues:
        found = _find_errors(root, issue, Clock(schedule.now)) if issue.state is IssueState.DUE else ()
        if found:
            problems += [*found, _explain(root, issue)]
        issues.append(replace(issue, state=IssueState.HELD) if found else issue)
    return replace(schedule, issues=tuple(issues), problems=tuple(sorted(set(problems))))


def _find_errors(root: Path, issue: ScheduledIssue, clock: Clock) -> Iterable[Problem]:
    """Find the errors of an issue and its translations."""
    try:
        return with_issue_versions(
            root,
            issue.path,
            clock,
            lambda versions: [
                problem for each in versions for problem in run_preflight(each) if problem.level is Level.ERROR
            ],
        )
    except OpenletterError as fault:
        return fault.problems


def _explain(root: Path, issue: ScheduledIssue) -> Problem:
    line, column = Locator(root, scan_content(root))(issue.path, "send_at")
    message = "The issue is due, but it has an error, so it is not sent."
    return error(issue.path, "send-at", message, "Correct the error that is named with it.", line=line, column=column)
