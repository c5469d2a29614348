from __future__ import annotations

import pytest

from generator.markup.characters import MORE
from tests.fuzz.properties import check_body


@pytest.mark.parametrize("mark", ["<!--more-->", "<!-- more -->", "<!--MORE-->", "<!--more Go on reading-->"])
def test_excerpt_is_what_stands_above_the_mark(mark: str, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(f"One.\n\nTwo.\n\n{mark}\n\nThree.")
    assert body.excerpt == "<p>One.</p>\n<p>Two.</p>"
    assert body.lead == "One. Two."
    assert MORE not in body.html + body.text
    assert "Three." in body.html


def test_without_a_mark_there_is_no_excerpt(body_of) -> None:  # type: ignore[no-untyped-def]
    assert body_of("One.\n\nTwo.").excerpt == ""


INSIDE = {
    "a paragraph": ("One. <!--more--> Two.", "<p>One.</p>", "One."),
    "a quotation": ("> One. <!--more--> Two.", "<blockquote>\n<p>One.</p></blockquote>", "One."),
    "a list": ("- one\n\n    <!--more-->\n\n- two", "<ul>\n<li>\n<p>one</p></li></ul>", "one"),
    "an item of its own": ("- one\n- <!--more-->\n- two", "<ul>\n<li>one</li></ul>", "one"),
    "the end of an item": ("1. one <!--more-->\n2. two", "<ol>\n<li>one</li></ol>", "one"),
    "a list in a list": ("- a\n    - b <!--more--> c", "<ul>\n<li>a<ul>\n<li>b</li></ul></li></ul>", "a b"),
    "strong words": ("**One <!--more--> two** three", "<p><strong>One</strong></p>", "One"),
    "the end of strong words": ("**One<!--more-->** two", "<p><strong>One</strong></p>", "One"),
    "a note": (
        "> [!TIP]\n> a\n>\n> <!--more-->\n>\n> b",
        '<div class="note note-tip" role="note">\n<p class="note-title">\ufdd0Ntip\ufdd1</p>\n<p>a</p></div>',
        "Tip a",
    ),
}


@pytest.mark.parametrize("name", INSIDE)
@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_mark_inside_a_block_cuts_there(name: str, engine: str, body_of) -> None:  # type: ignore[no-untyped-def]
    text, excerpt, lead = INSIDE[name]
    body = body_of(f"{text}\n\nTail.", engine=engine)
    assert body.excerpt.replace("\n", "") == excerpt.replace("\n", "")
    assert body.lead == lead
    assert body.html.count("Tail.") == 1
    assert MORE not in body.html + body.text


QUOTED = {
    "a quotation mark": """<span title='say "yes"'>One <!--more--> two</span>""",
    "one quotation mark": """<span title='12" wide'>One <!--more--> two</span>""",
    "both kinds": """<span title="it's &quot;so&quot;">One <!--more--> two</span>""",
    "an arrow": """<span title='a "b" > c'>One <!--more--> two</span>""",
    "an element within": """<span title='"'><em title='"'>One <!--more--> two</em></span>""",
    "a picture before": """<img src="/a.png" alt='the "sign"'> One <!--more--> two""",
}


@pytest.mark.parametrize("name", QUOTED)
@pytest.mark.parametrize("stock", [False, True])
def test_what_is_open_is_closed_whatever_its_values_hold(name: str, stock: bool, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(f"{QUOTED[name]}\n\nTail.", stock=stock)
    assert "two" not in body.excerpt
    check_body(body)


def test_a_mark_at_the_head_of_a_block_cuts_before_it(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("One.\n\n- <!--more-->\n  two\n\nThree.")
    assert body.excerpt == "<p>One.</p>"


def test_only_the_first_mark_counts(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("One.\n\n<!--more-->\n\nTwo.\n\n<!--more-->\n\nThree.")
    assert body.excerpt == "<p>One.</p>"
    assert MORE not in body.html + body.text + body.lead


def test_a_mark_in_code_is_code(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("One `<!--more-->`.\n\n    <!--more-->\n\nTwo.")
    assert body.excerpt == ""
    assert body.html.count("&lt;!--more--&gt;") == 2


def test_a_mark_in_an_attribute_leaves_nothing(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of('<img src="a.png" alt="<!--more-->" title="<!--more-->">\n\nText.')
    assert body.excerpt == ""
    assert MORE not in body.html
    assert body.images[0].alt == ""


def test_a_mark_in_the_caption_of_a_table_cuts_there(body_of) -> None:  # type: ignore[no-untyped-def]
    table = "<table><caption>Opening <!--more-->hours</caption><tr><td>9 to 5</td></tr></table>"
    body = body_of(f"One.\n\n{table}\n\nTail.")
    assert "TOpening hours\ufdd1" in body.html
    assert body.excerpt.startswith("<p>One.</p>")
    assert body.excerpt.endswith("<table><caption>Opening</caption></table></div>")
    check_body(body)


def test_a_mark_in_a_heading_is_not_in_the_contents(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("One.\n\n## Opening <!--more-->hours\n\nTail.")
    assert [(heading.id, heading.text) for heading in body.toc] == [("opening-hours", "Opening hours")]
    check_body(body)


def test_excerpt_loses_footnote_references(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("One[^1] two.\n\n<!--more-->\n\nThree.\n\n[^1]: Note.")
    assert body.excerpt == "<p>One two.</p>"
    assert body.lead == "One two."
    assert "footnote-ref" in body.html
