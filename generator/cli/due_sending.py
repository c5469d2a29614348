"""`openletter newsletter send --due`: send the issues whose time has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from generator.cli.approval_report import show_approval
from generator.cli.console import say, show_problems
from generator.cli.faults import INTERRUPTED
from generator.cli.reports import facts_json
from generator.cli.sending import open_progress, say_dry_run, show_plan
from generator.errors import MailError, OpenletterError, Problem, has_errors

if TYPE_CHECKING:
    from generator.newsletter.delivery.ledger_values import LedgerCounts
    from generator.newsletter.delivery.plan import SendOptions, SendPlan
    from generator.newsletter.delivery.schedule_values import ScheduledIssue, SendSchedule
    from generator.newsletter.delivery.send import ConfirmSend
    from generator.newsletter.delivery.send_due import DueResult


def send_due(options: SendOptions, max_late: timedelta, *, real: bool, as_json: bool) -> int:
    """Send what is due, or show it in a dry run; print what became of each issue, and return the exit code.

    The time in the front matter stands for the number that a person types otherwise.
    """
    from generator.newsletter.delivery.schedule import read_send_schedule
    from generator.newsletter.delivery.schedule_values import IssueState

    schedule = read_send_schedule(options.root, ledger=options.ledger, max_late=max_late)
    due = schedule.in_state(IssueState.DUE)
    if not as_json:
        show_problems(schedule.problems)
        if not due:
            say("No issue is due.")
    results = _send_all(options, due, as_json) if real else _try_out(options, due, as_json)
    if as_json:
        found = [*schedule.problems, *(each for result in results for each in result.problems)]
        say(facts_json({"issues": [_facts(result) for result in results]}, found), lines=True)
    elif due and not real:
        say_dry_run(refused=any(has_errors(result.problems) for result in results))
    return _exit_code(schedule, results)


def _exit_code(schedule: SendSchedule, results: Sequence[DueResult]) -> int:
    if any(result.interrupted for result in results):
        return INTERRUPTED
    wrong = has_errors(schedule.problems) or any(result.needs_attention for result in results)
    return MailError.exit_code if wrong else 0


def _send_all(options: SendOptions, due: Sequence[ScheduledIssue], as_json: bool) -> list[DueResult]:
    from generator.newsletter.delivery.send import SendConditions
    from generator.newsletter.delivery.send_due import send_due_issues

    conditions = SendConditions(open_progress=lambda: open_progress(quiet=as_json))
    results = []
    for result in send_due_issues(options, due, lambda plan: _begin(plan, as_json), conditions):
        results.append(result)
        if not as_json:
            show_problems(result.problems)
            said = result.report.summary if result.report else "nothing was sent"
            say(f"{result.slug}: {said}")
    return results


def _begin(plan: SendPlan, as_json: bool) -> ConfirmSend:
    """Show a plan; return what shows the last problems before the first mail."""
    from generator.newsletter.delivery.send import compare_plan, read_approval_status

    if not as_json:
        show_plan(plan)
        show_approval(read_approval_status(plan, compare_plan(plan)))

    def confirm(_count: int, _known: LedgerCounts, problems: tuple[Problem, ...]) -> None:
        if not as_json:
            show_problems(problems)

    return confirm


def _try_out(options: SendOptions, due: Sequence[ScheduledIssue], as_json: bool) -> list[DueResult]:
    """Show what would be sent."""
    from generator.clock import Clock
    from generator.newsletter.delivery.plan import load_plan
    from generator.newsletter.delivery.send_due import DueResult

    results = []
    for issue in due:
        try:
            plan = load_plan(options, issue.path, Clock.system())
            _begin(plan, as_json)
            plan.refuse_errors()
            results.append(DueResult(issue.slug, None, ()))
        except OpenletterError as fault:
            if not as_json:
                show_problems(fault.problems)
            results.append(DueResult(issue.slug, None, tuple(fault.problems)))
    return results


def _facts(result: DueResult) -> dict[str, Any]:
    return {"issue": result.slug, **(result.report.facts if result.report else {})}
