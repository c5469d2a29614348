"""`openletter subscribers check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli import options
from generator.cli.console import say, show_problems
from generator.cli.reports import facts_json
from generator.errors import has_errors, raise_warnings
from generator.text.counts import format_count

if TYPE_CHECKING:
    from generator.newsletter.subscribers.list_check import CheckedList


@click.command("check")
@click.argument("lists", metavar="[LIST…]", nargs=-1)
@options.site_option
@options.strict_option
@options.json_option
@click.pass_context
def command(ctx: click.Context, lists: tuple[str, ...], root: Path, strict: bool, as_json: bool) -> None:
    """Check lists for mistakes; default: all lists in lists/.

    Finds invalid rows, unknown statuses, people on two lists, people who have left another list, domains that look
    misspelt, and addresses of roles. Changes nothing. Exit code 1: with --strict, there is a warning.
    """
    from msgspec.structs import asdict

    from generator.newsletter.subscribers.list_check import check_lists
    from generator.newsletter.subscribers.list_names import choose_lists

    checked = check_lists(choose_lists(root, lists))
    problems = raise_warnings(checked.problems) if strict else checked.problems
    if as_json:
        facts = {"lists": [asdict(each) for each in checked.lists], "people": checked.people}
        say(facts_json(facts, problems), lines=True)
    else:
        show_problems(problems)
        for each in checked.lists:
            say(f"{each.path}: {_describe(each)}")
        if len(checked.lists) > 1:
            say(f"Together: {format_count(checked.people, 'person', 'people')}")
    ctx.exit(1 if has_errors(problems) else 0)


def _describe(each: CheckedList) -> str:
    more = [f"{each.left:,} left"] * bool(each.left)
    more += [format_count(each.duplicates, "duplicate")] * bool(each.duplicates)
    more += [format_count(each.invalid, "invalid row")] * bool(each.invalid)
    return ", ".join([format_count(each.people, "person", "people"), *more])
