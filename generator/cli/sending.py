"""What every sending shows: the plan before it, and its progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from generator.cli.console import progress_bar, say, show_problems
from generator.progress import Progress

if TYPE_CHECKING:
    from generator.newsletter.delivery.plan import SendPlan


def show_plan(plan: SendPlan) -> None:
    """Print the problems of a plan, and what a sending would do."""
    from generator.newsletter.delivery.report import describe_plan

    show_problems(plan.problems)
    for line in describe_plan(plan):
        say(line)


def say_dry_run(*, refused: bool) -> None:
    """Print the last line of a dry run. `refused` means that an error would stop the sending too."""
    then = "Fix the errors first: they stop a sending with --real too." if refused else "Add --real to send."
    say(f"This was a dry run: nothing was sent. {then}")


@contextmanager
def open_progress(*, quiet: bool) -> Iterator[Progress | None]:
    """Show a progress bar on a terminal, or else a line for each tenth; both with the time of the end."""
    from generator.cli.arrival import show_arrival

    with progress_bar(wanted=not quiet) as bar:
        yield None if quiet and bar is None else show_arrival(bar or _print_tenths)


def _print_tenths(stage: str, done: int, total: int) -> None:
    if done * 10 // total > (done - 1) * 10 // total:
        say(f"{stage}: {done} of {total}", err=True)
