"""Wait until the time of sending, and make sure that what is sent then is what was confirmed."""

from __future__ import annotations

from datetime import datetime
from time import sleep

from generator.clock import Clock
from generator.errors import MailError, error
from generator.newsletter.delivery.plan import SendPlan, load_plan
from generator.newsletter.delivery.send import compare_plan

_SLICE_S = 30.0  # short, because a computer that slept in between must notice that the time has come


def sleep_until(moment: datetime) -> None:
    """Sleep until a moment; return at once if it has passed."""
    while (left_s := (moment - Clock.system().now).total_seconds()) > 0:
        sleep(min(left_s, _SLICE_S))


def plan_again(confirmed: SendPlan, issue: str, clock: Clock, expected: int) -> tuple[SendPlan, int]:
    """Plan the sending again from the files as they are now; return the plan and the number of recipients.

    People who have left in the meantime get nothing. Anything else must be as it was when it was confirmed.

    Raises: MailError if the letter, the sender or the list has changed.
    """
    plan = load_plan(confirmed.options, issue, clock)
    versions = ((each.letter, each.sender, each.translations) for each in (plan, confirmed))
    if len(set(versions)) > 1:
        raise _changed("The issue or its sender has changed since you confirmed it.")
    before = {person.folded for person in confirmed.recipients.people}
    after = {person.folded for person in plan.recipients.people}
    if not after <= before:
        raise _changed("There are new people on the list since you confirmed it.")
    now_expected = compare_plan(plan).expected
    if now_expected > expected:
        raise _changed("The number of recipients has grown since you confirmed it.")
    return plan, now_expected


def _changed(message: str) -> MailError:
    return MailError(error("", "mail-count", f"{message} Nothing was sent.", "Check it, and run the command again."))
