"""Front matter that a build has read is taken from its state, and says what reading the sources says."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.config import load_config
from generator.engine.tools import front_matter
from generator.engine.tools.due import read_schedule
from generator.engine.tools.front_matter import read_metas
from tests.factories import build_site, post, write_files, write_site

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SETTINGS = 'title = "T"\nurl = "https://letters.example/"\ntimezone = "Europe/Vienna"\n'
FILES = {
    "site.toml": SETTINGS,
    "posts/2026-01-01-a.md": post("A", date="2026-01-01"),
    "posts/2026-01-02-later.md": post("Later", date="2026-09-01 08:00"),
    "posts/2026-01-03-draft.md": post("Draft", date="2026-07-01", draft="true"),
    "posts/2026-01-04-faulty.md": "---\ntitle: [\n---\n",
    "posts/2026-01-05-ends.md": post("Ends", date="2026-01-05", expires="2026-08-01"),
    "pages/about.md": post("About"),
    "newsletters/2026-02-01-n.md": post("N", date="2026-07-15", posts="[a]"),
}
LATER, ENDS = "content/posts/2026-01-02-later.md", "content/posts/2026-01-05-ends.md"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_site(tmp_path_factory.mktemp("built") / "site", FILES)
    for file in root.rglob("*.md"):
        os.utime(file, (1_600_000_000, 1_600_000_000))
    build_site(root)
    build_site(root)  # the sources are old enough now for their stamps to be kept
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """The built site, whose sources have other inodes now; one more build believes them."""
    root = shutil.copytree(built, tmp_path / "site")
    _wait_and_build(root)
    return root


def _wait_and_build(root: Path) -> None:
    import time

    time.sleep(0.1)  # a file whose inode has just changed may change again within the clock's tick
    build_site(root)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the sources that are read and parsed."""
    paths: list[str] = []
    read = front_matter._read

    def noting(root: Path, config: Any, item: Any) -> Any:
        paths.append(item.path)
        return read(root, config, item)

    monkeypatch.setattr(front_matter, "_read", noting)
    return paths


def dates(root: Path) -> list[tuple[str, object]]:
    """Give what the front matter says of dates; None for a source with an error."""
    metas = read_metas(root, load_config(root)[0])
    return [(path, meta and (meta.title, meta.date, meta.expires, meta.draft)) for path, meta, _ in metas]


def without_state(root: Path, folder: Path) -> Path:
    """Copy a site without what builds have stored."""
    return shutil.copytree(root, folder, ignore=shutil.ignore_patterns(".openletter", "output"))


def test_a_site_that_was_built_reads_only_sources_with_errors(root: Path, parsed: list[str], tmp_path: Path) -> None:
    before = dates(root)
    assert parsed == ["content/posts/2026-01-04-faulty.md"]
    assert before == dates(without_state(root, tmp_path / "plain"))
    assert len(parsed) == 8
    assert "content/posts/2026-01-03-draft.md" not in dict(before)


def _edit(root: Path) -> None:
    file = root / LATER
    file.write_text(file.read_text("utf-8").replace("2026-09-01", "2026-10-01"), "utf-8")  # as long as before
    os.utime(file, (1_600_000_000, 1_600_000_000))


def _replace(root: Path) -> None:
    shutil.copy2(root / ENDS, root / "kept")
    (root / ENDS).unlink()
    (root / "kept").rename(root / ENDS)


def _add(root: Path) -> None:
    write_files(root / "content", {"posts/2026-06-01-new.md": post("New", date="2026-06-20")})


def _delete(root: Path) -> None:
    (root / LATER).unlink()


def _another_zone(root: Path) -> None:
    (root / "site.toml").write_text(SETTINGS.replace("Europe/Vienna", "Asia/Tokyo"), "utf-8")


def _extension(root: Path) -> None:
    (root / "extensions").mkdir()
    (root / "extensions/own.py").write_text("def setup(openletter):\n    pass\n", "utf-8")
    (root / "site.toml").write_text(SETTINGS + '[extensions]\nuse = ["own"]\n', "utf-8")


def _damaged_state(root: Path) -> None:
    (root / ".openletter/state.sqlite").write_bytes(b"no database" * 1000)


def _damaged_record(root: Path) -> None:
    with closing(sqlite3.connect(root / ".openletter/state.sqlite")) as db, db:
        db.execute("UPDATE sources SET value = substr(value, 1, 20)")


def _empty_state(root: Path) -> None:
    (root / ".openletter/state.sqlite").write_bytes(b"")


@pytest.mark.parametrize(
    "change",
    [_edit, _replace, _add, _delete, _another_zone, _extension, _damaged_state, _damaged_record, _empty_state],
)
def test_what_has_changed_since_the_build_is_read(
    change: Callable[[Path], None], root: Path, parsed: list[str], tmp_path: Path
) -> None:
    change(root)
    assert dates(root) == dates(without_state(root, tmp_path / "plain"))


@pytest.mark.parametrize("change", [_edit, _another_zone, _extension, _damaged_state, _damaged_record])
def test_nothing_is_taken_from_a_state_that_does_not_fit(
    change: Callable[[Path], None], root: Path, parsed: list[str]
) -> None:
    change(root)
    dates(root)
    assert LATER in parsed
    assert (len(parsed) == 2) == (change is _edit)


def test_a_schedule_waits_for_no_build(root: Path) -> None:
    """A build may hold the lock of its folder, and have begun to write into the state."""
    from generator.engine.folders import lock

    with lock(root / ".openletter"), closing(sqlite3.connect(root / ".openletter/state.sqlite")) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM sources")
        found = read_schedule(root, NOW)
    assert found.next is not None
    assert found.next.path == "content/newsletters/2026-02-01-n.md"
    assert found.faulty == ("content/posts/2026-01-04-faulty.md",)
