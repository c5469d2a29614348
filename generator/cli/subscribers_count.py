"""`openletter subscribers count`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import options
from generator.cli.console import say
from generator.cli.reports import to_json
from generator.text.counts import format_count


@click.command("count")
@click.argument("lists", metavar="[LIST…]", nargs=-1)
@options.site_option
@options.only_option
@options.except_option
@click.option("--by", default="", metavar="COLUMN", help="Also count the recipients by the values of this column.")
@options.json_option
def command(
    lists: tuple[str, ...], root: Path, only: tuple[str, ...], except_: tuple[str, ...], by: str, as_json: bool
) -> None:
    """Count the recipients of lists; default: all lists in lists/.

    The last line is the number that `newsletter send` asks for with the same lists and options.
    """
    from generator.newsletter.subscribers.audience import Selection
    from generator.newsletter.subscribers.list_count import count_recipients
    from generator.newsletter.subscribers.list_names import choose_lists

    to = tuple(map(str, choose_lists(root, lists)))
    found = count_recipients(root, Selection(to=to, only=only, except_=except_), by)
    if as_json:
        facts = {"lists": dict(found.lists), "recipients": found.recipients, "left": found.left}
        say(to_json({**facts, "duplicates": found.duplicates, "by": dict(found.by)}), lines=True)
        return
    for path, count in found.lists:
        say(f"{path}: {format_count(count, 'recipient')}")
    for value, count in found.by:
        say(f"{by}={value}: {count:,}")
    more = [f"{format_count(found.duplicates, 'duplicate')} removed"] * bool(found.duplicates)
    more += [f"{found.left:,} unsubscribed or bounced"] * bool(found.left)
    noted = f" ({', '.join(more)})" if more else ""
    say(f"Together: {format_count(found.recipients, 'recipient')}{noted}")
