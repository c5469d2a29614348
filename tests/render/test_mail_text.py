"""The plain-text part: every kind of block, links with their addresses, lines that fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.markup.body import convert_markdown
from generator.markup.placeholders import Context, Shown, resolve
from generator.markup.settings import MarkupSettings
from generator.render.mail.body import for_mail
from generator.render.mail.text import WIDTH, body, columns, heading, link, wrap


def text(markdown: str, width: int = WIDTH) -> str:
    """Take Markdown the way a mail takes it."""
    made = convert_markdown(markdown, path="a.md", slug="a", settings=MarkupSettings("markdown", False, "en", "safe"))
    links = [f"https://example.org/{each.target.lstrip('/')}" for each in made.links]
    shown = [Shown(f"https://example.org/{each.src}", 900, 600) for each in made.images]
    return body(for_mail(resolve(made.html, Context.MAIL, links=links, images=shown), 536), width)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Plain words.", "Plain words."),
        ("One\ntwo", "One two"),
        ("One  \ntwo", "One\ntwo"),
        ("One\n\nTwo", "One\n\nTwo"),
        ("## Second\n\nWords", "Second\n------\n\nWords"),
        ("## A\n\n### B", "A\n-\n\nB"),
        ("*soft* **loud** `code`", "_soft_ *loud* code"),
        ("A [page](/x/).", "A page <https://example.org/x/>."),
        ("<https://a.example/>", "<https://a.example/>"),
        ("[a@example.org](mailto:a@example.org)", "<a@example.org>"),
        ("[write](mailto:a@example.org?subject=x)", "write <mailto:a@example.org?subject=x>"),
        ("- one\n- two\n    - three", "- one\n- two\n  - three"),
        ("3. one\n4. two", "3. one\n4. two"),
        ("- one\n\n    more\n\n- two", "- one\n\n  more\n\n- two"),
        ("- [ ] to do\n- [x] done", "- ☐ to do\n- ☑ done"),
        ("> said\n>\n> twice", "> said\n>\n> twice"),
        ("> > deep", "> > deep"),
        ("> [!PULLQUOTE]\n> Well.\n>\n> — Ann", "> Well.\n>\n> — Ann"),
        ("> [!NOTE] Mind\n> the gap", "| Mind\n|\n| the gap"),
        ("```\na  b\n\n  c\n```", "    a  b\n\n      c"),
        ("![A lift](a.jpg)", "[A lift]"),
        ('![A lift](a.jpg "Seen from below")', "[A lift]\n\nSeen from below"),
        ("![](a.jpg)", ""),
        ("***", "* * *"),
        ("|a|b|\n|-|-|\n|1|22|", "a | b\n--+---\n1 | 22"),
        ("Term\n: What it is", "Term\n\n    What it is"),
        ("Word.[^1]\n\n[^1]: Note.", "Word.[1]\n\n1. Note."),
        ("H<sub>2</sub>O, m<sup>2</sup>", "H2O, m^2"),
        ("<details><summary>More</summary>Words</details>", "More\n\nWords"),
        ("<del>old</del> new", "[deleted: old] new"),
        ("& < > \" '", "& < > \" '"),
        ('<video src="film.mp4"></video>', "Watch <https://example.org/film.mp4>"),
    ],
)
def test_each_kind_of_block_has_a_form(markdown: str, expected: str) -> None:
    assert text(markdown) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<b>A <a href="https://a.example/">clinic</a></b>', "*A clinic* <https://a.example/>"),
        ('<i>A <a href="https://a.example/">clinic</a></i>', "_A clinic_ <https://a.example/>"),
        ('<b><a href="https://a.example/">A</a> clinic</b>', "*A <https://a.example/> clinic*"),
        ('<b><a href="https://a.example/">a.example/</a></b>', "*<https://a.example/>*"),
        ("<b>A < b</b>", "*A < b*"),
        (
            '<a href="https://a.example/">Read more<span class="unseen">: again</span></a>',
            "Read more <https://a.example/>",
        ),
        ('Now<span class="unseen">:</span> here', "Now: here"),
    ],
)
def test_marks_leave_addresses_out_and_a_link_says_nothing_twice(html: str, expected: str) -> None:
    assert body(f"<p>{html}</p>") == expected


def test_a_table_too_wide_for_the_lines_becomes_records() -> None:
    rows = "| Day | What happened |\n|---|---|\n| Monday | " + "many words " * 12 + "|\n| Tuesday | none |"
    assert text(rows).split("\n\n")[1] == "Day: Tuesday\nWhat happened: none"
    assert max(map(len, text(rows).split("\n"))) <= WIDTH


@pytest.mark.parametrize(
    "markdown",
    [
        "word " * 100,
        "> " + "word " * 100,
        "- " + "word " * 100 + "\n    - " + "more " * 100,
        "## " + "Heading " * 30,
        "[" + "label " * 30 + "](/x/)",
        "文字" * 200,
        "> " + "文字" * 200,
    ],
)
def test_lines_are_broken_where_they_fit(markdown: str) -> None:
    assert max(map(columns, text(markdown).split("\n"))) <= WIDTH


def test_an_address_is_never_broken() -> None:
    long = "https://a.example/" + "path/" * 40
    assert f"<{long}>" in text(f"[{'word ' * 10}]({long})").split("\n")


def test_wrapped_words_are_all_there_and_in_order() -> None:
    words = " ".join(f"word{n}" for n in range(200))
    assert wrap(words, "> ").replace("> ", "").split() == words.split()


@given(st.text(max_size=300), st.integers(20, 80))
def test_wrapping_loses_no_letter(words: str, width: int) -> None:
    lines = wrap(words, "- ", "  ", width).split("\n")
    assert "".join(line[2:] for line in lines).replace(" ", "") == "".join(words.split())


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"]), max_size=200))
def test_no_line_of_short_words_is_too_long(words: str) -> None:
    short = " ".join(word[:20] for word in words.split())
    assert all(columns(line) <= 60 for line in wrap(short, width=60).split("\n"))


def test_headings_are_underlined_as_wide_as_they_are() -> None:
    assert heading("文字", 1) == "文字\n===="
    assert heading("a" * 60 + " " + "b" * 60, 2).split("\n")[-1] == "-" * 60
    assert heading("", 1) == ""


@pytest.mark.parametrize(
    ("label", "url", "expected"),
    [
        ("here", "https://a.example/", "here <https://a.example/>"),
        ("https://a.example/", "https://a.example/", "<https://a.example/>"),
        ("", "https://a.example/", "<https://a.example/>"),
        ("a\nb", "mailto:x@example.org", "a b <x@example.org>"),
    ],
)
def test_a_link_is_its_words_and_its_address(label: str, url: str, expected: str) -> None:
    assert link(label, url) == expected
