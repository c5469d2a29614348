"""One sending, in this process or as a program of its own: `python -m tests.mailing.run FOLDER [OPTION…]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from generator.config import load_config
from generator.errors import MailError
from generator.mailing.dispatch import Manner, send_issue
from generator.mailing.ledger import Counts
from generator.mailing.pace import Patience
from generator.mailing.plan import Order, Plan, make_plan
from generator.mailing.report import Report
from generator.mailing.smtp import Timeouts
from generator.model import Letter
from tests.mailing.conftest import NOW, letter_of

QUICK = Manner(
    patience=Patience(rounds_s=(0.01, 0.02), first_s=0.005, longest_s=0.02, faults=15, starts=3),
    timeouts=Timeouts(connect_s=60, command_s=60, end_s=60),
)


def plan_of(root: Path, letter: Letter | None = None, to: str = "", **order: Any) -> Plan:
    config, _ = load_config(root)
    to = to or str(root / "list.csv")
    return make_plan(Order(root=root, to=to, **order), config, letter or letter_of(), (), NOW)


def agree(count: int, known: Counts, problems: object) -> None:
    """Confirm whatever is asked."""


def send(root: Path, letter: Letter | None = None, manner: Manner = QUICK, **order: Any) -> Report:
    return send_issue(plan_of(root, letter, **order), NOW, agree, manner)


if __name__ == "__main__":
    options: dict[str, Any] = dict.fromkeys(sys.argv[2:], True)
    tell_memory = options.pop("tell_memory", False)
    try:
        report = send(Path(sys.argv[1]), **options)
    except MailError as fault:
        sys.exit(str(fault))
    print("\n".join(map(str, report.problems)), file=sys.stderr)
    print(report.line)
    if tell_memory:
        import resource

        print(f"peak_kb={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}", file=sys.stderr)
