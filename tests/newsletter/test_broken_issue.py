"""An issue that cannot be read is named as broken, not as missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import MailError, Problem
from generator.newsletter.checks.preflight import load_letter
from tests.newsletter.site_with_issue import CLOCK, make_site_with_issue

JULY = "content/newsletters/2026-07-01-july.md"


def refused(root: Path, name: str) -> tuple[Problem, ...]:
    with pytest.raises(MailError) as refusal:
        load_letter(root, name, CLOCK)
    return refusal.value.problems


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        (JULY, "---\ntitle: July\ndate: 2026-13-01\n---\nx\n", "july"),
        (JULY, "---\ntitle: [July\n---\nx\n", "july"),
        (JULY, "---\ntitle: July\n", "july"),
        (JULY, "---\ntitle: July\ndate: 2026-13-01\n---\nx\n", "2026-07-01-july.md"),
        (JULY, "---\ntitle: July\ndate: 2026-13-01\n---\nx\n", "2026-07-01-july"),
        (JULY, '---\ntitle: July\ndate: 2026-13-01\nslug: "summer"\n---\nx\n', "summer"),
        (JULY, '+++\ntitle = July"\nslug = "summer"\n+++\nx\n', "summer"),
        (JULY, '{"title": July, "slug": "summer"}\n\nx\n', "summer"),
        ("content/newsletters/july.md", "---\ntitle: [July\n---\nx\n", "july"),
    ],
)
def test_a_broken_issue_is_named_with_what_is_wrong(tmp_path: Path, path: str, text: str, name: str) -> None:
    problems = refused(make_site_with_issue(tmp_path, {path: text}), name)
    assert {problem.path for problem in problems} == {path}
    assert all(problem.code != "no-issue" and problem.line for problem in problems)


def test_a_name_that_fits_nothing_comes_with_the_issues_that_cannot_be_read(tmp_path: Path) -> None:
    root = make_site_with_issue(tmp_path, {JULY: "---\ntitle: [July\n---\nx\n"})
    problems = refused(root, "summer")
    assert [problem.code for problem in problems if not problem.path] == ["no-issue"]
    assert JULY in {problem.path for problem in problems}


def test_another_issue_may_be_broken(tmp_path: Path) -> None:
    root = make_site_with_issue(tmp_path, {JULY: "---\ntitle: [July\n---\nx\n"})
    assert load_letter(root, "june", CLOCK)[0].slug == "june"


def test_a_broken_post_is_no_issue(tmp_path: Path) -> None:
    root = make_site_with_issue(tmp_path, {"content/posts/july.md": "---\ntitle: [July\n---\nx\n"})
    assert [problem.code for problem in refused(root, "july")] == ["no-issue"]
