"""The snapshot of the sources that the preview has built: it knows what a build was told, and finds the rest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.preview import rescan
from generator.preview.rescan import SourceSnapshot
from tests.factories import post

Site = Callable[[Mapping[str, str]], Path]
FILES = {f"posts/2024-01-0{n}-p{n}.md": post(f"P{n}") for n in range(1, 5)} | {"posts/more/a.md": post("A")}
SAME = "content/posts/2024-01-01-p1.md"


@pytest.fixture
def root(site: Site) -> Path:
    return site({**FILES, "themes/mine/theme.toml": 'extends = "default"\n', "site.toml": 'title = "T"\n'})


@pytest.mark.parametrize(
    ("gone", "new"),
    [
        ((), ("content/posts/2024-02-01-new.md",)),
        ((SAME,), ()),
        ((SAME, "content/posts/more/a.md"), ("content/posts/more/b.md",)),
        (("themes/mine/theme.toml",), ("themes/mine/templates/post.html",)),
        (("content/posts/more/a.md",), ()),
    ],
)
def test_files_that_come_and_go_are_recorded_without_a_scan(
    root: Path, monkeypatch: pytest.MonkeyPatch, gone: tuple[str, ...], new: tuple[str, ...]
) -> None:
    snapshot = SourceSnapshot(root)
    snapshot.record(None)
    for path in gone:
        (root / path).unlink()
    for path in new:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("New.", "utf-8")
    assert snapshot.find_changes() == {*gone, *new}
    with monkeypatch.context() as patch:

        def forbidden(*_: object) -> None:
            raise AssertionError("all was looked at")

        patch.setattr(rescan, "scan_content", forbidden)
        snapshot.record(frozenset({*gone, *new, "content/posts/passing.md", "content/posts/a.md.sb-12"}))
    assert snapshot.find_changes() == frozenset()
    for path in gone:
        (root / path).write_text("It is back.", "utf-8")
    assert snapshot.find_changes() == {*gone}


def test_a_folder_that_goes_is_recorded_by_a_scan(root: Path) -> None:
    snapshot = SourceSnapshot(root)
    snapshot.record(None)
    shutil.rmtree(root / "content/posts/more")
    assert snapshot.find_changes() == {"content/posts/more/a.md"}
    snapshot.record(frozenset({"content/posts/more"}))
    assert snapshot.find_changes() == frozenset()


def test_a_name_that_the_disk_spells_otherwise_is_not_taken_for_gone(site: Site) -> None:
    composed, on_disk = "content/posts/2024-01-01-é.md", "posts/2024-01-01-e\u0301.md"
    root = site({on_disk: post("É")})
    snapshot = SourceSnapshot(root)
    snapshot.record(None)
    snapshot.record(frozenset({composed}))
    assert snapshot.find_changes() == frozenset()
