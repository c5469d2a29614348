from __future__ import annotations

import pytest

from generator.markup.characters import MORE


@pytest.mark.parametrize("mark", ["<!--more-->", "<!-- more -->", "<!--MORE-->", "<!--more Go on reading-->"])
def test_excerpt_is_what_stands_above_the_mark(mark: str, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(f"One.\n\nTwo.\n\n{mark}\n\nThree.")
    assert body.excerpt == "<p>One.</p>\n<p>Two.</p>"
    assert body.lead == "One. Two."
    assert MORE not in body.html + body.text
    assert "Three." in body.html


def test_without_a_mark_there_is_no_excerpt(body_of) -> None:  # type: ignore[no-untyped-def]
    assert body_of("One.\n\nTwo.").excerpt == ""


def test_a_block_with_words_before_the_mark_belongs_to_the_excerpt_whole(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("> One. <!--more--> Two.\n\nThree.")
    assert body.excerpt == "<blockquote>\n<p>One.  Two.</p>\n</blockquote>"


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


def test_excerpt_loses_footnote_references(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("One[^1] two.\n\n<!--more-->\n\nThree.\n\n[^1]: Note.")
    assert body.excerpt == "<p>One two.</p>"
    assert body.lead == "One two."
    assert "footnote-ref" in body.html
