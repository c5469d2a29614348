"""Lists, tables, code and braces as people type them: both dialects read them as they are meant."""

from __future__ import annotations

import re

import pytest

ENGINES = ("markdown", "commonmark")


def shape(html: str) -> str:
    """Write HTML without placeholders and white space between tags, and lists as if all were tight."""
    html = re.sub("\ufdd0[^\ufdd1]*\ufdd1", "", html)
    return re.sub(r"\s*(</?(?:ul|ol|li|p|blockquote|table|thead|tbody|tr)(?: [^>]*)?>)\s*", r"\1", html)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "- a\n    - b\n\n        more\n\n    - c\n- d\n- e",
        "- a\n    - b\n\n    - c\n- d\n- e",
        "1. a\n    1. b\n\n        ```\n        x\n        ```\n\n    2. c\n2. d\n3. e",
        "* a\n    * b\n\n        * c\n    * d\n* e",
    ],
)
def test_an_item_below_a_list_in_a_list_is_not_in_it(text: str, engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    html = shape(body_of(text, engine=engine).html).replace("<p>", "").replace("</p>", "")
    assert html.endswith(("<li>e</li></ul>", "<li>d</li><li>e</li></ol>"))
    assert html.count("</ul></li><li>") + html.count("</ol></li><li>") == html.count("</ul></li>") + html.count(
        "</ol></li>"
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "- a\n\n    > ```sh\n    > x\n    > y\n    > ```\n\n- b",
        "- a\n\n    > t\n    >\n    > ```sh\n    > x\n    > y\n    > ```\n    >\n    > u\n\n- b",
        "> - a\n>\n>     > ```sh\n>     > x\n>     > y\n>     > ```\n>\n> - b",
        "1. a\n\n    - b\n\n        > ```sh\n        > x\n        > y\n        > ```\n",
    ],
)
def test_code_in_a_quotation_in_a_list(text: str, engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    html = shape(body_of(text, engine=engine).html)
    assert '<pre><code class="language-sh">x\ny\n</code></pre>' in html
    assert (
        html.index("<li>") < html.index("<blockquote>", html.index("<li>")) < html.index("<pre>") < html.index("</li>")
    )


@pytest.mark.parametrize("info", ['js title="a.js"', "js {linenos=true,hl_lines=[1]}", "js linenos", ".js"])
def test_the_first_line_of_code_may_say_more(info: str, body_of) -> None:  # type: ignore[no-untyped-def]
    for fence, indent in (("```", ""), ("~~~", ""), ("```", "    ")):
        text = f"- a\n\n{indent}{fence}{info}\n{indent}x\n{indent}{fence}\n"
        assert '<code class="language-js">x\n</code>' in body_of(text).html


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text", ["Text.\n| a | b |\n|:--|---|\n| 1 | 2 |", "> Text.\n> | a | b |\n> |---|---|\n> | 1 | 2 |"]
)
def test_a_table_right_below_a_line_of_text(text: str, engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    html = body_of(text, engine=engine).html
    assert "<p>Text.</p>" in html
    assert html.count("<th") - html.count("<thead") == html.count("<td") == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_row_of_hyphens_in_a_table_begins_no_other(engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    html = body_of("| a | b |\n|---|---|\n| 1 | 2 |\n|---|---|\n| 3 | 4 |", engine=engine).html
    assert html.count("<table>") == 1
    assert html.count("<td") == 6


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_item_makes_no_heading(engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    html = shape(body_of("- a\n-\n- b\n\nText.\n\n* c\n---\n\nHeading\n-", engine=engine).html)
    assert html.startswith("<ul><li>a</li><li></li><li>b</li></ul>")
    assert html.count("<h2") == 1
    assert "<ul><li>c</li></ul><hr>" in html


BRACES = {
    "## Costs {in pounds}": "Costs {in pounds}",
    "Costs {in pounds}\n===": "Costs {in pounds}",
    "## J# {#j}": "J#",
    "## J# ## {#j}": "J#",
    "## F## {.x}": "F##",
    "## Costs {#in .b c=d}": "Costs",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", BRACES)
def test_words_in_braces_stay_words(text: str, engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(f"{text}\n\n```\n## A {{b c}}\n```", engine=engine)
    assert [heading.text for heading in body.toc] == [BRACES[text]]
    assert "## A {b c}" in body.html


def test_words_in_braces_after_bold_words_in_cells_and_lines_stay(body_of) -> None:  # type: ignore[no-untyped-def]
    text = "**Costs**{in pounds}\n{per year}\n\n| a {b c} | d |\n|---|---|\n| e {f} | *g*{h i} |\n\n**b**{.x}\n"
    body = body_of(text)
    assert body.text == "Costs{in pounds}\n{per year}\na {b c} | d\ne {f} | g{h i}\nb".replace("\n{", " {")
    assert '<strong class="x">b</strong>' in body.html


@pytest.mark.parametrize("engine", ENGINES)
def test_a_picture_with_sources_is_shown(engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(
        '<picture><source srcset="a.webp"><source srcset="a.avif"><img src="a.png" alt="A"></picture>', engine=engine
    )
    assert [picture.src for picture in body.images] == ["a.png"]
    assert "source" not in body.html
