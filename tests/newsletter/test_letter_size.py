"""Size: Gmail counts the HTML; the whole mail is a warning; the largest stories are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.errors import Level
from generator.newsletter.issue import with_rendered_issue
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.letter_size import MAX_BYTES, WARN_BYTES, check_size, measure_html, measure_stories
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import make_sender
from tests.factories import post
from tests.newsletter.conftest import NOW, make_letter, make_site
from tests.newsletter.site_with_issue import CLOCK, issue, make_site_with_issue

EMPTY = len(make_letter("<p></p>").html)


@pytest.mark.parametrize(
    ("html", "text", "level"),
    [
        (1_000, 1_000, None),
        (WARN_BYTES, 1_000, None),
        (WARN_BYTES + 1, 1_000, Level.WARNING),
        (MAX_BYTES, 200_000, Level.WARNING),
        (MAX_BYTES + 1, 1_000, Level.ERROR),
        (50_000, MAX_BYTES, Level.WARNING),
        (1_000, 200_000, Level.WARNING),
    ],
)
@pytest.mark.parametrize("letters", ["x", "日"])
def test_gmail_counts_the_html(tmp_path: Path, html: int, text: int, level: Level | None, letters: str) -> None:
    link = "https://lists.example.org/leave"
    room = html - EMPTY - len(link) + len("{{openletter-unsubscribe}}")
    size = len(letters.encode())
    letter = make_letter(f"<p>{letters * (room // size)}{'x' * (room % size)}</p>", "x" * text)
    message = compose_message(letter, make_sender(make_site(tmp_path)), Recipient("a@example.org"), NOW, b"")
    assert measure_html(message) == html
    found = check_size(letter, message)
    if level is None and len(message) > MAX_BYTES:  # base64 takes a third more
        level = Level.WARNING
    assert [problem.level for problem in found] == ([level] if level else [])


STORIES = ["The long story", "What the stairs taught us", "The lift is mended", "Short", "A fifth"]


def letter_of(root: Path) -> str:
    files: dict[str, str | bytes] = {
        f"content/posts/2026-05-0{number}-s{number}.md": post(title, "x", summary="word " * 400 * (5 - number))
        for number, title in enumerate(STORIES, 1)
    }
    names = [f"s{number}" for number in range(1, 6)]
    files["content/newsletters/2026-06-01-june.md"] = issue("Dear all. " * 9_000, posts=names)
    return make_site_with_issue(root, files).as_posix()


def test_the_largest_stories_are_named(tmp_path: Path) -> None:
    from generator.newsletter.checks.preflight import run_preflight

    root = Path(letter_of(tmp_path))
    letter, problems = with_rendered_issue(root, "june", CLOCK, lambda each: (each.letter, run_preflight(each)))
    measured = measure_stories(letter)
    assert sorted(title for title, _ in measured) == sorted(STORIES)
    assert [size for _, size in measured] == sorted((size for _, size in measured), reverse=True)
    (problem,) = [each for each in problems if each.code == "mail-size"]
    assert re.search(r'Largest: "The long story" \(\d,\d{3}\), "What the stairs taught us"', problem.message)
    assert problem.message.count('"') == 6


@pytest.mark.parametrize(
    "page",
    ["<p>no story</p>", "<h2>no link</h2>", "<h1><a href='x'>one</a></h1>", "<h2><a href='x'></a></h2>", "<h4>x</h4>"],
)
def test_a_letter_of_any_theme_can_be_measured(page: str) -> None:
    assert len(measure_stories(make_letter(page))) == page.count("<a ")
