from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from generator.errors import ContentError
from generator.markup.body import convert_markdown
from generator.markup.comments import comment_html
from generator.markup.precheck import Refusal, check_text
from generator.markup.settings import ENGINES, MarkupSettings
from tests.guards import bounded_work

REFUSED = {
    "open brackets": "[a" * 8000,
    "nested brackets": "[" * 4000 + "]" * 4000,
    "empty pictures": "![[]()" * 6000,
    "open link targets": "[a](<b" * 8000,
    "backticks": "`a" * 30000,
    "nested quotations": ">" * 4000 + "a",
    "nested lists on a line": "- " * 6000 + "x",
    "lists indented deep": "    " * 60 + "- a",
    "unclosed tags": "<a " * 20000,
    "footnote marks": "[^1]: x\n\n" + "a[^1] " * 5000,
    "abbreviations": "".join(f"*[a{i}]: x\n" for i in range(4000)) + "a1 " * 4000,
    "length": "word " * 1_300_000,
}

ACCEPTED = {
    "many links": "[a](https://example.org/) " * 3000,
    "many code spans": "\n\n".join(["`a` " * 90] * 40),
    "a long rule of hyphens": "- " * 80 + "\n\n" + "-" * 300 + "\n\n" + "* " * 60,
    "a long table": "a|b\n-|-\n" + "1|2\n" * 800,
    "much mathematics": "1 < 2 and 3 > 2. " * 2000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_text_that_takes_too_long_is_refused_at_once(name: str) -> None:
    with bounded_work(), pytest.raises(Refusal):
        check_text(REFUSED[name])


@pytest.mark.parametrize("name", ACCEPTED)
def test_much_of_something_ordinary_is_not_refused(name: str) -> None:
    check_text(ACCEPTED[name])


def test_a_refusal_names_the_post_the_line_and_a_remedy() -> None:
    text = "One.\n\nTwo.\n\n" + "[a" * 8000
    with pytest.raises(ContentError) as caught:
        convert_markdown(text, path="content/posts/a.md", slug="a", settings=MarkupSettings(), first_line=7)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.code) == ("content/posts/a.md", 11, "markup-too-costly")
    assert problem.hint


@pytest.mark.parametrize("text", ["<div>" * 3000, "<b>" * 500 + "x", "a\n: b\n" * 3000])
def test_text_nested_too_deep_is_refused_by_name(text: str) -> None:
    with pytest.raises(ContentError) as caught:
        convert_markdown(text, path="content/posts/a.md", slug="a", settings=MarkupSettings())
    assert caught.value.problems[0].code == "markup-too-deep"


DEEP = {
    "blocks of HTML": "<div>" * 100_000,
    "quotations": ">" * 50_000 + "x",
    "lists": "- " * 50_000 + "x",
    "inline elements": "<b>" * 10_000 + "x",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", DEEP)
def test_nesting_without_end_is_refused_at_once_in_both_dialects(name: str, engine: str) -> None:
    with bounded_work(), pytest.raises(ContentError) as caught:
        convert_markdown(DEEP[name], path="a.md", slug="a", settings=MarkupSettings(engine=engine))
    assert caught.value.problems[0].code == "markup-too-deep"


def test_a_comment_nested_without_end_is_shown_as_it_was_written() -> None:
    with bounded_work():
        shown = comment_html("<p>a" + "<div>" * 100_000, MarkupSettings())
    assert shown.startswith("<p>&lt;p&gt;a&lt;div&gt;")


def test_a_drawing_of_many_parts_is_no_nesting() -> None:
    text = "<svg>" + "<path d='M0'/>" * 3000 + "</svg>\n\nText."
    assert convert_markdown(text, path="a.md", slug="a", settings=MarkupSettings()).text == "Text."


def test_a_text_too_long_for_one_dialect_is_too_long_for_the_other() -> None:
    for engine in ENGINES:
        with pytest.raises(ContentError) as caught:
            convert_markdown("word " * 1_300_000, path="a.md", slug="a", settings=MarkupSettings(engine=engine))
        assert caught.value.problems[0].code == "markup-too-long"


def test_a_refusal_does_not_depend_on_the_depth_of_the_stack() -> None:
    def outcome(text: str, frames: int) -> str:
        if frames:
            return outcome(text, frames - 1)
        try:
            return convert_markdown(text, path="a", slug="a", settings=MarkupSettings()).html
        except ContentError as refusal:
            return str(refusal)

    for count in range(20, 400, 20):
        text = "*a **b " * count
        assert outcome(text, 0) == outcome(text, 300)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_every_hostile_text_is_built_or_refused_in_time(samples: Path, engine: str) -> None:
    files = sorted((samples / "hostile/markdown").glob("*.md"))
    assert files
    for file in files:
        with bounded_work(), contextlib.suppress(ContentError):
            convert_markdown(
                file.read_text(encoding="utf-8"), path=file.name, slug="a", settings=MarkupSettings(engine=engine)
            )
