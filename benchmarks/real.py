"""Build real sites with this generator and with Hugo, in turn, and print one table; then edits beside Hugo's builds.

    OPENLETTER_SAMPLES=../samples python -m benchmarks.real
    OPENLETTER_SAMPLES=../samples python -m benchmarks.real --rounds 5 --sites 18f

Without OPENLETTER_SAMPLES it builds the site of this repository alone.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.contestants import LIKE, OWN, PEERS, ROOT, Contestant, install, make_cold
from benchmarks.measure import Cost, run_sampled, run_timed
from benchmarks.real_sites import RealSite, count_posts, lay_out_equal, lay_out_hugo, real_sites
from benchmarks.report import Row, count_output
from benchmarks.run import work_folder

_STATE = tuple(f".openletter/{name}" for name in ("state.sqlite", "templates", "theme-files", "published.json", "lock"))
"""What a cold build does without. The smaller copies of pictures stay, because Hugo makes none."""

DEFAULT = replace(OWN["default"], leftovers=_STATE)
EQUAL = replace(OWN["commonmark"], leftovers=_STATE, title="Openletter, equal pages")
PLAIN = replace(PEERS["hugo"], title="Hugo, equal pages")
CONTESTANTS = (DEFAULT, LIKE, EQUAL, PLAIN)

_HEAD = """\
| site, posts | built by | wall s | CPU s | CPU × like | CPU × plain | peak MB | largest | HTML files | all files | MB |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the real sites that the command line names and print their tables."""
    options = _parse(arguments)
    for contestant in CONTESTANTS:
        install(contestant)
    versions = "; ".join((DEFAULT.version(), PLAIN.version(), f"{platform.system()} {platform.machine()}"))
    print(f"{datetime.now(UTC):%Y-%m-%d}: {versions}; CommonMark, medians of {options.rounds} rounds\n\n{_HEAD}")
    samples = os.environ.get("OPENLETTER_SAMPLES")
    edited = []
    for site in real_sites(Path(samples) if samples else None):
        if options.sites and site.name not in options.sites:
            continue
        with tempfile.TemporaryDirectory(prefix="openletter-benchmark-", dir=options.work) as work:
            rows = measure(site, Path(work), options.rounds, options.patience)
            print("\n".join(_lines(site, rows)), flush=True)
            edited += [*_edit_lines(site, Path(work) / DEFAULT.name, rows, options.rounds, options.patience)]
    print("\n| site | edited | wall s | CPU s | CPU × Hugo like | CPU × Hugo plain |\n|---|---|--:|--:|--:|--:|")
    print("\n".join(edited))


def measure(site: RealSite, work: Path, rounds: int, patience_s: float) -> Mapping[str, Row]:
    """Build a real site cold, `rounds` times with every contestant in turn, and once more to sample memory."""
    lay_out_all(site, work)
    costs: dict[str, list[Cost]] = {contestant.name: [] for contestant in CONTESTANTS}
    for round_number in range(rounds + 1):
        for contestant in CONTESTANTS:
            make_cold(contestant, work / contestant.name)
            cost = _build(contestant, work, patience_s if round_number else 0)
            if round_number:  # the first makes the pictures and is not counted
                costs[contestant.name].append(cost)
    return {contestant.name: _finish(contestant, work, costs[contestant.name]) for contestant in CONTESTANTS}


def lay_out_all(site: RealSite, work: Path) -> None:
    """Lay a real site out for each contestant: contestant's name → folder in `work`."""
    ours = work / DEFAULT.name
    site.make(ours)
    lay_out_equal(EQUAL, ours, work / EQUAL.name)
    for contestant in (LIKE, PLAIN):
        lay_out_hugo(contestant, ours, work / contestant.name)


def edit_title(site: Path, number: int) -> None:
    """Give the post in the middle another title."""
    posts = sorted((site / "content/posts").rglob("*.md"))
    post = posts[len(posts) // 2]
    text = re.sub(r"(?m)^title:.*$", f"title: Another, number {number}", post.read_text(encoding="utf-8"), count=1)
    post.write_text(text, encoding="utf-8")


def edit_description(site: Path, number: int) -> None:
    """Describe the site in other words, which the foot of every page shows."""
    _set(site, "description", f"Other words, number {number}.")


def edit_site_title(site: Path, number: int) -> None:
    """Give the site another title, which every page shows."""
    _set(site, "title", f"Another site, number {number}")


def edit_template(site: Path, number: int) -> None:
    """Change the template that every page extends, in a theme of the site's that extends the default one."""
    template = site / "themes/ours/templates/base.html"
    if not template.exists():
        template.parent.mkdir(parents=True)
        (site / "themes/ours/theme.toml").write_text('extends = "default"\n', encoding="utf-8")
        settings = (site / "site.toml").read_text(encoding="utf-8")
        named = re.sub(r'(?m)^name = "default"$', 'name = "ours"', settings)
        named = named if named != settings else f'theme = "ours"\n{settings}'
        (site / "site.toml").write_text(named, encoding="utf-8")
    text = (ROOT / "themes/default/templates/base.html").read_text(encoding="utf-8")
    template.write_text(text.replace("</body>", f"<!-- {number} --></body>"), encoding="utf-8")


EDITS: Mapping[str, Callable[[Path, int], None]] = {
    "nothing": lambda _site, _number: None,
    "a post's title": edit_title,
    "the site's description": edit_description,
    "the site's title": edit_site_title,
    "the template of every page": edit_template,
}
"""In this order: each leaves a site that is built. The first of each kind is built untimed."""


def _edit_lines(site: RealSite, folder: Path, rows: Mapping[str, Row], rounds: int, patience_s: float) -> Iterator[str]:
    for title, change in EDITS.items():
        costs = []
        for number in range(rounds + 1):
            change(folder, number)
            costs.append(_build(DEFAULT, folder.parent, patience_s))
        wall, cpu = (median(getattr(cost, name) for cost in costs[1:]) for name in ("wall_s", "cpu_s"))
        ratios = [f"{cpu / rows[peer.name].cpu_s:.2f}" for peer in (LIKE, PLAIN)]
        yield f"| {' | '.join((site.title, title, f'{wall:.2f}', f'{cpu:.2f}', *ratios))} |"


def _build(contestant: Contestant, work: Path, patience_s: float) -> Cost:
    folder = work / contestant.name
    return run_timed(contestant.command(folder), contestant.folder or folder, work / "log", patience_s)


def _finish(contestant: Contestant, work: Path, costs: Sequence[Cost]) -> Row:
    folder = work / contestant.name
    make_cold(contestant, folder)
    memory = run_sampled(contestant.command(folder), contestant.folder or folder, work / "log")
    posts = count_posts(work / DEFAULT.name)
    return Row(contestant.name, contestant.title, posts, tuple(costs), memory, count_output(folder / contestant.output))


def _lines(site: RealSite, rows: Mapping[str, Row]) -> Iterator[str]:
    like, plain = rows[LIKE.name].cpu_s, rows[PLAIN.name].cpu_s
    for row in rows.values():
        cells = (
            f"{site.title}, {row.posts:,}",
            row.title,
            f"{row.wall_s:.2f}",
            f"{row.cpu_s:.2f}",
            f"{row.cpu_s / like:.2f}",
            f"{row.cpu_s / plain:.2f}",
            f"{row.memory.together_bytes / 1e6:,.0f}",
            f"{row.memory.largest_bytes / 1e6:,.0f}",
            f"{row.output.html_files:,}",
            f"{row.output.files:,}",
            f"{row.output.size_bytes / 1e6:.1f}",
        )
        yield f"| {' | '.join(cells)} |"


def _set(site: Path, key: str, value: str) -> None:
    settings = site / "site.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(rf"(?m)^{key} = .*$", f'{key} = "{value}"', text, count=1), encoding="utf-8")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each is built; medians are shown")
    parser.add_argument("--sites", nargs="*", help="which sites: own, digitalgov, 18f (default: all there are)")
    parser.add_argument("--patience", type=float, default=20.0, help="seconds to wait for other programs to rest")
    parser.add_argument("--work", type=Path, default=work_folder(), help="where sites are built (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
