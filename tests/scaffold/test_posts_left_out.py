"""What an issue left out is offered again, by post: nothing is lost between two issues, and nothing comes twice."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.clock import Clock
from generator.scaffold.new_issue import create_issue
from generator.site.issue_selection import Criteria, IssueSelection
from tests.factories import post, write_files
from tests.guards import HANG_S
from tests.newsletter.site_with_issue import SITE, issue

NOW = datetime(2026, 7, 10, 12, tzinfo=UTC)
MAY, JUNE = "content/newsletters/2026-05-01-may.md", "content/newsletters/2026-06-01-june.md"
POSTS: dict[str, dict[str, Any]] = {
    "2026-03-01-ancient": {},
    "2026-04-10-april": {"tags": ["Help"]},
    "2026-05-10-one": {"tags": ["Help"]},
    "2026-05-11-two": {"tags": ["Rooms"]},
    "2026-05-12-three": {"tags": ["Help"]},
    "2026-06-20-new": {"tags": ["Help"]},
}


def make_root(root: Path, files: dict[str, str | bytes]) -> Path:
    posts: dict[str, str | bytes] = {
        f"content/posts/{name}.md": post(name[11:].title(), **keys) for name, keys in POSTS.items()
    }
    return write_files(root, {"site.toml": SITE, **posts, **files})


def carries(date: str, *posts: str, **keys: Any) -> str:
    return issue(date=date, posts=list(posts) or None, **keys)


def offered(root: Path, wish: Criteria | None = None) -> tuple[set[str], set[str], IssueSelection]:
    """Start an issue: what it takes that is new, what it takes from before the last issue."""
    selection = create_issue(root, "Next", wish or Criteria(), Clock(NOW))[1]
    new = {each.name for each in selection.taken if not each.earlier}
    return new, {each.name for each in selection.taken if each.earlier}, selection


@pytest.mark.parametrize(
    ("files", "earlier"),
    [
        ({MAY: carries("2026-05-01", "april"), JUNE: carries("2026-06-01", "one")}, {"two", "three"}),
        ({MAY: carries("2026-05-01", "april"), JUNE: carries("2026-06-01", "one", "two", "three")}, set()),
        ({MAY: carries("2026-05-01", "one"), JUNE: carries("2026-06-01", "two")}, {"april", "three"}),
        ({MAY: carries("2026-05-01"), JUNE: carries("2026-06-01", "one")}, {"two", "three"}),
        ({MAY: carries("2026-05-01"), JUNE: carries("2026-06-01")}, set()),
        ({JUNE: carries("2026-06-01", "one", lead="two")}, {"three"}),
        ({MAY: carries("2026-05-01", "april"), JUNE: carries("2026-06-01", collect={"tags": ["help"]})}, {"two"}),
    ],
)
def test_posts_that_no_issue_carried_come_back(
    tmp_path: Path, files: dict[str, str | bytes], earlier: set[str]
) -> None:
    new, old, _ = offered(make_root(tmp_path, files))
    assert (new, old) == ({"new"}, earlier)


@pytest.mark.parametrize(
    "wish", [Criteria(tags=("rooms",)), Criteria(limit=1), Criteria(limit=2), Criteria(posts=("two",)), Criteria()]
)
def test_what_one_issue_leaves_out_the_next_one_takes(tmp_path: Path, wish: Criteria) -> None:
    root = make_root(tmp_path, {MAY: carries("2026-05-01", "april")})
    everything = {"one", "two", "three", "new"}
    path, first = create_issue(root, "July", wish, Clock(NOW))
    named = {each.path for each in first.left_out}
    assert {each.path for each in first.taken} | named >= {f"content/posts/{name}.md" for name in list(POSTS)[2:]}
    file = root / path
    text = file.read_text().replace("draft: true\n", "")
    file.write_text(re.sub(r"(?m)^date:.*$", "date: 2026-07-10", text))
    later = create_issue(root, "August", Criteria(), Clock(NOW.replace(month=8)))[1]
    assert {each.name for each in later.taken} == everything - {each.name for each in first.taken}
    assert all(each.earlier for each in later.taken)


@pytest.mark.parametrize(
    "keys",
    [{"newsletter": False}, {"draft": True}, {"expires": "2026-06-01"}, {"date": "2026-09-01"}, {"date": "2026-03-02"}],
)
def test_what_belongs_in_no_issue_does_not_come_back(tmp_path: Path, keys: dict[str, Any]) -> None:
    files: dict[str, str | bytes] = {
        MAY: carries("2026-05-01", "april"),
        JUNE: carries("2026-06-01", "one", "two", "three"),
        "content/posts/2026-05-20-odd.md": post("Odd", **keys),
    }
    assert offered(make_root(tmp_path, files))[:2] == ({"new"}, set())


def test_a_post_published_late_with_an_old_date_is_offered(tmp_path: Path) -> None:
    root = make_root(
        tmp_path, {MAY: carries("2026-05-01", "april"), JUNE: carries("2026-06-01", "one", "two", "three")}
    )
    assert offered(root)[1] == set()
    (root / "content/posts/2026-05-30-late.md").write_text(post("Late"))
    assert offered(root)[1] == {"late"}


def test_since_leaves_out_older_posts(tmp_path: Path) -> None:
    root = make_root(tmp_path, {MAY: carries("2026-05-01", "april"), JUNE: carries("2026-06-01", "one")})
    assert offered(root, Criteria(since=datetime(2026, 6, 1)))[:2] == ({"new"}, set())


def test_the_command_names_the_older_posts_and_the_issues_it_cannot_read(tmp_path: Path) -> None:
    files = {MAY: carries("2026-05-01", "april"), JUNE: carries("2026-06-01", "one")}
    root = make_root(tmp_path, {**files, "content/newsletters/2026-06-15-odd.md": "---\ntitle: [\n---\n"})
    command = [sys.executable, "-m", "generator", "new", "newsletter", "July", "--limit", "2", "--site", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=HANG_S)
    assert "content/posts/2026-06-20-new.md: New\n" in done.stderr
    assert "content/posts/2026-05-12-three.md: Three (older than the last issue)" in done.stderr
    assert "content/posts/2026-05-11-two.md: over the limit of 2" in done.stderr
    assert "content/newsletters/2026-06-15-odd.md cannot be read, so posts in it may be included" in done.stderr
    assert "ancient" not in done.stderr
