"""Send the issues that are due, one after the other: what a job in CI runs every hour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from generator.clock import Clock
from generator.errors import OpenletterError, Problem, has_errors
from generator.newsletter.delivery.plan import SendOptions, SendPlan, load_plan
from generator.newsletter.delivery.report import SendReport, report_closed_window
from generator.newsletter.delivery.schedule_values import ScheduledIssue
from generator.newsletter.delivery.send import ConfirmSend, SendConditions, send_issue

BeginIssue = Callable[[SendPlan], ConfirmSend]
"""Called with each plan before it is carried out; returns what is called right before the first mail."""


class DueResult(Struct, frozen=True):
    """What became of one issue that is due: `report` is None if nothing was sent because of `problems`."""

    slug: str
    report: SendReport | None
    problems: tuple[Problem, ...]

    @property
    def interrupted(self) -> bool:
        """Return True if the user asked to stop."""
        return self.report is not None and self.report.interrupted

    @property
    def needs_attention(self) -> bool:
        """Return True if a person must look at it; False also if the next run continues by itself."""
        if self.report is None:
            return has_errors(self.problems)
        return has_errors(self.report.problems) or self.report.counts.failed + self.report.counts.uncertain > 0


def send_due_issues(
    options: SendOptions,
    issues: Iterable[ScheduledIssue],
    begin: BeginIssue,
    conditions: SendConditions,
) -> Iterator[DueResult]:
    """Send the issues in their order; a problem with one does not keep the others. A request to stop ends all."""
    for issue in issues:
        try:
            result = _send_one(options, issue, begin, conditions)
        except OpenletterError as fault:
            result = DueResult(issue.slug, None, tuple(fault.problems))
        yield result
        if result.interrupted:
            break


def _send_one(options: SendOptions, issue: ScheduledIssue, begin: BeginIssue, conditions: SendConditions) -> DueResult:
    now = conditions.read_time()
    plan = load_plan(options, issue.path, Clock(now))
    confirm = begin(plan)
    if options.window and options.window.wait_s(now.astimezone(plan.config.zone)):
        return DueResult(issue.slug, None, (report_closed_window(options.window),))
    report = send_issue(plan, now, confirm, conditions)
    return DueResult(issue.slug, report, report.problems)
