"""A body as a row of texts and tags."""

from __future__ import annotations

import pytest

from generator.markup.tokens import Tokens, attributes


@pytest.mark.parametrize(
    "html",
    [
        "",
        "a",
        "<p>a &amp; b &lt; c<br></p>\n<hr>",
        '<p title="a &amp; b">c</p>',
        '<img src="a" alt="it\'s &quot;b&quot;">',
    ],
)
def test_what_is_read_is_written_again(html: str) -> None:
    assert Tokens(html).write() == html


def test_quotation_marks_stand_between_apostrophes() -> None:
    assert Tokens('<p title="a &quot;b&quot;">&amp;quot;</p>').write() == "<p title='a \"b\"'>&amp;quot;</p>"


def test_texts_are_plain_and_names_are_read() -> None:
    tokens = Tokens('a&nbsp;<em class="b">&lt;</em><br>')
    assert tokens.texts == ["a\xa0", "<", "", ""]
    assert tokens.names == ["em", "/em", "br"]
    assert tokens.find("em", "br") == [0, 2]


def test_a_sign_in_a_value_ends_no_tag() -> None:
    """Some releases of nh3 write it as a reference, others leave it as it is."""
    tokens = Tokens('<p>One <a href="/a" title="x><script>alert(1)</script>">two</a></p>')
    assert tokens.names == ["p", "a", "/a", "/p"]
    assert tokens.texts == ["", "One ", "two", "", ""]
    assert tokens.get(1, "title") == "x><script>alert(1)</script>"


def test_the_end_of_an_element_is_found_past_others_of_its_name() -> None:
    tokens = Tokens("<i>a<i>b</i><i><i></i></i></i><i></i>")
    assert [tokens.end_of(place) for place in tokens.find("i")] == [7, 2, 6, 5, 9]


def test_where_a_tag_stands_is_told() -> None:
    tokens = Tokens("<ul><li>a<br></li></ul><br>")
    assert [tokens.inside(place, "li") for place in tokens.find("br")] == [True, False]
    assert [tokens.depth(place) for place in tokens.find("ul", "br")] == [0, 2, 0]


def test_attributes_are_read_changed_and_taken() -> None:
    tokens = Tokens('<a href="/b?c&amp;d" title="&quot;">e</a>')
    assert attributes(tokens.tags[0]) == {"href": "/b?c&d", "title": '"'}
    tokens.set(0, "href", "/f?g&h")
    assert tokens.tags[0] == '<a href="/f?g&amp;h" title="&quot;">'
    assert tokens.take(0, "title") == '"'
    assert tokens.take(0, "title") == ""
    assert tokens.get(0, "id") is None
    assert tokens.write() == '<a href="/f?g&amp;h">e</a>'


def test_the_text_after_a_removed_element_stays_escaped() -> None:
    tokens = Tokens("a<b>c<i>d</i></b>&lt;<u>e</u>")
    tokens.remove(0, 3)
    assert tokens.write() == "a&lt;<u>e</u>"


def test_what_looks_like_an_attribute_within_a_value_is_none() -> None:
    tokens = Tokens('<a title="x href=" href=" onclick=alert(1) ">one</a><td abbr="x align=">two</td>')
    assert tokens.get(0, "href") == " onclick=alert(1) "
    tokens.set(0, "href", "/b")
    assert tokens.tags[0] == '<a title="x href=" href="/b">'
    assert tokens.take(0, "href") == "/b"
    assert tokens.take(0, "href") == ""
    assert tokens.tags[0] == '<a title="x href=">'
    assert tokens.having("align") == []
