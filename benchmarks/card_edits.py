"""Edit what lists show of posts, and build each edit with a hint: `python -m benchmarks.card_edits SITE`.

Prints a table: for each kind of edit the median of the wall and processor times in ms, and of the pages rendered.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions

TIMES = 5
ADDED = "---\ntitle: Added {0}\ndate: 2026-11-01\ntags: [suppliers]\n---\n\nHello {0}.\n"
Edit = Callable[[Path, int], Path]


def _replace(pattern: str, text: str) -> Edit:
    def edit(post: Path, number: int) -> Path:
        post.write_text(re.sub(pattern, text.format(number), post.read_text("utf-8"), count=1, flags=re.M), "utf-8")
        return post

    return edit


def _new(post: Path, number: int) -> Path:
    added = post.with_name(f"added-{number}.md")
    added.write_text(ADDED.format(number), "utf-8")
    return added


def _delete(post: Path, number: int) -> Path:
    added = post.with_name(f"added-{number}.md")
    added.unlink()
    return added


EDITS: dict[str, Edit] = {
    "title": _replace(r"^title: .*$", 'title: "Title number {}"'),
    "summary": _replace(r"^summary: .*$", 'summary: "Summary number {}."'),
    "tags": _replace(r"^tags: .*$", 'tags: ["suppliers", "x{}"]'),
    "new post": _new,
    "deleted post": _delete,
}


def main() -> None:
    """Print the table for the site that the command line names."""
    root = Path(sys.argv[1])
    posts = sorted((root / "content/posts").rglob("*.md"))
    print("| edit | wall ms | processor ms | rendered |\n|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as place:
        options = BuildOptions(Path(place) / "output", state=Path(place) / "state", live=True)
        with Engine(root, options) as engine:
            engine.build()
            engine.prepare()
            for name, edit in EDITS.items():
                _measure(name, edit, engine, posts)


def _measure(name: str, edit: Edit, engine: Engine, posts: list[Path]) -> None:
    wall, used, rendered = [], [], []
    for number in range(TIMES + 1):
        post = edit(posts[len(posts) // 2 + 7 * (number if edit not in (_new, _delete) else 0)], number)
        begin, begin_used = perf_counter(), process_time()
        report = engine.build(hint={post.relative_to(engine.root).as_posix()})
        wall.append((perf_counter() - begin) * 1000)
        used.append((process_time() - begin_used) * 1000)
        rendered.append(len(report.rendered))
    print(f"| {name} | {median(wall[1:]):.0f} | {median(used[1:]):.0f} | {median(rendered[1:]):.0f} |", flush=True)


if __name__ == "__main__":
    main()
