"""How a problem looks on a terminal, with its source line and a mark below the word, and in a GitHub workflow."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from generator.cli.console import escape_controls
from generator.cli.problem_display import github_commands, make_excerpt, print_problem, read_line, word_end
from generator.errors import Problem, error, warning

Show = Callable[[str, Problem], list[str]]


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """Show a problem in a.md on a terminal of 40 columns; give the lines as they appear."""

    def shown(text: str, problem: Problem) -> list[str]:
        (tmp_path / "a.md").write_text(text, encoding="utf-8")
        written = io.StringIO()
        console = Console(file=written, width=40, highlight=False, markup=False, emoji=False)
        print_problem(console, problem, tmp_path, escape_controls)
        return written.getvalue().split("\n")

    return shown


def test_the_line_stands_above_the_mark_the_message_and_the_hint(show: Show) -> None:
    problem = error("a.md", "date", '"soon" is not a date.', "Write: date: 2026-12-31", line=2, column=7)
    assert show("---\ndate: soon\n---\n", problem) == [
        "a.md:2:7",
        " 2 | date: soon",
        "   |       ^^^^",
        'error: "soon" is not a date.',
        "hint: Write: date: 2026-12-31 [date]",
        "",
        "",
    ]


def test_a_problem_without_a_hint_ends_with_its_code(show: Show) -> None:
    assert show("x\n", warning("a.md", "odd", "Odd.", line=1))[:3] == ["a.md:1", " 1 | x", "warning: Odd. [odd]"]


@pytest.mark.parametrize(
    "problem", [error("b.md", "x", "No.", line=1), error("", "x", "No."), error("a.md", "x", "No.")]
)
def test_a_problem_whose_line_is_not_known_is_shown_without_one(show: Show, problem: Problem) -> None:
    place, message, *_ = show("x\n", problem)
    assert place.split(":")[0] == (problem.path or "openletter")
    assert message == "error: No. [x]"


@pytest.mark.parametrize(
    ("line", "column", "marked"),
    [
        ('title = "two words" # x', 9, '"two words"'),
        ("title = “two words”", 9, "“two words”"),
        ('title = "open', 9, '"open'),
        ("See [the post](a.md#b) now", 5, "[the post](a.md#b)"),
        ("![A cat](cat.jpg)", 1, "![A cat](cat.jpg)"),
        ("at https://x.example/a?b=c now", 4, "https://x.example/a?b=c"),
        ("tagz: [a, b]", 1, "tagz"),
        ("[[nav]] # x", 1, "[[nav]]"),
        ("a = ", 5, ""),
        ("a: 2026-02-30", 4, "2026-02-30"),
        ("(", 1, "("),
        ("größe = 1", 1, "größe"),
        ("a <b> c", 3, "<b>"),
    ],
)
def test_the_mark_takes_in_the_whole_word(line: str, column: int, marked: str) -> None:
    assert line[column - 1 : word_end(line, column - 1)] == marked


@pytest.mark.parametrize(
    ("line", "column", "below"),
    [
        ("\tx: no", 5, "no"),
        ("題名: no", 5, "no"),
        ("e\u0301a: no", 6, "no"),
        ("a\x1b[0m: no", 8, "no"),
        ("👩‍🚀: no", 6, "no"),
        ("ａｂ: no", 5, "no"),
    ],
)
def test_the_mark_stands_below_its_word_whatever_is_before_it(line: str, column: int, below: str) -> None:
    excerpt = make_excerpt(line, column, 80, escape_controls)
    before = excerpt.line[: excerpt.line.index(below)]
    assert excerpt.mark == " " * cell_len(before) + "^^"


@pytest.mark.parametrize("column", [0, 1, 300, 301, 950, 1_000])
@pytest.mark.parametrize("letter", ["a ", "題 ", "\x07 ", "ab", "題"])
def test_a_long_line_is_cropped_around_the_word(letter: str, column: int) -> None:
    line = letter * 500
    excerpt = make_excerpt(line[:1_000], column, 60, escape_controls)
    assert cell_len(excerpt.line) <= 61
    assert cell_len(excerpt.mark) <= 61
    assert excerpt.mark.endswith("^") == bool(column)


def test_a_huge_line_is_cropped_at_once() -> None:
    assert len(make_excerpt("x" * 5_000_000, 2_500_000, 80, escape_controls).line) <= 80


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../secret", "nothing", "folder", "nul\0"])
def test_no_line_is_read_from_outside_the_site(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("secret")
    root = tmp_path / "site"
    (root / "folder").mkdir(parents=True)
    assert read_line(root, error(path, "x", "No.", line=1)) is None


@pytest.mark.parametrize(
    ("problem", "command"),
    [
        (
            error("a.md", "date", "No.", "Yes.", line=2, column=7),
            "::error file=site/a.md,line=2,col=7,title=date::No. Yes. [date]",
        ),
        (warning("a,b:c.md", "odd", "50 %: a,b"), "::warning file=site/a%2Cb%3Ac.md,title=odd::50 %25: a,b [odd]"),
        (error("", "option", "a\r\nb"), "::error title=option::a%0D%0Ab [option]"),
        (error("a%.md", "x", "::set-env::"), "::error file=site/a%25.md,title=x::::set-env:: [x]"),
        (error("a\nb.md", "x", "y", line=3), "::error file=site/a%0Ab.md,line=3,title=x::y [x]"),
    ],
)
def test_github_gets_each_problem_as_a_workflow_command(problem: Problem, command: str) -> None:
    assert list(github_commands([problem], "site")) == [command]
