"""Measure builds of a site that was built before: nothing changed, one text edited, every template changed, a hint."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contestants import ROOT, Contestant
from benchmarks.measure import Cost, run_timed


@dataclass(frozen=True, slots=True)
class Edit:
    """A kind of change: its words, and what it does to a site's folder before each build."""

    title: str
    change: Callable[[Path, int], None]


@dataclass(frozen=True, slots=True)
class Edited:
    """What one contestant's builds took after each kind of change, by its title; `hinted_ms`: engine alone, sorted."""

    title: str
    posts: int
    costs: dict[str, tuple[Cost, ...]]
    hinted_ms: tuple[float, ...]


def _nothing(_folder: Path, _round: int) -> None:
    """Leave all as it is."""


def _body(folder: Path, number: int) -> None:
    posts = sorted((folder / "content/posts").rglob("*.md"))
    with posts[len(posts) // 2].open("a", encoding="utf-8") as post:
        post.write(f"\nOne more sentence, number {number}.\n")


def _templates(folder: Path, number: int) -> None:
    for template in sorted((folder / "themes").rglob("*.html")):
        with template.open("a", encoding="utf-8") as text:
            text.write(f"<!-- {number} -->\n")


EDITS = (
    Edit("nothing changed", _nothing),
    Edit("one text edited", _body),
    Edit("every template changed", _templates),
)
"""In this order: each leaves a site that is built."""


def measure_edits(contestant: Contestant, folder: Path, count: int, rounds: int) -> Edited:
    """Build a site that has been built, `rounds` times after each kind of change; templates only where it has some."""
    costs: dict[str, tuple[Cost, ...]] = {}
    log = folder.with_suffix(".log")
    for edit in EDITS:
        if edit.change is _templates and not (folder / "themes").is_dir():
            continue
        taken = []
        for number in range(rounds):
            edit.change(folder, number)
            taken.append(run_timed(contestant.command(folder), contestant.folder or folder, log))
        costs[edit.title] = tuple(taken)
    return Edited(contestant.title, count, costs, _hinted(folder))


def _hinted(folder: Path) -> tuple[float, ...]:
    """Time the engine alone, in a process that stays, with a hint of one edited text."""
    command = [sys.executable, "-m", "benchmarks.hinted", str(folder)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(sorted(json.loads(answer.stdout)))


def edits_table(rows: Sequence[Edited], hugo_s: float | None) -> str:
    """Write a table: for each change the median of the calm rounds, and by how much of Hugo's whole build that is."""
    titles = [edit.title for edit in EDITS]
    head = f"| | {' | '.join(f'{title}, s | × Hugo' for title in titles)} | hinted engine, ms | its p95 |"
    return "\n".join(
        (head, "|---" + "|--:" * (2 * len(titles) + 2) + "|", *(_line(row, titles, hugo_s) for row in rows))
    )


def _line(row: Edited, titles: Sequence[str], hugo_s: float | None) -> str:
    cells = [row.title]
    for title in titles:
        costs = row.costs.get(title, ())
        calm = [cost.wall_s for cost in costs if not cost.disturbed] or [cost.wall_s for cost in costs]
        cells += [f"{median(calm):.2f}", f"{median(calm) / hugo_s:.2f}" if hugo_s else "–"] if calm else ["–", "–"]
    p95 = row.hinted_ms[int(0.95 * (len(row.hinted_ms) - 1))]
    return f"| {' | '.join((*cells, f'{median(row.hinted_ms):.0f}', f'{p95:.0f}'))} |"


def edits_json(rows: Sequence[Edited]) -> list[dict[str, Any]]:
    """Give rows as plain values, with every round."""
    return [asdict(row) for row in rows]
