"""The baseline: findings of an old archive that are accepted for now, so that new ones stand out.

A finding is known by its source, its code and its words, not by its line: editing above it does not bring it back. Each
kind of finding is accepted as often as it was there, so a second one in the same file is new.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from generator.digest import digest
from generator.errors import ConfigError, OutputError, Problem, error
from generator.store.atomic import replace_file


def read_baseline(file: Path) -> Counter[str]:
    """Read how often each finding is accepted. Raises: ConfigError if the file is missing or is no baseline."""
    hint = f"Write it with: openletter check --write-baseline {file}"
    try:
        value = json.loads(file.read_text("utf-8"))
        accepted = {str(line["finding"]): int(line["count"]) for line in value["accepted"]}
    except FileNotFoundError:
        raise ConfigError(error("", "baseline", f"The baseline {file} does not exist.", hint)) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError(error("", "baseline", f"{file} is not a baseline of findings.", hint)) from None
    return Counter(accepted)


def without_accepted(problems: Iterable[Problem], accepted: Counter[str]) -> tuple[tuple[Problem, ...], int]:
    """Leave out the accepted findings. Returns the others, and how many lines of the baseline are settled by now."""
    left, kept = accepted.copy(), list[Problem]()
    for problem in sorted(problems):
        name = _name(problem)
        if left[name] > 0:
            left[name] -= 1
        else:
            kept.append(problem)
    return tuple(kept), sum(count for count in left.values() if count > 0)


def write_baseline(file: Path, problems: Iterable[Problem]) -> int:
    """Accept all these findings; returns their number. Raises: OutputError."""
    counts, shown = Counter[str](), dict[str, Problem]()
    for problem in sorted(problems):
        counts[_name(problem)] += 1
        shown.setdefault(_name(problem), problem)
    lines = [
        {"finding": name, "count": counts[name], "path": one.path, "code": one.code, "message": one.message}
        for name, one in shown.items()
    ]
    try:
        replace_file(file, (json.dumps({"accepted": lines}, indent=1, ensure_ascii=False) + "\n").encode())
    except OSError as reason:
        message = f"The baseline {file} cannot be written: {reason.strerror or reason}."
        raise OutputError(
            error("", "baseline", message, "Choose a folder that exists and that you may write.")
        ) from None
    return counts.total()


def _name(problem: Problem) -> str:
    return digest("finding", problem.path, problem.code, problem.message)
