"""`openletter newsletter approve`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.clock import Clock


@click.command("approve")
@options.issue_argument
@options.site_option
@click.option("--digest", required=True, metavar="DIGEST", help="The digest in the mail that the approver has read.")
@click.option("--by", required=True, metavar="ADDRESS", help="Who approves the issue.")
@options.audience_options
def command(
    issue: str,
    root: Path,
    digest: str,
    by: str,
    to: tuple[str, ...],
    only: tuple[str, ...],
    except_: tuple[str, ...],
) -> None:
    """Record that someone has approved an issue.

    Writes approvals/ISSUE.toml with the digest, the letter's text, who and when. Refuses if the letter or the list is
    not the one of that digest any more. Keep the file in Git.
    """
    from generator.newsletter.delivery.approval import approve_letter
    from generator.newsletter.delivery.approval_file import read_approvals, write_approvals
    from generator.newsletter.delivery.plan import SendOptions, load_plan
    from generator.newsletter.subscribers.audience import parse_recipient

    clock, person = Clock.system(), parse_recipient(by)
    plan = load_plan(SendOptions(root=root, to=to, only=only, except_=except_), issue, clock, to_approve=True)
    show_problems(plan.problems)
    plan.refuse_errors()
    approved = approve_letter(read_approvals(root, plan.letter.slug), plan, digest.strip(), person.address, clock.now)
    file = write_approvals(root, plan.letter.slug, approved)
    required = max(plan.config.newsletter.approvals, 1)
    say(f"{file.relative_to(root).as_posix()}: {len(approved.approvers)} of {required} approvals.")
