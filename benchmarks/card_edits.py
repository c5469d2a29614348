"""Edit what lists show of posts, comments and the site's title: `python -m benchmarks.card_edits SITE`.

Each edit is built with a hint; after that of the title, which makes every page stale, only the post's page is rendered.
Prints a table: for each kind of edit the median of the wall and processor times in ms, and of the pages rendered.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.engine.request import Choose
from generator.model import Target

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


def _comment(post: Path, number: int) -> Path:
    comments = post.with_name(f"{post.stem}.comments.yaml")
    comments.write_text(f"- {{id: a, author: Al, date: 2025-01-01, body: Number {number}}}\n", "utf-8")
    return comments


def _site_title(post: Path, number: int) -> Path:
    file = next(above / "site.toml" for above in post.parents if (above / "site.toml").exists())
    text = re.sub("^title = .*$", f'title = "Site {number}"', file.read_text("utf-8"), count=1, flags=re.M)
    file.write_text(text, "utf-8")
    return file


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
    "comment": _comment,
    "site's title": _site_title,
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
        choose = _choose_one() if edit is _site_title else None
        report = engine.build(hint={post.relative_to(engine.root).as_posix()}, choose=choose)
        wall.append((perf_counter() - begin) * 1000)
        used.append((process_time() - begin_used) * 1000)
        rendered.append(len(report.rendered))
        while report.left:
            report = engine.build(hint=set(), choose=lambda left: next(iter(left), None))
    print(f"| {name} | {median(wall[1:]):.0f} | {median(used[1:]):.0f} | {median(rendered[1:]):.0f} |", flush=True)


def _choose_one() -> Choose:
    """Choose one page, and leave all others to the next build."""
    chosen: list[str] = []

    def choose(left: Mapping[str, Target]) -> str | None:
        chosen.append(next(iter(left), ""))
        return chosen[0] if len(chosen) == 1 and left else None

    return choose


if __name__ == "__main__":
    main()
