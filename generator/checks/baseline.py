"""The baseline: findings of an old archive that are accepted for now, so that new ones stand out.

A finding is known by its source, its code and its words, not by its line, nor by the numbers in its words: editing
above it does not bring it back, nor does a new post that changes a count. Each kind of finding is accepted as often as
it was there, so a second one in the same file is new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from generator.digest import digest
from generator.errors import ConfigError, OutputError, Problem, error
from generator.store.atomic import replace_file

_NUMBER = re.compile(r"""("[^"]*"|'[^']*"[^']*')|(?<![\w/.-])\d[\d.,]*(?![\w/-])""")
"""A quotation, whose numbers belong to a name; or a number that is no part of an address, and may change."""


class Accepted(Struct, frozen=True):
    """A kind of finding in one source that is accepted, as often as `count`; its words are those of the first."""

    finding: str
    count: int
    path: str
    code: str
    message: str


class _File(Struct, frozen=True):
    accepted: tuple[Accepted, ...]


_decode = msgspec.json.Decoder(_File).decode
Baseline = Mapping[str, Accepted]
"""Name of a finding → how it is accepted."""


class Comparison(Struct, frozen=True):
    """Findings beside a baseline: those that it does not accept, and those of its kinds that are still there.

    `settled` counts what the baseline accepts and the site no longer has.
    """

    new: tuple[Problem, ...]
    still: Baseline
    settled: int


def read_baseline(file: Path) -> Baseline:
    """Read the accepted findings. Raises: ConfigError if the file is missing or is no baseline."""
    hint = f"Write it with: openletter check --write-baseline {file}"
    try:
        found = _decode(file.read_text("utf-8-sig")).accepted
    except FileNotFoundError:
        raise ConfigError(error("", "baseline", f"The baseline {file} does not exist.", hint)) from None
    except (OSError, UnicodeDecodeError, msgspec.DecodeError):
        raise ConfigError(error("", "baseline", f"{file} is not a baseline of findings.", hint)) from None
    return {each.finding: each for each in found}


def compare(problems: Iterable[Problem], accepted: Baseline, unasked: Collection[str] = ()) -> Comparison:
    """Compare findings with a baseline. What has a code that this check did not look for (`unasked`) is still there."""
    left, new = Counter({name: each.count for name, each in accepted.items()}), list[Problem]()
    for problem in sorted(problems):
        name = _name(problem)
        if left[name] > 0:
            left[name] -= 1
        else:
            new.append(problem)
    gone = {name: left[name] for name, each in accepted.items() if each.code not in unasked}
    still = [
        Accepted(name, count, each.path, each.code, each.message)
        for name, each in accepted.items()
        if (count := each.count - gone.get(name, 0)) > 0
    ]
    return Comparison(tuple(new), {each.finding: each for each in still}, sum(gone.values()))


def accept(problems: Iterable[Problem]) -> Baseline:
    """Accept all these findings."""
    counts, shown = Counter[str](), dict[str, Problem]()
    for problem in sorted(problems):
        counts[_name(problem)] += 1
        shown.setdefault(_name(problem), problem)
    return {name: Accepted(name, counts[name], one.path, one.code, one.message) for name, one in shown.items()}


def write_baseline(file: Path, accepted: Baseline) -> None:
    """Write a baseline. Raises: OutputError."""
    lines = msgspec.json.format(msgspec.json.encode(_File(tuple(accepted.values()))), indent=1)
    try:
        replace_file(file, lines + b"\n")
    except OSError as reason:
        message = f"The baseline {file} cannot be written: {reason.strerror or reason}."
        raise OutputError(
            error("", "baseline", message, "Choose a folder that exists and that you may write.")
        ) from None


def _name(problem: Problem) -> str:
    words = _NUMBER.sub(lambda found: found[1] or "#", problem.message)
    return digest("finding", problem.path, problem.code, words)
