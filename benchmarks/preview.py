"""Measure what an editor waits for: from saving a post to its being served, and to its being on the screen.

    python -m benchmarks.preview
    python -m benchmarks.preview --posts 1000 --edits 30 --servers default hugo

Hugo and Eleventy are installed into .cache/benchmarks on the first run. docs/performance.md says how to read the table.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.contestants import CACHE
from benchmarks.preview_servers import SERVERS, Server, write_site
from benchmarks.preview_watch import LateError, free_port, repainted, running, served
from benchmarks.run import work_folder

HEAD = """\
| | posts | up, s | again, s | served, ms: median | p95 | on the screen, ms: median | p95 | edits |
|---|--:|--:|--:|--:|--:|--:|--:|--:|"""


@dataclass(frozen=True, slots=True)
class Watched:
    """A server at one number of posts: seconds until it was up, at first and again, and what each edit took."""

    title: str
    posts: int
    up_s: float
    again_s: float
    served_s: tuple[float, ...]
    repainted_s: tuple[float, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line names; print a table, write every edit as JSON."""
    options = _parse(arguments)
    chosen = [SERVERS[name] for name in options.servers]
    for server in chosen:
        server.prepare()
    versions = "; ".join(dict.fromkeys(server.version() for server in chosen))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    about = f"{datetime.now(UTC):%Y-%m-%d}: {versions}; {platform.system()} {platform.machine()}, load {load:.1f}"
    print(f"{about}\n\n{HEAD}", flush=True)
    rows = []
    for count in options.posts:
        for server in chosen:
            with tempfile.TemporaryDirectory(prefix="openletter-preview-", dir=options.work) as work:
                row = watch(server, count, options.edits, Path(work))
            print(line(row), flush=True)
            rows.append(asdict(row))
            options.json.parent.mkdir(parents=True, exist_ok=True)
            options.json.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")


def watch(server: Server, count: int, edits: int, work: Path) -> Watched:
    """Measure one server: posts all over the site over HTTP, the newest but a few in a browser."""
    _say(f"{server.title}, {count} posts")
    site = work / "site"
    posts = write_site(server, site, count)
    file, slug = posts[-5]
    page, log = f"/posts/{slug}/", work / "log"
    times: list[tuple[float, ...]] = []
    with running(server, site, port := free_port(), page, log) as up_s:
        ways: list[Callable[[], list[float]]] = [
            lambda: served(posts, port, edits),
            lambda: repainted(file, slug, port, edits),
        ]
        for measure in ways:
            try:
                times.append(tuple(measure()))
            except LateError as reason:
                _say(f"{server.title}: {reason}")
                times.append(())
    with running(server, site, free_port(), page, log) as again_s:
        pass
    return Watched(server.title, count, up_s, again_s, *times)


def line(row: Watched) -> str:
    """Write a row of the table."""
    cells = [_ms(median, row.served_s), _ms(p95, row.served_s), _ms(median, row.repainted_s), _ms(p95, row.repainted_s)]
    edits = f"{len(row.served_s)} + {len(row.repainted_s)}"
    return f"| {row.title} | {row.posts:,} | {row.up_s:.1f} | {row.again_s:.1f} | {' | '.join(cells)} | {edits} |"


def p95(times: Sequence[float]) -> float:
    """Give the time that 95 of 100 are below."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def _ms(what: object, times: Sequence[float]) -> str:
    return f"{what(times) * 1000:,.0f}" if times and callable(what) else "–"


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.preview", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--posts", type=int, nargs="+", default=[1000, 10_000], help="how many posts a site has")
    parser.add_argument("--edits", type=int, default=30, help="how many edits are measured, each way")
    parser.add_argument("--servers", nargs="+", choices=tuple(SERVERS), default=list(SERVERS), help="who is measured")
    parser.add_argument("--work", type=Path, default=work_folder(), help="where sites are (default: %(default)s)")
    parser.add_argument("--json", type=Path, default=CACHE / "preview.json", help="where every edit is written")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    print(f"{text:<60}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
