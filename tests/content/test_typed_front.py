"""Front matter as people type it on a phone or paste it from Word: read for what it is, or told with the fix."""

from __future__ import annotations

from typing import Any

import pytest

from generator.content.comments import parse_comments
from generator.errors import Level
from generator.model import Kind

CUT = {
    "title: Issue #5: the phones": 'title: "Issue #5: the phones"',
    "title: #5 phones": 'title: "#5 phones"',
    'title: Say "hi" #5': "title: 'Say \"hi\" #5'",
    "title: “Issue #5: x”": 'title: "Issue #5: x"',
    "title: a\nsummary: We are\t#1": 'summary: "We are #1"',
    "title: a\nauthor: Jane #x": 'author: "Jane #x"',
    "title: a\ntags: staff #news": "tags: [staff, news]",
    "title: a\ntags:\n- staff #news": '- "staff #news"',
    "title: a\nlearning_points:\n- Ask #1 first": '- "Ask #1 first"',
    "title: a\nupdates:\n- date: 2026-05-01 # fine\n  note: Fixed #5": 'note: "Fixed #5"',
    "title: a\naction:\n  text: We are #1\n  url: /a/": 'text: "We are #1"',
    "Title: a #b": 'title: "a #b"',
}


@pytest.mark.parametrize("front", CUT)
def test_words_that_yaml_takes_for_a_comment_are_an_error(front: str, read: Any) -> None:
    source = read(f"---\n{front}\n---\n")
    assert source.meta is None
    (problem,) = source.problems
    assert (problem.code, problem.hint) == ("comment-in-value", f"Write: {CUT[front]}")
    assert f"---\n{front}".split("\n")[problem.line - 1][problem.column - 1 :].strip()


@pytest.mark.parametrize(
    "front",
    [
        "title: a#b C#",
        "title: 'a' # fine",
        'title: "a #b" # fine',
        "title: a\ndraft: false # fine\ndate: 2026-01-02 # fine",
        "title: a\ntags: [b, c] # fine",
        "title: a\nsummary: >\n  We are #1\n  #2",
        "# fine\ntitle: a\n# fine",
        "title: a\nslug: b # was c",
    ],
)
def test_comments_that_cost_no_words_may_stay(front: str, read: Any) -> None:
    source = read(f"---\n{front}\n---\n")
    assert source.meta is not None
    assert source.problems == ()


def test_a_comment_below_extra_is_a_warning(read: Any) -> None:
    source = read("---\ntitle: a\nextra:\n  motto: We are #1\n---\n")
    assert source.meta.extra == {"motto": "We are #1"}
    assert [(p.level, p.code) for p in source.problems] == [(Level.WARNING, "comment-in-value")]


def test_a_list_that_yaml_cuts_off_is_shown_whole(read: Any) -> None:
    (problem,) = read("---\ntitle: a\ntags: [b #c, d]\n---\n").problems
    assert problem.hint == 'Put the text in quotes. Write: tags: ["b #c", d]'


@pytest.mark.parametrize(
    "tags",
    [
        "#staff #news", "#staff, #news", "staff; news", "staff;news;", "[staff; news]", "['#staff', '#news']",
        '"#staff #news"', "[“staff”, ‘news’]", "staff, news", "\n- staff\n- '#news'",
    ],
)  # fmt: skip
def test_tags_are_read_however_they_are_typed(tags: str, read: Any) -> None:
    source = read(f"---\ntitle: a\ntags: {tags}\n---\n")
    assert source.meta is not None, source.problems
    assert source.meta.tags == ("staff", "news")
    assert source.problems == ()


@pytest.mark.parametrize("tag", ["C#", "#", "a#b", "R&D"])
def test_a_sign_within_a_tag_stays(tag: str, read: Any) -> None:
    assert read(f"---\ntitle: a\ntags: ['{tag}']\n---\n").meta.tags == (tag,)


@pytest.mark.parametrize(
    "front", ["Title: a\nTAGS: [b]\nDraft: true", "tItLe: a\nTags: b\nDRAFT: yes", "title: a\nTags: b\ndraft: true"]
)
def test_keys_are_read_in_any_case(front: str, read: Any) -> None:
    source = read(f"---\n{front}\n---\n")
    assert (source.meta.title, source.meta.tags, source.meta.draft, source.problems) == ("a", ("b",), True, ())


@pytest.mark.parametrize("text", ['+++\nTitle = "a"\n+++\n', '{"Title": "a"}\n', "---\r\nTITLE: a\r\n---\r\n"])
def test_keys_are_read_in_any_case_in_every_form(text: str, read: Any) -> None:
    assert read(text).meta.title == "a"


def test_keys_within_keys_are_read_in_any_case(read: Any) -> None:
    meta = read("---\ntitle: a\nUpdates:\n- Date: 2026-05-01\n  NOTE: b\nAction: {Text: c, URL: /d/}\n---\n").meta
    assert (meta.updates[0].note, meta.action.text, meta.action.url) == ("b", "c", "/d/")


def test_a_key_in_two_spellings_is_set_twice(read: Any) -> None:
    (problem,) = read("---\ntitle: a\nTitle: b\n---\n").problems
    assert (problem.code, problem.line) == ("duplicate-key", 3)


@pytest.mark.parametrize(
    "text",
    [
        "—\ntitle: a\n—\n\nText", "–--\ntitle: a\n–--\n\nText", " ---\ntitle: a\n ---\n\nText",
        "—-\ntitle: a\n---\n\nText",
        "---\ntitle: a\n—\n\nText", "---\ntitle: a\n—-\n\nText\n\n---\n", "--\ntitle: a\n--\n\nText",
        "\ufeff\ufeff---\ntitle: a\n---\n\nText", "\u00a0---\ntitle: a\n---\u00a0\n\nText",
        "---\ntitle:\u00a0a\n---\n\nText",
        "———\ntitle: a\n———\n\nText", "---\r\ntitle: a\r\n—\r\n\r\nText",
    ],
)  # fmt: skip
def test_dashes_and_hard_spaces_are_read_for_what_they_were(text: str, read: Any) -> None:
    source = read(text)
    assert source.meta is not None, source.problems
    assert source.meta.title == "a"
    assert source.text.startswith("Text")
    assert source.body_line == 5
    assert source.problems == ()


def test_a_rule_within_a_text_of_several_lines_ends_nothing(read: Any) -> None:
    assert read("—\ntitle: a\nsummary: |\n  b\n  ---\n  c\n—\nText").meta.summary == "b --- c"


@pytest.mark.parametrize(
    "text", ["Title: a\nDate: 2026-01-01\n\nText", "title: a\n---\nText", "“title”: a", "\n tags: b"]
)
def test_front_matter_without_hyphens_is_told(text: str, read: Any) -> None:
    (problem,) = read(text).problems
    assert (problem.code, problem.message) == ("no-front-matter", "The line of --- above the front matter is missing.")


@pytest.mark.parametrize("value", ["“Hello”", "‘Hello’", "„Hello“", "«Hello»", "”Hello”"])
def test_curly_quotes_round_a_value_are_read_as_straight_ones(value: str, read: Any) -> None:
    source = read(f"---\ntitle: {value}\n---\n")
    assert source.meta.title == "Hello"
    (problem,) = source.problems
    assert (problem.level, problem.code) == (Level.NOTE, "curly-quotes")
    assert problem.hint.endswith(f'title: "{value}"')


@pytest.mark.parametrize("value", ["“Hello” she said", "“One” and “two”", "’tis", '"“Hello”"', "It’s"])
def test_curly_quotes_within_a_value_stay(value: str, read: Any) -> None:
    source = read(f"---\ntitle: {value}\n---\n")
    assert source.meta.title == value.strip('"')
    assert source.problems == ()


def test_curly_quotes_round_dates_and_flags_are_no_news(read: Any) -> None:
    source = read("---\ntitle: a\ndate: “2026-05-01”\ndraft: “true”\npart: “2”\nseries: “s”\n---\n")
    assert (source.meta.date.year, source.meta.draft, source.meta.part, source.meta.series) == (2026, True, 2, "s")
    assert source.problems == ()


def test_a_colon_between_curly_quotes_is_told_with_straight_ones(read: Any) -> None:
    (problem,) = read("---\ntitle: “A: b”\n---\n").problems
    assert problem.hint == 'Write: title: "A: b"'


@pytest.mark.parametrize(
    "front", ["title: a\x07b", "title: a\u0080b", 'title: "a\\ab"', "title: a\x1bb", "title: a\x7fb", "title: a\u0092b"]
)
def test_control_characters_go_with_a_warning(front: str, read: Any) -> None:
    source = read(f"---\n{front}\n---\n")
    assert source.meta.title == "ab"
    (problem,) = source.problems
    assert (problem.level, problem.code, problem.line) == (Level.WARNING, "control-character", 2)


def test_a_control_character_in_the_text_goes_with_a_warning_too(read: Any) -> None:
    source = read("---\ntitle: a\n---\nb\x07c")
    assert source.text == "bc"
    assert [(p.code, p.line, p.column) for p in source.problems] == [("control-character", 4, 2)]


def test_published_is_told_for_what_it_is(read: Any) -> None:
    (problem,) = read("---\ntitle: a\npublished: true\n---\n").problems
    assert problem.hint.startswith("Delete the line")
    (problem,) = read("---\ntitle: a\npublished: false\n---\n").problems
    assert problem.hint.startswith("To hide it, write: draft: true")
    source = read("---\ntitle: a\npublished: 2026-05-01\n---\n", path="content/posts/a.md", kind=Kind.POST)
    assert "Write: date: 2026-05-01" in [problem.hint for problem in source.problems]
    source = read("---\ntitle: a\ndate: 2026-05-01\nPublished: 2026-05-02\n---\n")
    assert [(p.level, p.hint) for p in source.problems] == [(Level.WARNING, "Delete the line.")]


@pytest.mark.parametrize("line", ["body: We are #1", "author: Jane #x"])
def test_a_comment_s_words_are_never_lost(line: str) -> None:
    from zoneinfo import ZoneInfo

    rest = "date: 2020-01-01" + ("\n  body: b" if "author" in line else "")
    comments, (problem,) = parse_comments("a.comments.yaml", f"- {line}\n  {rest}\n".encode(), ZoneInfo("UTC"))
    assert comments == ()
    assert problem.code == "comment-in-value"
