"""Turn measured rounds into rows, and rows into a Markdown table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import Cost, Memory


@dataclass(frozen=True, slots=True)
class Yield:
    """What a build left in its output folder."""

    html_files: int
    files: int
    size_bytes: int
    html_bytes: int


@dataclass(frozen=True, slots=True)
class Row:
    """One contestant at one number of posts: a cost a round, the memory of one more build, the output."""

    name: str
    title: str
    posts: int
    costs: tuple[Cost, ...]
    memory: Memory
    output: Yield

    @property
    def calm(self) -> tuple[Cost, ...]:
        """The rounds other programs left alone; all of them where there is none."""
        return tuple(cost for cost in self.costs if not cost.disturbed) or self.costs

    @property
    def wall_s(self) -> float:
        """The median wall time of the calm rounds."""
        return median(cost.wall_s for cost in self.calm)

    @property
    def cpu_s(self) -> float:
        """The median processor time of the calm rounds."""
        return median(cost.cpu_s for cost in self.calm)


def count_output(folder: Path) -> Yield:
    """Count what a build wrote."""
    sizes = {file: file.stat().st_size for file in folder.rglob("*") if file.is_file()}
    html = [size for file, size in sizes.items() if file.suffix == ".html"]
    return Yield(len(html), len(sizes), sum(sizes.values()), sum(html))


_HEAD = """\
| | seconds | posts/s | × Hugo | × Pelican | CPU s | peak MB | largest | HTML files | HTML MB | files | MB | rounds |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"""


def table(rows: Sequence[Row]) -> str:
    """Write one table for rows of one number of posts; `× Hugo` is wall time by wall time, below 1 is faster."""
    walls = {row.name: row.wall_s for row in rows}
    return "\n".join((_HEAD, *(_line(row, walls) for row in rows)))


def _line(row: Row, walls: Mapping[str, float]) -> str:
    cells = (
        row.title,
        f"{row.wall_s:.2f}",
        f"{row.posts / row.wall_s:,.0f}",
        _ratio(row.wall_s, walls.get("hugo")),
        _ratio(row.wall_s, walls.get("pelican")),
        f"{row.cpu_s:.2f}",
        f"{row.memory.together_bytes / 1e6:,.0f}",
        f"{row.memory.largest_bytes / 1e6:,.0f}",
        f"{row.output.html_files:,}",
        f"{row.output.html_bytes / 1e6:.1f}",
        f"{row.output.files:,}",
        f"{row.output.size_bytes / 1e6:.1f}",
        f"{len(row.calm)}" + (" of them disturbed" if row.calm[0].disturbed else ""),
    )
    return f"| {' | '.join(cells)} |"


def _ratio(value: float, base: float | None) -> str:
    return "–" if base is None else f"{value / base:.2f}"


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Give rows as plain values: every round, not only the medians."""
    return [{**asdict(row), "wall_s": row.wall_s, "cpu_s": row.cpu_s} for row in rows]
