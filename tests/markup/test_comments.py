from __future__ import annotations

import pytest

from generator.markup.comments import comment_html
from generator.markup.settings import MarkupSettings

CASES = {
    "Markdown": ("It's *good*.\n\nYes.", "<p>It’s <em>good</em>.</p>\n<p>Yes.</p>"),
    "HTML of an old blog": ("<p>One<br/>two</p>", "<p>One<br>two</p>"),
    "one line of HTML": ("<br>Just this", "<p><br>Just this</p>"),
    "a link": (
        "[x](https://example.org/?a=1&b=2)",
        '<p><a href="https://example.org/?a=1&amp;b=2" rel="nofollow ugc">x</a></p>',
    ),
    "a link within the old blog": ("[x](/2010/01/)", "<p><a>x</a></p>"),
    "a heading": ("# Big *one*", "<p><strong>Big <em>one</em></strong></p>"),
    "a picture": (
        "![a](https://pics.example/a.png)",
        '<p><a href="https://pics.example/a.png" rel="nofollow ugc">a (pics.example)</a></p>',
    ),
    "ids and classes": ('<p id="a" class="b">c</p>', "<p>c</p>"),
    "nothing": ("  \n", ""),
    "code": ("`a < 'b'`", "<p><code>a &lt; 'b'</code></p>"),
}


@pytest.mark.parametrize("name", CASES)
def test_comment_gives_its_html(name: str) -> None:
    text, html = CASES[name]
    assert comment_html(text, MarkupSettings()) == html


def test_a_comment_too_costly_to_convert_is_shown_as_written() -> None:
    html = comment_html("<b>" + "[a" * 9000 + "\n\nsecond", MarkupSettings())
    assert html.startswith("<p>&lt;b&gt;[a[a")
    assert html.endswith("<p>second</p>")
