"""A new issue takes what came since the last one, and says of everything else why it did not."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import frontmatter
import pytest

from generator.clock import Clock
from generator.errors import ConfigError
from generator.newsletter.checks.preflight import load_letter
from generator.scaffold.new_issue import create_issue
from generator.site.issue_selection import Criteria, IssueSelection
from tests.factories import post
from tests.guards import HANG_S
from tests.newsletter.site_with_issue import issue, make_site_with_issue

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
CLOCK = Clock(NOW)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site whose last issue is of 1 June; what has come since is of every kind."""
    posts: dict[str, dict[str, Any]] = {
        "2026-05-20-before": {},
        "2026-06-02-one": {"tags": ["Help"]},
        "2026-06-03-two": {"tags": ["Rooms"]},
        "2026-06-04-three": {"tags": ["help"], "pinned": True},
        "2026-06-05-private": {"newsletter": False},
        "2026-06-06-draft": {"draft": True},
        "2026-06-07-gone": {"expires": "2026-06-08"},
        "2026-06-20-later": {},
        "2026-06-08-sent": {},
    }
    files: dict[str, str | bytes] = {
        f"content/posts/{name}.md": post(name[11:].title(), **keys) for name, keys in posts.items()
    }
    files["content/posts/2026-06-09-broken.md"] = "---\ntitle: [\n---\n"
    files["content/newsletters/2026-06-30-special.md"] = issue(date="2026-06-30", posts=["sent"], draft=True)
    files["content/newsletters/2026-06-01-june.md"] = issue(posts=["lift", "stairs", "before"])
    return make_site_with_issue(tmp_path, files)


def taken(selection: IssueSelection) -> list[str]:
    return [each.name for each in selection.taken]


def left_out(selection: IssueSelection) -> dict[str, str]:
    return {each.path.rpartition("/")[2][11:-3]: each.reason for each in selection.left_out}


HIDDEN = {
    "draft": "a draft",
    "gone": "expired",
    "later": "scheduled for 2026-06-20 00:00",
    "broken": "it cannot be read",
}
ALWAYS = {"private": "newsletter: false", "sent": "already in content/newsletters/2026-06-30-special.md", **HIDDEN}


def test_it_takes_what_came_since_the_last_issue(root: Path) -> None:
    path, selection = create_issue(root, "July news", Criteria(), CLOCK)
    assert taken(selection) == ["three", "two", "one"]  # the pinned one, then the newest
    assert left_out(selection) == ALWAYS
    assert selection.last == "content/newsletters/2026-06-01-june.md"
    written = frontmatter.load(str(root / path))
    assert written["posts"] == ["three", "two", "one"]
    assert written["draft"] is True


@pytest.mark.parametrize(
    ("wish", "expected", "reasons"),
    [
        (Criteria(tags=("HELP",)), ["three", "one"], {"two": "not tagged HELP"}),
        (Criteria(tags=("x", "rooms")), ["two"], {"one": "not tagged x or rooms", "three": "not tagged x or rooms"}),
        (Criteria(limit=2), ["three", "two"], {"one": "over the limit of 2"}),
        (Criteria(limit=1, tags=("help",)), ["three"], {"one": "over the limit of 1", "two": "not tagged help"}),
        (Criteria(posts=("two", "before")), ["two", "before"], {"one": "not chosen", "three": "not chosen"}),
        (Criteria(posts=("private",)), ["private"], dict.fromkeys(("one", "two", "three"), "not chosen")),
        (Criteria(since=datetime(2026, 6, 3)), ["three"], {}),
    ],
)
def test_the_editor_may_ask_for_less_or_choose(
    root: Path, wish: Criteria, expected: list[str], reasons: dict[str, str]
) -> None:
    _, selection = create_issue(root, "July news", wish, CLOCK)
    assert taken(selection) == expected
    missing = {name: reason for name, reason in left_out(selection).items() if name not in ALWAYS}
    assert missing == reasons


def test_the_first_issue_looks_a_month_back(tmp_path: Path) -> None:
    root = make_site_with_issue(tmp_path, {"content/posts/2026-01-01-old.md": post("Old")})
    for file in (root / "content/newsletters").iterdir():
        file.unlink()
    _, selection = create_issue(root, "First", Criteria(), Clock(datetime(2026, 6, 2, 12, tzinfo=UTC)))
    assert taken(selection) == ["stairs"]  # of 3 May; the lift is of 2 May, 00:00
    assert selection.last == ""


def test_a_post_that_is_not_there_is_refused_and_nothing_is_written(root: Path) -> None:
    before = sorted((root / "content/newsletters").iterdir())
    with pytest.raises(ConfigError) as refusal:
        create_issue(root, "July", Criteria(posts=("one", "none", "draft")), CLOCK)
    assert [(each.code, each.path) for each in refusal.value.problems] == [
        ("missing-post", ""),
        ("missing-post", "content/posts/2026-06-06-draft.md"),
    ]
    assert sorted((root / "content/newsletters").iterdir()) == before


def test_a_slug_that_two_posts_have_is_written_as_a_path(root: Path) -> None:
    (root / "content/posts/2026-05-02-one.md").write_text(post("Another one"))
    path, _ = create_issue(root, "July", Criteria(), CLOCK)
    assert "posts/2026-06-02-one.md" in (root / path).read_text()
    letter, problems = load_letter(root, path, CLOCK)
    assert "missing-post" not in {problem.code for problem in problems}
    assert "One" in letter.text


def test_it_leaves_an_introduction_to_write_that_cannot_be_sent_unwritten(root: Path) -> None:
    path, _ = create_issue(root, "July", Criteria(), CLOCK)
    problems = load_letter(root, path, CLOCK)[1]
    assert [(each.code, each.level) for each in problems if each.path == path and each.line > 10] == [
        ("mail-placeholder", "error")
    ]


@pytest.mark.parametrize("title", ["a: b # c", "- x", '"', "{{ x }}", "]]> <b>", "no", "   spaced   ", "#hash"])
def test_titles_of_posts_never_break_the_list(root: Path, title: str) -> None:
    (root / "content/posts/2026-06-09-odd.md").write_text(post(title))
    path, selection = create_issue(root, "July", Criteria(), CLOCK)
    assert frontmatter.load(str(root / path))["posts"] == ["three", "odd", "two", "one"]
    assert len(selection.taken) == 4


def start(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "generator", "new", *words, "--site", str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=HANG_S)


def test_the_command_says_what_it_took_and_what_it_left_out(root: Path) -> None:
    done = start(root, "newsletter", "July news", "--since", "2026-06-01", "--tag", "help")
    assert done.returncode == 0
    assert Path(done.stdout.strip()).is_file()
    assert "content/posts/2026-06-02-one.md: One" in done.stderr
    assert "content/posts/2026-06-03-two.md: not tagged help" in done.stderr
    assert "content/posts/2026-06-05-private.md: newsletter: false" in done.stderr


def test_the_command_tells_programs(root: Path) -> None:
    said = json.loads(start(root, "newsletter", "July news", "--post", "two", "--json").stdout)
    assert said["taken"] == [{"path": "content/posts/2026-06-03-two.md", "title": "Two", "earlier": False}]
    assert {"path": "content/posts/2026-06-02-one.md", "title": "One", "reason": "not chosen"} in said["left_out"]


@pytest.mark.parametrize(
    "words",
    [
        ("post", "x", "--tag", "a"),
        ("page", "x", "--limit", "3"),
        ("newsletter", "x", "--post", "a", "--limit", "2"),
        ("newsletter", "x", "--limit", "0"),
        ("newsletter", "x", "--since", "yesterday"),
    ],
)
def test_options_that_make_no_sense_are_refused(root: Path, words: tuple[str, ...]) -> None:
    before = sorted((root / "content").rglob("*"))
    assert start(root, *words).returncode == 2
    assert sorted((root / "content").rglob("*")) == before


LIKE: dict[str, Any] = {
    "order": ["figures", "lead"], "figures": "figures.csv", "changes": [{"what": "It moves"}], "dates": False,
    "thanks": [], "ask": {"question": "Useful?", "answers": ["Yes", "No"], "url": "https://a.example.org/?a={answer}"},
    "sections": ["Help"],
}  # fmt: skip


def test_an_issue_like_another_has_its_blocks_empty_in_its_order(root: Path) -> None:
    (root / "content/newsletters/2026-06-01-june.md").write_text(issue(**LIKE), "utf-8")
    path, _ = create_issue(root, "July", Criteria(), CLOCK, "june")
    made = frontmatter.load(str(root / path)).metadata
    kept = {key: made[key] for key in LIKE if key in made}
    assert kept == {key: [] if key == "changes" else value for key, value in LIKE.items() if key != "thanks"}


@pytest.mark.parametrize("name", ["2026-06-01-june", "2026-06-01-june.md", "content/newsletters/2026-06-01-june.md"])
def test_the_other_issue_may_be_named_by_its_file(root: Path, name: str) -> None:
    assert create_issue(root, "July", Criteria(), CLOCK, name)[0].endswith("-july.md")


def test_an_issue_like_none_is_not_written(root: Path) -> None:
    with pytest.raises(ConfigError, match="is not a newsletter issue"):
        create_issue(root, "July", Criteria(), CLOCK, "jule")
    assert not list((root / "content/newsletters").glob("*july*"))
