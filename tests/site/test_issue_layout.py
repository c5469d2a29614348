from datetime import UTC, datetime
from typing import Any

import pytest

from generator.model import Kind, Update


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def name(key: str) -> str:
    return key.rsplit("/", 1)[-1].removesuffix(".md")


def layout(plan: Any) -> tuple[str, list[tuple[str, list[str]]], list[str]]:
    sections = [(section.title, [name(key) for key in section.posts]) for section in plan.sections]
    return name(plan.lead), sections, [name(key) for key in plan.brief]


@pytest.fixture
def posts(document: Any) -> list[Any]:
    """Eight posts: a and b on help, c of a series, d on help and rooms, the others on nothing."""
    more: dict[str, dict[str, Any]] = {
        "a": {"tags": ("Help",)},
        "b": {"tags": ("help",)},
        "c": {"series": "Small days"},
        "d": {"tags": ("Rooms", "Help")},
    }
    return [document(letter, date=f"2024-05-0{n}", **more.get(letter, {})) for n, letter in enumerate("abcdefgh", 1)]


HELP, ROOMS = ("Help", ["a", "b"]), ("Rooms", ["d"])


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"posts": ("a", "b", "c")}, ("a", [("", ["b", "c"])], [])),
        ({"posts": ("a", "b"), "lead": "b"}, ("b", [("", ["a"])], [])),
        ({"posts": ("a", "b"), "lead": "c"}, ("c", [("", ["a", "b"])], [])),
        ({"posts": tuple("abcdefgh")}, ("a", [("", list("bcdef"))], ["g", "h"])),
        ({"posts": tuple("abcdefgh"), "lead": "h"}, ("h", [("", list("abcde"))], ["f", "g"])),
        ({"posts": tuple("abcdefgh"), "brief": ()}, ("a", [("", list("bcdefgh"))], [])),
        ({"posts": tuple("abc"), "brief": ("b", "h")}, ("a", [("", ["c"])], ["b", "h"])),
        ({"posts": (), "brief": ("b",)}, ("", [], ["b"])),
        ({"posts": (*"eabcd",), "sections": ("Rooms", "Help")}, ("e", [("", ["c"]), ROOMS, HELP], [])),
        ({"posts": (*"eabcd",), "sections": ("small days",)}, ("e", [("", [*"abd"]), ("Small days", ["c"])], [])),
        ({"posts": (*"eabcd",), "sections": ("tags",)}, ("e", [("", ["c"]), HELP, ROOMS], [])),
        ({"posts": (*"eabcd",), "sections": ("Series",)}, ("e", [("", ["a", "b", "d"]), ("Small days", ["c"])], [])),
    ],
)  # fmt: skip
def test_every_post_of_an_issue_has_its_place(
    document: Any, index: Any, posts: list[Any], keys: dict[str, Any], expected: Any
) -> None:
    issue = document("june", kind=Kind.ISSUE, date="2024-06-01", **keys)
    site, problems = index(*posts, issue)
    plan = site.issue_layouts[issue.path]
    assert problems == ()
    assert layout(plan) == expected
    assert sorted(plan.posts) == sorted(
        key for key in (plan.lead, *plan.brief, *(key for each in plan.sections for key in each.posts)) if key
    )


def test_a_section_that_none_of_the_posts_belongs_to_is_said(document: Any, index: Any, posts: list[Any]) -> None:
    issue = document("june", kind=Kind.ISSUE, posts=("a", "b"), sections=("Help", "Hlep", "Rooms"))
    site, problems = index(*posts, issue)
    assert [(problem.code, problem.path) for problem in problems] == [("empty-section", issue.path)] * 2
    assert layout(site.issue_layouts[issue.path])[1] == [("Help", ["b"])]


def test_a_section_that_the_lead_story_alone_belongs_to_is_no_mistake(
    document: Any, index: Any, posts: list[Any]
) -> None:
    issue = document("june", kind=Kind.ISSUE, posts=("d", "a"), sections=("Rooms", "Help"))
    assert index(*posts, issue)[1] == ()


def test_a_lead_story_that_is_not_there_is_an_error(document: Any, index: Any, posts: list[Any]) -> None:
    issue = document("june", kind=Kind.ISSUE, posts=("a",), lead="zz", brief=("yy",))
    site, problems = index(*posts, issue)
    assert [problem.code for problem in problems] == ["missing-post", "missing-post"]
    assert layout(site.issue_layouts[issue.path])[0] == "a"


def test_corrections_are_what_readers_had_and_what_was_changed_since(document: Any, index: Any) -> None:
    def edited(*days: str) -> tuple[Update, ...]:
        return tuple(Update(at(day), f"of {day}") for day in sorted(days, reverse=True))

    site, _ = index(
        document("old", date="2024-04-01", updates=edited("2024-04-20", "2024-05-01", "2024-05-02", "2024-06-01")),
        document("older", date="2024-03-01", updates=edited("2024-05-20", "2024-06-02")),
        document("new", date="2024-05-10", updates=edited("2024-05-11")),
        document("kept", date="2024-04-02", newsletter=False, updates=edited("2024-05-11")),
        document("shown", date="2024-04-03", updates=edited("2024-05-11")),
        document("may", kind=Kind.ISSUE, date="2024-05-01"),
        document("june", kind=Kind.ISSUE, date="2024-06-01", posts=("new", "shown")),
        document("july", kind=Kind.ISSUE, date="2024-07-01", corrections=False),
    )
    told = {
        name(path): [(name(line.key), line.note) for line in plan.corrections]
        for path, plan in site.issue_layouts.items()
    }
    assert told["may"] == []
    assert told["june"] == [("old", "of 2024-05-02"), ("older", "of 2024-05-20"), ("old", "of 2024-06-01")]
    assert told["july"] == []
