"""The next moment at which the clock alone changes the site."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import cli
from generator.cli.due import format_wait
from tests.factories import plain_post, write_files

SETTINGS = 'title = "T"\nurl = "https://www.example.org/"\ntimezone = "Europe/Vienna"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content/posts").mkdir(parents=True)
    (tmp_path / "content/newsletters").mkdir()
    (tmp_path / "site.toml").write_text(SETTINGS, "utf-8")
    return tmp_path


def write(root: Path, path: str, *lines: str) -> None:
    keys = dict(line.split(": ", 1) for line in lines)
    write_files(root / "content", {path: plain_post("T", **keys)})


def due(root: Path, at: str = "2026-06-01T12:00") -> dict[str, str | None]:
    done = CliRunner().invoke(cli, ["due", "--site", str(root), "--at", at, "--json"])
    assert done.exit_code == 0, done.output
    answer: dict[str, str | None] = json.loads(done.stdout)
    return {key: answer[key] for key in ("due", "path", "event")}


def test_the_next_scheduled_source_is_named_with_its_moment(root: Path) -> None:
    write(root, "posts/later.md", "date: 2026-09-01")
    write(root, "newsletters/sooner.md", "date: 2026-07-01 09:30")
    write(root, "posts/past.md", "date: 2026-01-01")
    assert due(root) == {
        "due": "2026-07-01T09:30:00+02:00",
        "path": "content/newsletters/sooner.md",
        "event": "published",
    }


def test_the_next_expiry_counts_too(root: Path) -> None:
    write(root, "posts/a.md", "date: 2026-01-01", "expires: 2026-06-02")
    assert due(root)["event"] == "expires"
    assert due(root)["due"] == "2026-06-02T00:00:00+02:00"


def test_the_day_on_which_a_post_takes_no_more_comments_counts_too(root: Path) -> None:
    write(root, "posts/a.md", "date: 2026-05-20")
    write(root, "posts/b.md", "date: 2026-05-19", "comments: closed")
    write(root, "pages/c.md", "date: 2026-05-18")
    (root / "site.toml").write_text(
        f'{SETTINGS}[comments]\nprovider = "mailto"\naddress = "a@example.org"\nclosed_after_days = 30\n', "utf-8"
    )
    assert due(root) == {"due": "2026-06-19T00:00:00+02:00", "path": "content/posts/a.md", "event": "closes"}
    words = CliRunner().invoke(cli, ["due", "--site", str(root), "--at", "2026-06-01"]).stdout
    assert words.startswith("Next: content/posts/a.md takes no more comments from 19 June 2026 at 00:00")


def test_the_moment_itself_has_passed(root: Path) -> None:
    write(root, "posts/a.md", "date: 2026-06-01T12:00")
    assert due(root, at="2026-06-01T12:00")["due"] is None
    assert due(root, at="2026-06-01T11:59:59")["path"] == "content/posts/a.md"
    assert due(root, at="2026-06-01T09:59:59Z")["path"] == "content/posts/a.md"


def test_what_is_never_public_is_never_due(root: Path) -> None:
    write(root, "posts/draft.md", "date: 2027-01-01", "draft: true")
    write(root, "posts/broken.md", "date: 12/31")
    write(root, "posts/over.md", "date: 2027-02-02", "expires: 2027-02-01")
    (root / "content/posts/latin.md").write_bytes("---\ntitle: caf\xe9\n---".encode("latin-1"))
    assert due(root) == {"due": None, "path": None, "event": None}


def test_people_get_a_sentence(root: Path) -> None:
    words = ["due", "--site", str(root), "--at", "2026-06-01"]
    assert CliRunner().invoke(cli, words).stdout == "Nothing is scheduled and nothing expires.\n"
    write(root, "posts/a.md", "date: 2026-12-24 18:00")
    assert CliRunner().invoke(cli, words).stdout == (
        "Next: content/posts/a.md goes live on 24 December 2026 at 18:00 (in 206 days).\n"
    )


def test_without_a_site_it_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["due", "--site", str(tmp_path)])
    assert done.exit_code == 2
    assert "site.toml" in done.stderr


@pytest.mark.parametrize(
    ("wait", "text"),
    [
        (timedelta(days=25, hours=23), "25 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(seconds=1), "1 minute"),
        (timedelta(days=1_234), "1,234 days"),
    ],
)
def test_a_wait_is_written_in_its_largest_unit(wait: timedelta, text: str) -> None:
    assert format_wait(wait) == text
