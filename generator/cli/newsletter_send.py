"""`openletter newsletter send`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from generator.cli import options
from generator.cli.approval_report import show_approval, summarize_approval
from generator.cli.console import say, show_problems
from generator.cli.faults import INTERRUPTED
from generator.cli.reports import facts_json, fault_json
from generator.cli.sending import open_progress, say_dry_run, show_plan
from generator.clock import Clock
from generator.errors import MailError, OpenletterError, Problem, error
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.newsletter.delivery.ledger_values import LedgerCounts
    from generator.newsletter.delivery.limits import SendWindow
    from generator.newsletter.delivery.plan import SendPlan

_PATH = click.Path(path_type=Path)
_PAST = timedelta(minutes=1)
"""How long ago --at may be: typing takes a moment."""


def _parse_window(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> SendWindow | None:
    if text is None:
        return None
    from generator.newsletter.delivery.limits import parse_window

    return parse_window(text)


@click.command("send")
@options.issue_argument
@options.site_option
@options.audience_options
@click.option("--test", metavar="ADDRESS", help="Send a test to this address. It does not count as sending the issue.")
@click.option("--real", is_flag=True, help="Send, after you type the number of recipients.")
@click.option(
    "--yes-send", type=click.IntRange(1), metavar="N", help="Send without asking, if there are exactly N recipients."
)
@click.option("--ledger", type=_PATH, metavar="PATH", help="The file or folder of the ledger (default: ledger/).")
@click.option(
    "--save", default="", metavar="COMMAND", help="Run this to save the ledger, before the first mail and at the end."
)
@click.option("--pace", type=click.FloatRange(0, min_open=True), metavar="N", help="Send at most N mails per minute.")
@click.option(
    "--connections", type=click.IntRange(1, 20), default=1, metavar="N", help="Use N connections at once (default: 1)."
)
@click.option(
    "--window", callback=_parse_window, metavar="HOURS", help="Send only in these hours, such as 08:00-18:00."
)
@click.option("--max-per-day", type=click.IntRange(1), metavar="N", help="Send at most N mails a day, then stop.")
@options.at_option("Wait until this time, then send.")
@click.option("--due", is_flag=True, help="Send the issues whose time, send_at in their front matter, has come.")
@options.max_late_option
@click.option("--resend-uncertain", is_flag=True, help="Send again to people who may already have received it.")
@click.option("--retry-failed", is_flag=True, help="Try again the addresses that the server refused.")
@click.option(
    "--as-first-sent", is_flag=True, help="Send the issue as it was at the first send, although it has changed."
)
@click.option("--add-new", is_flag=True, help="Also send to people who were not on the list at the first send.")
@options.strict_option
@options.json_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    issue: str,
    root: Path,
    to: tuple[str, ...],
    test: str | None,
    real: bool,
    yes_send: int | None,
    at: datetime | None,
    due: bool,
    max_late: timedelta,
    as_json: bool,
    **choices: Any,
) -> None:
    """Send an issue to a list, or to each subscriber, once.

    Without --test, --real or --yes-send this is a dry run: nothing is sent. After an interruption, run the same command
    again: no one receives the issue twice. Exit code 0: it was sent to everyone. 3: someone has not, or may not have,
    received it. 2: the command or site.toml has a mistake.
    """
    from generator.newsletter.delivery.plan import SendOptions, load_plan

    if (test is not None) + real + (yes_send is not None) > 1:
        raise click.UsageError("Use only one of --test, --real and --yes-send.")
    if due:
        _refuse_beside_due(ISSUE=issue, test=test, yes_send=yes_send, at=at, **choices)
    wanted = SendOptions(root=root, to=to or ((test,) if test else ()), test=test is not None, **choices)
    try:
        if due:
            from generator.cli.due_sending import send_due

            ctx.exit(send_due(replace(wanted, unattended=True), max_late, real=real, as_json=as_json))
        clock = _clock_at(root, at, test=test is not None)
        plan = load_plan(wanted, issue, clock)
        if real or yes_send is not None:
            if at is not None:
                plan, yes_send = _wait_until(plan, issue, clock, yes_send, quiet=as_json)
            ctx.exit(_send(plan, yes_send, as_json))
        _try_out(plan, test, as_json)
    except OpenletterError as fault:
        if not as_json:
            raise
        say(fault_json(fault), lines=True)
        ctx.exit(fault.exit_code)


_NOT_WITH_DUE = ("ISSUE", "test", "yes_send", "at", "add_new", "resend_uncertain", "retry_failed")


def _refuse_beside_due(**given: Any) -> None:
    """Refuse the options that a person must decide about each issue.

    Raises: click.UsageError.
    """
    if given["ledger"] is not None and given["ledger"].suffix == ".sqlite":
        raise click.UsageError("--due may send several issues, so --ledger must be a folder.")
    found = next((name for name in _NOT_WITH_DUE if given[name] not in (None, False, "")), None)
    if found:
        shown = found if found.isupper() else f"--{found.replace('_', '-')}"
        raise click.UsageError(f"--due sends every issue that is due, so {shown} cannot be used with it.")


def _clock_at(root: Path, at: datetime | None, *, test: bool) -> Clock:
    """Return the time of sending: `at`, in the site's time zone if it has none, or now.

    Raises: click.UsageError if `at` has passed: a mistyped year must not send at once. A test may be of any time.
    """
    now = Clock.system()
    if at is None:
        return now
    from generator.config import load_config

    wanted = Clock(at if at.tzinfo else at.replace(tzinfo=load_config(root)[0].zone))
    if not test and now.now - wanted.now.astimezone(UTC) > _PAST:
        raise click.UsageError(f"--at {at:%Y-%m-%d %H:%M} has passed. To send now, leave it out.")
    return wanted


def _wait_until(plan: SendPlan, issue: str, clock: Clock, expected: int | None, *, quiet: bool) -> tuple[SendPlan, int]:
    """Confirm the sending now, wait for its time, and plan it again; return the plan and the number to confirm.

    Raises: MailError if the number is wrong, or the letter or the list has changed while waiting.
    """
    from generator.newsletter.delivery.send import compare_plan
    from generator.newsletter.delivery.waiting import plan_again, sleep_until

    if not quiet:
        show_plan(plan)
    plan.refuse_errors()
    compared = compare_plan(plan)
    _Confirmation(expected, quiet=quiet)(compared.expected, compared.counts, ())
    local = clock.now.astimezone(plan.config.zone)
    try:
        if not quiet:
            say(f"Waiting until {local:%Y-%m-%d %H:%M}. To cancel, press Ctrl-C.", err=True)
        sleep_until(clock.now)
    except KeyboardInterrupt:
        say("Nothing was sent.", err=True)
        raise
    return plan_again(plan, issue, clock, compared.expected)


def _try_out(plan: SendPlan, test: str | None, as_json: bool) -> None:
    """Send a test to one address, or show what would be sent."""
    if test is not None:
        _send_test(plan, test, as_json)
    else:
        _dry_run(plan, as_json)


def _dry_run(plan: SendPlan, as_json: bool) -> None:
    from generator.newsletter.delivery.report import describe_counts, summarize_plan
    from generator.newsletter.delivery.send import compare_plan, read_approval_status

    compared = compare_plan(plan)
    approval = read_approval_status(plan, compared)
    if as_json:
        facts = summarize_plan(plan, compared) | summarize_approval(approval)
        say(facts_json(facts, (*plan.problems, *compared.problems)), lines=True)
    else:
        show_plan(plan)
        show_approval(approval)
        show_problems(compared.problems)
        if begun := describe_counts(compared.counts):
            say(begun)
        say_dry_run(refused=plan.is_refused)
    plan.refuse_errors()


def _send_test(plan: SendPlan, address: str, as_json: bool) -> None:
    from generator.newsletter.delivery.send import send_test
    from generator.newsletter.subscribers.audience import parse_recipient

    person = parse_recipient(address)
    if not as_json:
        show_problems(plan.problems)
    send_test(plan, person, Clock.system().now)
    if as_json:
        say(facts_json({"test": person.address}, plan.problems), lines=True)
    else:
        say(f"Test sent to {person.address}. It does not count as sending the issue.")


def _send(plan: SendPlan, expected: int | None, as_json: bool) -> int:
    from generator.newsletter.delivery.send import SendConditions, compare_plan, read_approval_status, send_issue

    if not as_json:
        show_plan(plan)
        show_approval(read_approval_status(plan, compare_plan(plan)))
    confirmation = _Confirmation(expected, quiet=as_json)
    report = send_issue(
        plan, Clock.system().now, confirmation, SendConditions(open_progress=lambda: open_progress(quiet=as_json))
    )
    if as_json:
        say(facts_json(report.facts, (*plan.problems, *confirmation.problems, *report.problems)), lines=True)
    else:
        show_problems(report.problems)
        say(report.summary)
    if report.interrupted:
        return INTERRUPTED
    return 0 if report.complete else MailError.exit_code


class _Confirmation:
    """Asks for the number of recipients before sending; `expected` is the answer given with `--yes-send`."""

    def __init__(self, expected: int | None, *, quiet: bool) -> None:
        self.expected = expected
        self.quiet = quiet
        self.problems: tuple[Problem, ...] = ()

    def __call__(self, count: int, known: LedgerCounts, problems: tuple[Problem, ...]) -> None:
        """Show the ledger's counts, and compare the numbers.

        Raises: MailError if they differ, or if there is no terminal to ask on.
        """
        from generator.newsletter.delivery.report import describe_counts

        self.problems = problems
        if not self.quiet:
            show_problems(problems)
            if begun := describe_counts(known):
                say(begun)
        said = self.expected if self.expected is not None else _ask_for_count()
        if said != count:
            given = "you did not type a number" if said is None else f"you confirmed {said}"
            message = f"The issue would go to {format_count(count, 'recipient')}, but {given}. Nothing was sent."
            hint = "Check the list with a dry run, without --real and --yes-send."
            raise MailError(error("", "mail-count", message, hint))


def _ask_for_count() -> int | None:
    """Ask on the terminal for the number of recipients."""
    if not sys.stdin.isatty():
        message = "The number of recipients must be confirmed, but there is no terminal to ask on."
        raise MailError(error("", "mail-count", message, "Add --yes-send with the number."))
    answer: str = click.prompt("To send it, type the number of recipients", default="", show_default=False, err=True)
    return int(answer) if answer.strip().isdecimal() else None
