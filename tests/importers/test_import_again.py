"""Importing again, trying out, and files that somebody changed since."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.errors import ConfigError
from generator.importers.import_model import ImportOutcome, Topic
from tests.factories import plain_post

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]
A = "content/posts/2020/2020-01-01-a.md"
B = "content/posts/2020/2020-01-02-b.md"


@pytest.fixture
def source(blog: Blog) -> Path:
    return blog(
        {
            "_posts/2020-01-01-a.md": plain_post("A", "![x](/img/x.png)"),
            "_posts/2020-01-02-b.md": plain_post("B"),
            "img/x.png": b"one",
        }
    )


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    files = (file for file in root.rglob("*") if file.is_file())
    return {file.relative_to(root).as_posix(): (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


def test_a_trial_writes_nothing_and_says_what_would_come(source: Path, bring: Bring, site: Path) -> None:
    before = tree(site)
    outcome = bring(source, dry_run=True)
    assert outcome.written == (A, B, "content/static/img/x.png")
    assert tree(site) == before


def test_a_second_run_writes_nothing(source: Path, bring: Bring, site: Path) -> None:
    bring(source)
    before = tree(site)
    outcome = bring(source)
    assert (outcome.written, outcome.same, outcome.kept) == ((), 3, ())
    assert tree(site) == before


def test_a_second_run_writes_nothing_when_the_memory_is_gone(source: Path, bring: Bring, site: Path) -> None:
    bring(source)
    shutil.rmtree(site / ".openletter")
    before = tree(site)
    assert bring(source).written == ()
    after = tree(site)
    after.pop(".openletter/import-markdown.json")
    assert after == before


def test_what_was_edited_is_kept_and_said(source: Path, bring: Bring, site: Path) -> None:
    bring(source)
    (site / A).write_text((site / A).read_text() + "\nMore of mine.\n")
    edited = (site / A).read_bytes()
    (source / "_posts/2020-01-01-a.md").write_text(plain_post("A", "New in the source."))
    outcome = bring(source)
    assert (outcome.written, outcome.kept) == ((), (A,))
    assert (site / A).read_bytes() == edited
    assert Topic.KEPT in {note.topic for note in outcome.notes}


def test_what_nobody_edited_follows_its_source(source: Path, bring: Bring, site: Path) -> None:
    bring(source)
    (source / "_posts/2020-01-01-a.md").write_text(plain_post("A", "New in the source."))
    (source / "img/x.png").write_bytes(b"two")
    assert bring(source).written == (A,)
    assert "New in the source." in (site / A).read_text()


def test_without_its_memory_a_file_that_differs_is_taken_for_edited(source: Path, bring: Bring, site: Path) -> None:
    bring(source)
    shutil.rmtree(site / ".openletter")
    (source / "_posts/2020-01-01-a.md").write_text(plain_post("A", "New in the source."))
    assert bring(source).kept == (A,)


def test_a_file_that_was_moved_is_found_by_its_id_and_not_made_again(source: Path, bring: Bring, site: Path) -> None:
    bring(source)
    (site / A).rename(site / "content/posts/2020-01-01-moved.md")
    outcome = bring(source)
    assert outcome.written == ()
    assert outcome.kept == ("content/posts/2020-01-01-moved.md",)
    assert not (site / A).exists()


def test_a_file_that_was_deleted_stays_away_until_the_memory_goes(source: Path, bring: Bring, site: Path) -> None:
    bring(source)
    (site / B).unlink()
    assert (bring(source).kept, (site / B).exists()) == ((B,), False)
    shutil.rmtree(site / ".openletter")
    assert bring(source).written == (B,)


def test_what_was_there_before_is_never_written_over(source: Path, bring: Bring, site: Path) -> None:
    mine = plain_post("Mine", id="mine")
    (site / A).parent.mkdir(parents=True)
    (site / A).write_text(mine)
    (site / "content/static/img").mkdir(parents=True)
    (site / "content/static/img/x.png").write_bytes(b"mine")
    outcome = bring(source)
    assert (site / A).read_text() == mine
    assert (site / "content/static/img/x.png").read_bytes() == b"mine"
    assert [post.address for post in outcome.posts] == ["/2020/01/a-2/", "/2020/01/b/"]
    assert outcome.kept == ("content/static/img/x.png",)


def test_a_report_that_somebody_wrote_into_stays(source: Path, bring: Bring, site: Path) -> None:
    bring(source)
    (site / "import-report.md").write_text("My ticks.")
    bring(source)
    assert not (site / "import-report-2.md").exists()
    (source / "_posts/2020-01-03-c.md").write_text(plain_post("C"))
    assert bring(source).report == "import-report-2.md"
    assert (site / "import-report.md").read_text() == "My ticks."


def test_two_blogs_in_turn_do_not_meet(blog: Callable[..., Path], bring: Bring) -> None:
    first = blog({"_posts/2020-01-01-a.md": plain_post("First")}, "one")
    second = blog({"_posts/2020-01-01-a.md": plain_post("Second")}, "two")
    bring(first)
    assert [written.address for written in bring(second).posts] == ["/2020/01/a-2/"]
    assert bring(first).written == ()
    assert bring(second).written == ()


def test_two_blogs_at_once_do_not_meet(blog: Callable[..., Path], bring: Bring, site: Path) -> None:
    first = blog({"a.md": plain_post("First", date="2020-01-01")}, "one")
    second = blog({"a.md": plain_post("Second", date="2020-01-01")}, "two")
    outcome = bring(first, second)
    assert len({written.address for written in outcome.posts}) == 2
    assert len({(site / written.path).read_text().split("id: ")[1][:36] for written in outcome.posts}) == 2
    assert bring(first, second).written == ()


def test_the_site_cannot_be_imported_into_itself(bring: Bring, site: Path) -> None:
    (site / "content/posts").mkdir(parents=True)
    with pytest.raises(ConfigError, match="content folder of your own site"):
        bring(site / "content/posts")


def test_a_site_within_the_source_is_passed_over(source: Path, bring: Bring, site: Path) -> None:
    (site / "content/posts").mkdir(parents=True)
    (site / "content/posts/2021-01-01-own.md").write_text(plain_post("Own"))
    outcome = bring(site.parent)
    assert [written.source.rpartition("/")[2] for written in outcome.posts] == ["2020-01-01-a.md", "2020-01-02-b.md"]


def test_a_source_that_is_not_there_is_a_wrong_option(bring: Bring, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="File or folder not found"):
        bring(tmp_path / "nowhere")
