"""Build sites of extreme shapes at two sizes, and print how their cost grows.

    python -m benchmarks.shapes
    python -m benchmarks.shapes --shapes tags "a tag's posts"

`growth` is the exponent of processor time between the smaller and the larger site, start-up left out: 1.0 is linear.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import OWN, install, make_cold
from benchmarks.measure import run_sampled, run_timed
from benchmarks.report import count_output
from benchmarks.run import work_folder
from benchmarks.shape_sites import SHAPES, Writer, plain_posts

PARTS = 4
"""The larger site of a shape has this many times the smaller one's size."""

_SITE = 'title = "Larkmoor desk"\nurl = "https://desk.larkmoor.example/"\ndescription = "What the desk learnt."\n'
_BUILDER = OWN["default"]


@dataclass(frozen=True, slots=True)
class Built:
    """What the builds of one site from nothing took, and how many files there are."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    files: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the shapes that the command line names and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=[*SHAPES])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--work", type=Path, default=work_folder())
    options = parser.parse_args(arguments)
    install(_BUILDER)
    print("| shape | size | wall s | CPU s | CPU s of a quarter | growth | peak MB | files |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory(prefix="openletter-shapes-", dir=options.work) as work:
        start = measure(plain_posts, 1, Path(work), options.rounds)
        for shape in options.shapes:
            write, size = SHAPES[shape]
            less, more = (measure(write, each, Path(work), options.rounds) for each in (size // PARTS, size))
            print(_line(shape, size, less, more, start.cpu_s), flush=True)


def measure(write: Writer, size: int, work: Path, rounds: int) -> Built:
    """Build a site of a size from nothing `rounds` times, for the least times, and once more for its memory."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        root = Path(folder)
        (root / "site.toml").write_text(_SITE, encoding="utf-8")
        write(root, size)
        command, costs = _BUILDER.command(root), []
        for _ in range(rounds):
            make_cold(_BUILDER, root)
            costs.append(run_timed(command, _BUILDER.folder or root, work / "log", patience_s=0))
        make_cold(_BUILDER, root)
        memory = run_sampled(command, _BUILDER.folder or root, work / "log")
        least_wall, least_cpu = min(cost.wall_s for cost in costs), min(cost.cpu_s for cost in costs)
        return Built(least_wall, least_cpu, memory.together_bytes, count_output(root / _BUILDER.output).files)


def growth(less: float, more: float) -> float:
    """Return the exponent of a cost that grew from `less` to `more` when the size grew `PARTS`-fold."""
    return math.log(more / less, PARTS)


def _line(shape: str, size: int, less: Built, more: Built, start_s: float) -> str:
    exponent = growth(max(less.cpu_s - start_s, 0.01), max(more.cpu_s - start_s, 0.01))
    peak = more.peak_bytes / 1e6
    figures = f"{more.wall_s:.2f} | {more.cpu_s:.2f} | {less.cpu_s:.2f} | {exponent:.2f} | {peak:.0f} | {more.files:,}"
    return f"| {shape} | {size:,} | {figures} |"


if __name__ == "__main__":
    main()
