"""A file that is replaced while a build uses it: the new bytes are not published before a build has read them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PIL import Image

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.errors import Problem
from generator.model import BuildReport
from tests.factories import CLOCK, Files, config, post, tree, write_site
from tests.soak.builds import differences

FIGURES = "label,2024-06\nCalls,{}\n"


def picture(colour: str, place: str = "") -> bytes:
    """Draw a picture that a page and a mail show smaller; `place` is metadata that must not be published."""
    data = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = place
    Image.new("RGB", (1300, 800), colour).save(data, "JPEG", **({"exif": exif} if place else {}))
    return data.getvalue()


SITE: Files = {
    "site.toml": config('theme = "mine"\n'),
    "themes/mine/theme.toml": 'extends = "default"\n',
    "themes/mine/static/note.txt": "One",
    "static/a.jpg": picture("red"),
    "static/a.txt": "One",
    "posts/2024-01-01-p/index.md": post("P", "![A](b.jpg) ![A](/a.jpg)"),
    "posts/2024-01-01-p/b.jpg": picture("red"),
    "newsletters/2024-07-01-n.md": post("News", "![A](/a.jpg)", date="2024-07-01", figures="calls.csv"),
    "newsletters/calls.csv": FIGURES.format(1),
}
TABLE = "content/newsletters/calls.csv"
CASES: Files = {
    "content/static/a.jpg": picture("blue", "At home"),
    "content/posts/2024-01-01-p/b.jpg": picture("blue"),
    "content/static/a.txt": "Another text",
    TABLE: FIGURES.format(2),
    "themes/mine/static/note.txt": "Another text",
}
LAST_READ = "files"
"""The step after which all files have been read; `render` ends before anything is written."""


def build(root: Path, act: Callable[[], object] = list, at: str = "") -> BuildReport:
    """Build, and act once, when a step has ended."""
    due = [at]

    def progress(stage: str, done: int, total: int) -> None:
        if due == [stage] and done == total:
            due.clear()
            act()

    return Engine(root, BuildOptions(jobs=1), CLOCK).build(progress)


def clean(root: Path, place: Path) -> list[str]:
    """Compare the output with a build of a copy of the site, which shares no drawn pictures with it."""
    for file in (file for top in ("content", "themes", "site.toml") for file in (root / top, *(root / top).rglob("*"))):
        if file.is_file():
            (place / file.relative_to(root)).parent.mkdir(parents=True, exist_ok=True)
            (place / file.relative_to(root)).write_bytes(file.read_bytes())
    build(place)
    return differences(tree(root / "output"), tree(place / "output"))


def unlink(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink()


def codes(problems: tuple[Problem, ...]) -> set[tuple[str, str]]:
    return {(problem.path, problem.code) for problem in problems}


@pytest.mark.slow
@pytest.mark.parametrize("at", [LAST_READ, "render"])
def test_what_was_not_read_is_not_published(tmp_path: Path, at: str) -> None:
    root = write_site(tmp_path / "site", SITE)
    before = {path: (root / path).read_bytes() for path in CASES}

    def write(files: Files) -> None:
        for path, data in files.items():
            (root / path).write_bytes(data if isinstance(data, bytes) else data.encode())

    report = build(root, lambda: write(CASES), at)
    changed = {path if path.startswith("content/") else "note.txt" for path in CASES}
    assert codes(report.problems) == {(path, "file-changed") for path in changed}
    written = [*tree(root / "output").values()]
    assert written
    for data in (b"At home", CASES["content/posts/2024-01-01-p/b.jpg"], b"Another text"):
        assert isinstance(data, bytes)
        assert not any(data in each for each in written)
    write(before)
    build(root)
    assert clean(root, tmp_path / "before") == []
    write(CASES)
    assert not build(root).problems
    assert clean(root, tmp_path / "after") == []


@pytest.mark.slow
def test_a_file_that_is_gone_is_reported_too(tmp_path: Path) -> None:
    root = write_site(tmp_path / "site", SITE)
    files = [root / path for path in ("content/static/a.jpg", "content/posts/2024-01-01-p/b.jpg")]
    report = build(root, lambda: unlink(files), LAST_READ)
    assert codes(report.problems) == {(file.relative_to(root).as_posix(), "unreadable") for file in files}
    write_site(root, SITE)
    assert not build(root).problems
    assert clean(root, tmp_path / "clean") == []


@pytest.mark.slow
def test_a_preview_keeps_the_file_that_it_has(tmp_path: Path) -> None:
    root = write_site(tmp_path / "site", SITE)
    file, other, last = root / "content/static/a.txt", b"Another text", b"Last"
    with Engine(root, BuildOptions(jobs=1, live=True), CLOCK) as engine:
        engine.build()
        file.write_bytes(other)

        def change(stage: str, *_: int) -> None:
            if stage == LAST_READ:
                file.write_bytes(last)

        report = engine.build(change, hint={"content/static/a.txt"})
        assert codes(report.problems) == {("content/static/a.txt", "file-changed")}
        assert (root / "output/a.txt").read_bytes() == b"One"
        assert not engine.build(hint={"content/static/a.txt"}).problems
        assert (root / "output/a.txt").read_bytes() == last
