"""Text as people type it on a phone or paste it from Word: what becomes of it, in both dialects."""

from __future__ import annotations

import re
from itertools import product

import pytest

from generator.markup.bare_addresses import link_text
from generator.markup.comments import comment_html
from generator.markup.indented_paragraphs import read_indented
from generator.markup.repeated_title import drop_repeated_title
from generator.markup.settings import MarkupSettings
from generator.markup.typing_problems import link_problems

ENGINES = ("markdown", "commonmark")

LINKED = {
    "see https://example.org/a.": 'see <a href="https://example.org/a">https://example.org/a</a>.',
    "(www.example.org)": '(<a href="https://www.example.org">www.example.org</a>)',
    "https://a.example/x_(y)!": '<a href="https://a.example/x_(y)">https://a.example/x_(y)</a>!',
    "Https://A.example": '<a href="https://A.example">Https://A.example</a>',
    "Jane: jane.doe+x@mail.example.org;": (
        'Jane: <a href="mailto:jane.doe+x@mail.example.org">jane.doe+x@mail.example.org</a>;'
    ),
    "https://a.example/?a=1&b=2": '<a href="https://a.example/?a=1&amp;b=2">https://a.example/?a=1&amp;b=2</a>',
    "“https://a.example”": '“<a href="https://a.example">https://a.example</a>”',
    "http://intranet/x": '<a href="http://intranet/x">http://intranet/x</a>',
    "https://a.example。次": '<a href="https://a.example">https://a.example</a>。次',
    "http:// www. www.x @jane jane@host a@b.c1 ftp://x.example": None,
    "@jane@social.example": None,
    "<b>": "&lt;b&gt;",
}


@pytest.mark.parametrize("text", LINKED)
def test_an_address_in_plain_text_is_a_link(text: str) -> None:
    assert link_text(text) == (text if LINKED[text] is None else LINKED[text])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("address", ["https://a.example/_b_/*c*/d", "www.a.example/x_y_z", "jane_doe_x@a.example"])
def test_signs_of_markdown_in_an_address_are_part_of_it(engine: str, address: str, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(f"Text *{address}* more.\n\n`{address}`", engine=engine)
    assert f">{address}</a></em>" in body.html
    assert f"<code>{address}</code>" in body.html
    assert body.text == f"Text {address} more.\n{address}"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("address", ["http://a.example/_b_/c", "https://a.example/_b_/c", "www.a.example/_b_/c"])
def test_a_text_may_begin_with_an_address_with_signs_of_markdown(engine: str, address: str, body_of) -> None:  # type: ignore[no-untyped-def]
    assert f">{address}</a> more." in body_of(f"{address} more.\n\nSee https://a.example/d_e_f", engine=engine).html


@pytest.mark.parametrize("engine", ENGINES)
def test_a_line_break_of_word_parts_words(engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    assert body_of("Good\x0bmorning\x0call \x07day", engine=engine).text == "Good morning all day"


@pytest.mark.parametrize("engine", ENGINES)
def test_an_abbreviation_does_not_part_an_address(engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    assert ">https://a.example/IT/x</a>" in body_of("IT https://a.example/IT/x\n\n*[IT]: Computers", engine=engine).html


@pytest.mark.parametrize("engine", ENGINES)
def test_typography_leaves_an_address_alone(engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    assert ">https://a.example/b--c...d</a> – e" in body_of("https://a.example/b--c...d -- e", engine=engine).html


@pytest.mark.parametrize("engine", ENGINES)
def test_addresses_in_comments_are_links_nobody_vouches_for(engine: str) -> None:
    html = comment_html("See https://a.example/b--c or a@b.example:\n- x", MarkupSettings(engine=engine))
    assert '<a href="https://a.example/b--c" rel="nofollow ugc">https://a.example/b--c</a>' in html
    assert '<a href="mailto:a@b.example" rel="nofollow ugc">a@b.example</a>' in html
    assert "<li>x</li>" in html


def test_hostile_addresses_take_time_in_proportion() -> None:
    for text in ("https://a" + ")" * 100_000, "a@" * 50_000, "www." * 50_000, "a.b@" + "c." * 50_000, "://" * 50_000):
        assert re.sub("<[^>]*>", "", link_text(text)) == text


ITEMS = {
    "•\tone\n•\ttwo": ["one", "two"],
    "○ one\n○ two": ["one", "two"],
    "Text:\n■\tone\n■\ttwo": ["one", "two"],
    "➢ one\n❖ two": ["one", "two"],
    "• one\n\n• two": ["one", "two"],
    "•one\n•two": ["one", "two"],
    "·       one\n·       two": ["one", "two"],
    "\uf0b7\tone\n\uf0b7\ttwo": ["one", "two"],
    "▪ one\n◦ two": ["one", "two"],
    "–\tone\n–\ttwo": ["one", "two"],
    "o\tone\no\ttwo": ["one", "two"],
    "1)\tone\n2)\ttwo": ["one", "two"],
    "-\u00a0one\n-\u00a0two": ["one", "two"],
    "Text:\n• one\n• two": ["one", "two"],
    "> Text:\n> * one\n> * two": ["one", "two"],
    "– one\n– two": [],
    "o one\no two": [],
    "one · two": [],
    "2014. It began.": ["It began."],
    "Text\n2014. It began.": [],
}


@pytest.mark.parametrize(("engine", "text"), [*product(ENGINES, ITEMS)])
def test_what_begins_an_item(engine: str, text: str, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(text, engine=engine)
    assert body.html.count("<li>") == len(ITEMS[text])
    for item in ITEMS[text]:
        assert item in body.text.split("\n")


SET_IN = {
    "\tDear all,": "Dear all,",
    "    Dear all,\nmore": "Dear all,\nmore",
    "Text\n\n\tThis (see #5; and 50%) is prose.\n\n    So is this.": (
        "Text\n\nThis (see #5; and 50%) is prose.\n\nSo is this."
    ),
    "Text\n\n\tSee [the plan](plan.pdf), https://a.example/b_c and *more*.": (
        "Text\n\nSee [the plan](plan.pdf), https://a.example/b_c and *more*."
    ),
    "Text:\n\n\t• one\n\t• two": "Text:\n\n• one\n• two",
    "\t\tTwice": "Twice",
}
KEPT = [
    "    x = 1",
    "    print(1)",
    "\t$ make quick",
    "    for (;;) {}",
    "    snake_case here",
    "    <b>bold</b>",
    "    ls --all",
    "\tprose\n\n```\ncode\n```",
    "\tprose\n\nSee `code`",
    "\tprose\n\n    x = 1",
    "- item\n\n\tmore of it",
    "1) item\n\n    more of it",
    "• item\n\n    more of it",
    "[^1]: note\n\n    more of it",
    "Term\n:   Meaning\n\n    more of it",
    "!!! note\n    Mind.\n\n    more of it",
    "<div>\n\n    text\n\n</div>",
    "Text\n    lazy",
]


@pytest.mark.parametrize("text", SET_IN)
def test_prose_that_is_set_in_is_moved_out(text: str) -> None:
    assert read_indented(text)[0] == SET_IN[text]


@pytest.mark.parametrize("text", KEPT)
def test_what_may_be_code_or_part_of_something_stays(text: str) -> None:
    assert read_indented(text) == (text, ())


def test_paragraphs_that_are_set_in_are_listed_by_their_lines() -> None:
    assert read_indented("a\n\n\tb\n\n\n    c\nd")[1] == (3, 6)


FENCES = [
    "- a\n\n    ```\n    x\n      y\n    ```",
    "- a\n    ```\n    x\n      y\n    ```\n- b",
    "1. a\n\n   ~~~ sh\n   x\n     y\n   ~~~\n\n2. b",
    "- ```\n  x\n    y\n  ```",
    "> ```\n> x\n>   y\n> ```",
    "> - a\n>\n>     ```\n>     x\n>       y\n>     ```",
    "  ```\n  x\n    y\n  ```",
    "* a\n\n    * b\n\n        ```\n        x\n          y\n        ```",
]


@pytest.mark.parametrize(("engine", "text"), [*product(ENGINES, FENCES)])
def test_code_between_fences_that_are_set_in(engine: str, text: str, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(text, engine=engine)
    assert body.html.count(">x\n  y\n</code></pre>") == 1
    assert "`" not in body.html
    assert "~" not in body.html


@pytest.mark.parametrize(
    "text", ["    ```\n    x\n    ```", "- a\n\n    ```\n    x", "```\n- a\n\n    ~~~\n    x\n    ~~~\n```", "a ``` b"]
)
def test_what_is_no_fence_in_an_item_stays(text: str, body_of) -> None:  # type: ignore[no-untyped-def]
    assert "x\n</code></pre>\n</li>" not in body_of(text).html


def test_unclosed_fences_take_time_in_proportion(body_of) -> None:  # type: ignore[no-untyped-def]
    assert body_of("- a\n\n" + "    ~~~b\n\n" * 20_000).html


REPEATED = ["The Phones", "the phones", "The phones.", " The  phones ", "<em>The</em> phones"]
OTHERS = ["The phones again", "Phones", "The phones?", ""]


@pytest.mark.parametrize("words", REPEATED)
def test_a_first_heading_that_repeats_the_title_is_dropped(words: str) -> None:
    assert drop_repeated_title(f"\n<h1>{words}</h1>\n<p>a</p>", "The phones").strip() == "<p>a</p>"


@pytest.mark.parametrize("words", OTHERS)
def test_another_first_heading_stays(words: str) -> None:
    html = f"<h1>{words}</h1>\n<p>a</p>"
    assert drop_repeated_title(html, "The phones") is html


@pytest.mark.parametrize("html", ["<h2>The phones</h2>", "<p>a</p>\n<h1>The phones</h1>", "<p>The phones</p>"])
def test_what_is_no_first_heading_stays(html: str) -> None:
    assert drop_repeated_title(html, "The phones") is html


def test_quotes_and_dashes_do_not_tell_a_title_from_its_heading() -> None:
    assert drop_repeated_title("<h1>“It’s” – 5 &amp; 6</h1>", '"It\'s" - 5 & 6') == ""


SCHEMES = {
    "[x](www.example.org)": "Write: [x](https://www.example.org)",
    "[the plan]( Www.example.org/a?b=1&c )": "Write: [the plan]( https://www.example.org/a?b=1&c",
    "[x](jane@example.org)": "Write: [x](mailto:jane@example.org)",
    "[x]: www.example.org": "Write: [x]: https://www.example.org",
    '<a href="www.example.org">x</a>': 'Write: href="https://www.example.org"',
}


@pytest.mark.parametrize(("engine", "text"), [*product(ENGINES, SCHEMES)])
def test_a_link_without_its_scheme_is_completed_and_told(engine: str, text: str, body_of) -> None:  # type: ignore[no-untyped-def]
    text = f"Text\n\n{text}\n\n[x]"
    body = body_of(text, engine=engine)
    assert not body.links
    (problem,) = link_problems("a.md", text, 5, body.html)
    assert problem.hint == SCHEMES[text.split("\n")[2]]
    assert (problem.line, problem.code) == (7, "link-without-scheme")


@pytest.mark.parametrize(
    "text",
    [
        "[x](photo@2x.png)",
        "`[x](www.example.org)`",
        "[x](https://www.example.org)",
        "[x](mailto:a@example.org)",
        "[x](www/a)",
    ],
)
def test_other_links_are_not_told(text: str, body_of) -> None:  # type: ignore[no-untyped-def]
    assert link_problems("a.md", text, 1, body_of(text).html) == ()


EMOJI = {
    "A :smile: and :+1:!": "A 😄 and 👍!",
    "`:smile:` 10:30:45 :nothing: a:smile:b": ":smile: 10:30:45 :nothing: a:smile:b",
    "(:tada:)": "(🎉)",
    ":heart: :us:": "❤️ 🇺🇸",
    "## Done :tada:": "Done 🎉",
    "https://a.example/:smile:/": "https://a.example/:smile:/",
}


@pytest.mark.parametrize(("engine", "text"), [*product(ENGINES, EMOJI)])
def test_names_of_emoji_become_emoji_where_the_site_asks(engine: str, text: str, body_of) -> None:  # type: ignore[no-untyped-def]
    assert body_of(text, engine=engine, emoji=True).text == EMOJI[text]
    assert "😄" not in body_of(text, engine=engine).text


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("words", ["Learning C#", "C# and F#", "Issue #5", "We are #1", "A##"])
def test_a_heading_keeps_its_sign_in_the_contents(engine: str, words: str, body_of) -> None:  # type: ignore[no-untyped-def]
    assert [heading.text for heading in body_of(f"## {words}\n\n### {words} ##\n", engine=engine).toc] == [words] * 2


BESIDE = [
    "&#8364; 5",
    "&#xFDD3;0&#xFDD4;",
    "&#1;",
    "&euro; 5",
    "[y](%EF%B7%939%EF%B7%94)",
    f"[y](%EF%B7%93{'9' * 5000}%EF%B7%94)",
    "putaway0z and PUTAWAY9z",
    "put&#97;way7z",
    "`&#8364;`",
]


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize("beside", BESIDE, ids=range(len(BESIDE)))
def test_an_address_with_signs_is_whole_whatever_is_beside_it(beside: str, engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(f"https://a.example/my_x_page {beside}", engine=engine)
    assert body.html.startswith('<p><a href="https://a.example/my_x_page">https://a.example/my_x_page</a>')
    assert body.html.count("a.example") == 2
    assert ("putaway" in body.text.lower()) is ("z" in beside)
