"""`openletter newsletter bounces`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.cli.reports import facts_json
from generator.clock import Clock
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.newsletter.bounces.collect import BounceReport

_PATH = click.Path(path_type=Path)
_WORDS = {
    "unknown": "unknown",
    "full": "mailbox full",
    "refused": "refused",
    "expired": "given up",
    "complained": "complained",
}


@click.command("bounces")
@options.issue_argument
@options.site_option
@click.option(
    "--maildir", "source", required=True, metavar="MAILDIR|MBOX|imaps://…", help="The mailbox that gets the reports."
)
@click.option("--to", "lists", multiple=True, required=True, metavar="LIST", help="A list of subscribers (repeatable).")
@click.option("--ledger", type=_PATH, metavar="PATH", help="The file or folder of the ledger (default: ledger/).")
@click.option("--trust-reports", is_flag=True, help="Also accept reports that only name an address.")
@options.json_option
def command(
    issue: str,
    root: Path,
    source: str,
    lists: tuple[str, ...],
    ledger: Path | None,
    trust_reports: bool,
    as_json: bool,
) -> None:
    """Read the reports of failed deliveries and complaints about an issue.

    Adds people whose address is unknown, or who complained, to lists/suppressed.csv. After three issues that found a
    full mailbox or were refused, an address counts as gone too. The mailbox does not change, and a second run changes
    nothing.
    """
    from generator.newsletter.bounces.collect import collect_bounces
    from generator.newsletter.subscribers.list_names import find_list

    files = [find_list(root, each) for each in lists]
    done = collect_bounces(root, issue, source, files, Clock.system(), chosen=ledger, trust_reports=trust_reports)
    if as_json:
        say(facts_json(_facts(done), done.problems), lines=True)
        return
    show_problems(done.problems)
    for each in done.reported:
        reason = f" ({each.report.reason})" if each.report.reason else ""
        say(f"  {_WORDS[each.report.kind]:<12}  {each.person.address}{reason}")
    for address in done.suppressed:
        say(f"Suppressed: {address}")
    holidays, others = done.kinds.get("holiday", 0), done.kinds.get("other", 0) + done.kinds.get("delayed", 0)
    notices = format_count(holidays, "holiday notice")
    say(f"Read {format_count(done.mails, 'mail')}: {notices}, {others:,} not about a failed delivery of this issue.")
    say(f"{done.title}: {_summary(done)}.")


def _summary(done: BounceReport) -> str:
    counts = [f"{done.totals[kind]:,} {word}" for kind, word in _WORDS.items() if done.totals.get(kind)]
    return ", ".join([f"{done.sent:,} sent", f"{done.accepted:,} accepted", *counts])


def _facts(done: BounceReport) -> dict[str, Any]:
    reported = [
        {"address": each.person.address, "kind": each.report.kind.value, "reason": each.report.reason}
        for each in done.reported
    ]
    return {
        "mails": done.mails,
        "kinds": done.kinds,
        "reported": reported,
        "sent": done.sent,
        "accepted": done.accepted,
        "totals": done.totals,
        "suppressed": list(done.suppressed),
    }
