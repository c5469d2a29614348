"""`openletter newsletter ask-approval`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.clock import Clock
from generator.text.counts import format_count


@click.command("ask-approval")
@options.issue_argument
@options.site_option
@click.option("--of", "approver", required=True, metavar="ADDRESS", help="Who must approve the issue.")
@options.audience_options
def command(
    issue: str, root: Path, approver: str, to: tuple[str, ...], only: tuple[str, ...], except_: tuple[str, ...]
) -> None:
    """Send an issue to someone who must approve it.

    The mail shows the letter, its digest and the number of recipients. Give the same lists as to `send`, because an
    approval is for one list. Does not count as sending the issue.
    """
    from generator.newsletter.delivery.approval import SHOWN_DIGITS
    from generator.newsletter.delivery.approval_request import request_approval
    from generator.newsletter.delivery.plan import SendOptions, load_plan
    from generator.newsletter.subscribers.audience import parse_recipient

    clock, person = Clock.system(), parse_recipient(approver)
    plan = load_plan(SendOptions(root=root, to=to, only=only, except_=except_), issue, clock, to_approve=True)
    show_problems(plan.problems)
    asked = request_approval(plan, person, clock.now)
    count = format_count(len(plan.recipients.people), "recipient")
    say(f"Asked {person.address} to approve {plan.letter.title} for {count}. Digest: {asked[:SHOWN_DIGITS]}")
