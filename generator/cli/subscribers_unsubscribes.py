"""`openletter subscribers unsubscribes`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.cli.reports import facts_json, fault_json
from generator.clock import Clock
from generator.errors import OpenletterError
from generator.text.counts import format_count


@click.command("unsubscribes")
@click.argument("source", metavar="MBOX|MAILDIR|imaps://…")
@options.site_option
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="A list of subscribers, to find the owner of a token (repeatable).",
)
@click.option("--trust-senders", is_flag=True, help="Also accept mails without a token, by their From address.")
@options.json_option
@click.pass_context
def command(
    ctx: click.Context, source: str, root: Path, lists: tuple[Path, ...], trust_senders: bool, as_json: bool
) -> None:
    """Read mails that ask to unsubscribe, and add their senders to lists/suppressed.csv.

    The mailbox does not change, and a second run changes nothing. Mails with a wrong or missing token are listed for
    you to decide.
    """
    from generator.newsletter.subscribers.unsubscribes import unsubscribe_from_mailbox

    today = Clock.system().now.date()
    try:
        done = unsubscribe_from_mailbox(root, source, today, lists=lists, trust_senders=trust_senders)
    except OpenletterError as fault:
        if not as_json:
            raise
        say(fault_json(fault), lines=True)
        ctx.exit(fault.exit_code)
    if as_json:
        facts = {"mails": done.mails, "unsubscribed": list(done.new), "known": list(done.known)}
        say(facts_json(facts, done.problems), lines=True)
        return
    show_problems(done.problems)
    for address in done.new:
        say(f"  {address}")
    before = f" ({len(done.known):,} had unsubscribed before)" if done.known else ""
    people = format_count(len(done.new), "person", "people")
    say(f"Read {format_count(done.mails, 'mail')}: {people} unsubscribed{before}.")
