"""One sending, in this process or as a program of its own: `python -m tests.newsletter.send_once FOLDER [OPTION…]`.

An OPTION is a name (`add_new`) or a value (`connections=4`, `to=LIST,LIST`, `slug=july`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from generator.config import load_config
from generator.errors import MailError
from generator.model import Letter
from generator.newsletter.delivery.ledger_values import LedgerCounts
from generator.newsletter.delivery.pace import RetryPolicy
from generator.newsletter.delivery.plan import SendOptions, SendPlan, plan_send
from generator.newsletter.delivery.report import SendReport
from generator.newsletter.delivery.send import SendConditions, send_issue
from generator.newsletter.delivery.smtp import SmtpTimeouts
from tests.newsletter.conftest import NOW, make_letter

QUICK_CONDITIONS = SendConditions(
    retries=RetryPolicy(rounds_s=(0.01, 0.02), first_s=0.005, longest_s=0.02, faults=15, starts=3),
    timeouts=SmtpTimeouts(connect_s=60, command_s=60, end_s=60),
)


def make_plan(root: Path, letter: Letter | None = None, to: tuple[str, ...] | str = (), **options: Any) -> SendPlan:
    config, _ = load_config(root)
    to = (to,) if isinstance(to, str) else to or (str(root / "list.csv"),)
    return plan_send(SendOptions(root=root, to=to, **options), config, letter or make_letter(), (), NOW)


def confirm_any(count: int, known: LedgerCounts, problems: object) -> None:
    """Confirm whatever is asked."""


def send(
    root: Path, letter: Letter | None = None, conditions: SendConditions = QUICK_CONDITIONS, **options: Any
) -> SendReport:
    return send_issue(make_plan(root, letter, **options), NOW, confirm_any, conditions)


if __name__ == "__main__":
    options: dict[str, Any] = dict.fromkeys((word for word in sys.argv[2:] if "=" not in word), True)
    values = dict(word.split("=", 1) for word in sys.argv[2:] if "=" in word)
    options |= {name: int(values[name]) for name in ("connections",) if name in values}
    if "to" in values:
        options["to"] = tuple(values["to"].split(","))
    letter = replace(make_letter(), slug=values.get("slug", "june"))
    tell_memory = options.pop("tell_memory", False)
    try:
        report = send(Path(sys.argv[1]), letter, **options)
    except MailError as fault:
        sys.exit(str(fault))
    print("\n".join(map(str, report.problems)), file=sys.stderr)
    print(report.summary)
    if tell_memory:
        import resource

        print(f"peak_kb={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}", file=sys.stderr)
