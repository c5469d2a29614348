"""Build the same generated posts with this generator and its peers, in turn, and print what each took.

    python -m benchmarks.run
    python -m benchmarks.run --posts 1000 --rounds 5 --peers hugo

Peers are installed into .cache/benchmarks on the first run. docs/performance.md says how to read the table.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.contestants import CACHE, OWN, PEERS, Contestant, install, lay_out, make_cold
from benchmarks.edits import Edited, edits_json, edits_table, measure_edits
from benchmarks.layouts import write_sites
from benchmarks.measure import Cost, run_sampled, run_timed
from benchmarks.report import Row, as_json, count_output, table


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line names; print tables, write the rounds as JSON."""
    options = _parse(arguments)
    contestants = [*(OWN[name] for name in options.own), *(PEERS[name] for name in options.peers)]
    for contestant in contestants:
        install(contestant)
    versions = [*dict.fromkeys(contestant.version() for contestant in contestants)]
    about = f"{datetime.now(UTC):%Y-%m-%d}: {'; '.join(versions)}; {platform.system()} {platform.machine()}"
    print(about, flush=True)
    rows: list[Row] = []
    edits: list[Edited] = []
    for count in options.posts:
        with tempfile.TemporaryDirectory(prefix="openletter-benchmark-", dir=options.work) as work:
            measured = measure(contestants, count, options.rounds, Path(work))
            print(f"\n### {count:,} posts\n\n{table(measured)}", flush=True)
            rows += measured
            after = [_edited(OWN[name], Path(work), count, options.rounds) for name in options.own]
        hugo_s = next((row.wall_s for row in measured if row.name == "hugo"), None)
        print(f"\nBuilt again:\n\n{edits_table(after, hugo_s)}", flush=True)
        edits += after
        _save(options.json, about, rows, edits)


def measure(contestants: Sequence[Contestant], count: int, rounds: int, work: Path) -> list[Row]:
    """Build `count` posts cold, `rounds` times with every contestant in turn, and once more to sample memory."""
    sites = {contestant.name: work / contestant.name for contestant in contestants}
    prepare(contestants, sites, count)
    costs: dict[str, list[Cost]] = {name: [] for name in sites}
    for round_number in range(1, rounds + 1):
        for contestant in contestants:
            _say(f"{count} posts, round {round_number} of {rounds}: {contestant.name}")
            folder = sites[contestant.name]
            make_cold(contestant, folder)
            costs[contestant.name].append(
                run_timed(contestant.command(folder), contestant.folder or folder, work / "log")
            )
    return [_finish(contestant, sites[contestant.name], count, costs[contestant.name]) for contestant in contestants]


def prepare(contestants: Sequence[Contestant], sites: Mapping[str, Path], count: int) -> None:
    """Lay out a site for each contestant, all with the same posts: contestant's name → folder, not yet there."""
    folders: dict[str, list[Path]] = {}
    for contestant in contestants:
        lay_out(contestant, sites[contestant.name])
        folders.setdefault(contestant.layout, []).append(sites[contestant.name])
    write_sites(folders, count)


def _finish(contestant: Contestant, folder: Path, count: int, costs: Sequence[Cost]) -> Row:
    _say(f"{count} posts, memory: {contestant.name}")
    make_cold(contestant, folder)
    log = folder.with_suffix(".log")
    memory = run_sampled(contestant.command(folder), contestant.folder or folder, log)
    output = count_output(folder / contestant.output)
    return Row(contestant.name, contestant.title, count, tuple(costs), memory, output)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--posts", type=int, nargs="+", default=[1000, 10_000], help="how many posts a site has")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is built; medians are shown")
    parser.add_argument("--own", nargs="*", choices=tuple(OWN), default=list(OWN), help="this generator's themes")
    parser.add_argument("--peers", nargs="*", choices=tuple(PEERS), default=list(PEERS), help="who to compare with")
    parser.add_argument("--work", type=Path, default=work_folder(), help="where sites are built (default: %(default)s)")
    parser.add_argument("--json", type=Path, default=CACHE / "results.json", help="where every round is written")
    return parser.parse_args(arguments)


def work_folder() -> Path:
    """Choose memory over disk where the system has a folder for it: disks differ more than generators do."""
    memory = Path("/dev/shm")  # noqa: S108 - a temporary folder of our own is made in it
    return memory if memory.is_dir() else Path(tempfile.gettempdir())


def _edited(contestant: Contestant, work: Path, count: int, rounds: int) -> Edited:
    _say(f"{count} posts, built again: {contestant.name}")
    return measure_edits(contestant, work / contestant.name, count, rounds)


def _save(file: Path, about: str, rows: Sequence[Row], edits: Sequence[Edited]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    measured = {"about": about, "rows": as_json(rows), "edits": edits_json(edits)}
    file.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


def _say(text: str) -> None:
    """Tell a person who waits how far it is, apart from the table."""
    print(f"{text:<60}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
