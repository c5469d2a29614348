"""No word of a text disappears in silence: each slip that hides words is a problem with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import Level, Problem
from generator.markup.lost_words import lost_words
from generator.markup.settings import MarkupSettings
from generator.registry import MarkdownAddition
from tests.factories import build_site, write_site

ENGINES = ("markdown", "commonmark")

TABLE = "| a | b |\n|---|---|\n"
FOUND = {
    "Dear <first name>,": [(1, 6, "angle-brackets")],
    "`<b>` of <T> and `<T>`": [(1, 10, "angle-brackets")],
    "<<tender>>": [(1, 2, "angle-brackets")],
    "Text.\n\n```sh\ncode\n\nMore.": [(3, 1, "fence-unclosed")],
    "- One\n\n    ~~~\n    code\n\n- Two": [(3, 5, "fence-unclosed")],
    "````\n```\n": [(1, 1, "fence-unclosed")],
    "Text.[^a]": [(1, 6, "footnote")],
    "Text.[^a]\n\n[^a]: One.\n\n[^A]: Two.": [(5, 1, "footnote")],
    "Text.\n\n<!-- ask Jane\n\nMore.": [(3, 1, "html-unclosed")],
    'A <a href="https://a.example>link</a> and <b title="x">more</b> text.': [(1, 3, "html-unclosed")],
    "Text.\n\n<title>\n\nMore.": [(3, 1, "html-unclosed")],
    "A\n\n<svg><g><path/></g></svg>\n\n<script>x</script>": [(3, 1, "html-removed"), (5, 1, "html-removed")],
    "Now <?php echo 1 ?> and\n<![CDATA[more]]>.": [(1, 5, "html-removed"), (2, 1, "html-removed")],
    "<form><label>Name <input></label></form>": [(1, 1, "html-removed"), (1, 19, "html-removed")],
    TABLE + "| 1 | 2 | 3 |\n| 1 | 2 |\n| 4 | 5 | 6 |": [(3, 1, "table-cells")],
    "> a | b\n> --- | ---\n> 1 | 2 | 3": [(3, 1, "table-cells")],
    "| a | b |\n|---|\n| 1 | 2 |": [(2, 1, "table-cells")],
    "[a](file:///C:/x.doc) [b](C:\\x.doc 'c') [d](<webcal://a.example/x>)": [
        (1, 5, "dead-link"),
        (1, 27, "dead-link"),
        (1, 46, "dead-link"),
    ],
    '<a href="sms:1">x</a>': [(1, 10, "dead-link")],
}
SILENT = (
    '<a href="https://a.example/" title="a > b">x</a>',
    "a < b, 3 <4 and I <3 you, <https://a.example> <a@b.example>",
    "`<name>` and\n\n    <name>\n\n```\n<name>\n[^a]\n[a](sms:1)\n| a |\n|---|---|\n```",
    """<a title="x" href='y'>z</a> `<a href="x>` 3 < 4 and "x" > "y" <b title='it"s'>b</b>""",
    r"&lt;name&gt; \[^a] &lt;!--",
    "<font color=red>x</font> <custom-thing>x</custom-thing> <main>x</main> <picture><img alt=''></picture>",
    "<!-- <name> ``` -->\n\nText.\n\n<!--more-->\n\nMore.",
    "<pre>\n```\n</pre>\n\n<!--\n```\n-->",
    "`<?php echo 1 ?>`, &lt;?php and a <? b\n\n```php\n<?php echo 1;\n```\n\n<?xml:namespace prefix = o />",
    "````md\n```\ncode\n```\n````\n\n~~~\n```\n~~~",
    "Text.[^a]\n\n[^a]: One.\n\n```\n[^a]: Two.\n```",
    TABLE + "| 1 |\n| 1 | 2 |\n| 1 \\| 2 | 3 |\n\n| 1 | 2 | 3 |",
    "Cats | Dogs\n\n---\n\nText | more | words | here",
    "[a](https://a.example) [b](mailto:a@b.example) [c](tel:1) [d](x.md) [e](/x/:y) ![f](data:image/png;base64,x)",
)


def problems(text: str, body_of, engine: str) -> tuple[Problem, ...]:  # type: ignore[no-untyped-def]
    return lost_words("a.md", text, 1, body_of(text, engine=engine).html, MarkupSettings(engine=engine))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", FOUND)
def test_what_readers_do_not_see_is_named(text: str, engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    found = problems(text, body_of, engine)
    assert [(each.line, each.column, each.code) for each in found] == FOUND[text]
    assert all((each.level is Level.NOTE) == (each.code == "html-removed") for each in found)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", SILENT)
def test_what_readers_see_is_no_problem(text: str, engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    assert problems(text, body_of, engine) == ()


def test_a_bar_in_code_ends_a_cell_only_where_it_does(body_of) -> None:  # type: ignore[no-untyped-def]
    text = TABLE + "| `x|y` | 1 |"
    assert [len(problems(text, body_of, engine)) for engine in ENGINES] == [0, 1]


def test_an_element_of_an_extension_is_known() -> None:
    settings = MarkupSettings(additions=(MarkdownAddition("x", {}, frozenset({"stamp"}), {}),))
    assert lost_words("a.md", "<stamp>", 1, "<stamp></stamp>", settings) == ()


def test_a_slip_made_often_is_told_as_often_as_helps() -> None:
    settings = MarkupSettings()
    assert len(lost_words("a.md", "[^a]: x\n\n" * 1000, 1, "", settings)) == 1
    assert len(lost_words("a.md", "[a](sms:1) " * 1000, 1, "", settings)) == 100


def test_many_signs_take_time_in_proportion() -> None:
    settings = MarkupSettings()
    for text in ("<a " * 50_000, "](" * 50_000, "[^" * 50_000, "|-" * 50_000, "`" * 100_000, "<!--" * 50_000):
        assert len(lost_words("a.md", text, 1, "", settings)) < 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_build_names_file_and_line(engine: str, tmp_path: Path) -> None:
    site = 'title = "T"\nurl = "https://letters.example.net/"\n[markup]\nengine = "{}"\n'
    text = "---\ntitle: A\ndate: 2026-05-01\n---\n\nDear <first name>,\n"
    write_site(tmp_path, {"site.toml": site.format(engine), "content/posts/a.md": text})
    found = [str(each) for each in build_site(tmp_path).problems if each.code == "angle-brackets"]
    what = 'Readers do not see "<first name>": words in angle brackets are HTML, and HTML has no such element.'
    assert found == [f"content/posts/a.md:6:6 warning: {what} Write: &lt;first name&gt; [angle-brackets]"]
