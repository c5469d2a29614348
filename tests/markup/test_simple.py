"""Bodies that are said to need no tree: one would change nothing in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.markup.body import clean_html, make_html
from generator.markup.characters import strip_refused
from generator.markup.draft import BodyFacts
from generator.markup.insets import may_have_insets
from generator.markup.precheck import Refusal
from generator.markup.rework import rework
from generator.markup.scrolling import align_cells
from generator.markup.settings import ENGINES, MarkupSettings
from generator.markup.simple import is_simple
from generator.markup.tokens import Tokens
from tests.fuzz.strategies import HTML, MARKDOWN

EVERYTHING = Path(__file__).parent / "everything.md"
_NAMES = "p p p h1 h2 ul ol li li blockquote pre em strong code a table thead tbody tr th td sup del"
_WORDS = [
    "a",
    '"b"',
    "&amp;",
    "&lt;",
    "&nbsp;",
    "\n",
    "  ",
    "<br>",
    "<hr>",
    '<img src="a.png" alt="&quot;">',
    "é",
    "[ ] ",
]
_ATTRIBUTES = [
    "",
    "",
    "",
    ' class="a"',
    ' id="b"',
    ' title="&quot;c&quot; &amp; d"',
    ' href="/e?f&amp;g"',
    ' align="left"',
]


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.tuples(st.sampled_from(_NAMES.split()), st.sampled_from(_ATTRIBUTES), st.lists(inner, max_size=4))
    return parts.map(lambda part: f"<{part[0]}{part[1]}>{''.join(part[2])}</{part[0]}>")


ELEMENTS = st.lists(st.recursive(st.sampled_from(_WORDS), _element, max_leaves=25), max_size=5).map("".join)
"""Elements in each other, most of them where they may stand."""


def holds(html: str) -> bool:
    """Hold that a tree changes nothing in HTML that is said to need none; tell whether it is."""
    tokens, found = Tokens(html), BodyFacts("a", MarkupSettings())
    if not is_simple(tokens, html):
        return False
    align_cells(tokens)
    try:
        again = Tokens(rework(html, found))
    except Refusal:  # nested too deep: asked before
        return False
    if found.players or found.frames:
        assert may_have_insets(tokens, html, found.settings)  # asked before
        return False
    assert again.tags == tokens.tags
    assert again.texts == tokens.texts
    assert found.anchors == []
    return True


@given(ELEMENTS)
@settings(max_examples=500, deadline=None)
def test_elements_that_need_no_tree_are_left_alone_by_one(html: str) -> None:
    holds(clean_html(html, MarkupSettings()))


@given(st.one_of(HTML, MARKDOWN), st.sampled_from(ENGINES))
@settings(max_examples=500, deadline=None)
def test_any_text_that_needs_no_tree_is_left_alone_by_one(text: str, engine: str) -> None:
    chosen = MarkupSettings(engine=engine)
    try:
        holds(clean_html(strip_refused(text), chosen))
        holds(clean_html(make_html(text, chosen), chosen))
    except Refusal:
        return


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "A *word* and `code`.\n\n## A heading\n\n- one\n- two\n\n  more\n\n> said\n\n```py\nx = 1\n```\n\n***\n\nend",
        "[a](/b) ![c](d.png) [e](https://f.example/ 'g')\n\n3. one\n4. two",
        "| a | b |\n|---|--:|\n| 1 | 2 |",
        "a &amp; b &lt; c &nbsp; \"d\" -- 'e'...",
    ],
)
def test_what_is_usual_needs_no_tree(text: str, engine: str) -> None:
    chosen = MarkupSettings(engine=engine)
    assert holds(clean_html(make_html(text, chosen), chosen))


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<!--more--></p>",
        "<ul><li>[ ] a</li></ul>",
        "<blockquote><p>[!NOTE] a</p></blockquote>",
        '<p><img src="a.png" title="b"></p>',
        '<div class="footnotes"></div>',
        "<center>a</center>",
        "<ul>a<li>b</li></ul>",
        "<em><p>a</p></em>",
        "<li>a</li>",
        '<p align="left">a</p>',
        '<p lang="">a</p>',
        '<ol start="03"><li>a</li></ol>',
        '<p dir="x">a</p>',
        '<table><tr><td colspan="a">b</td></tr></table>',
        "<video src=a></video>",
        '<blockquote cite="/a">b</blockquote>',
    ],
)
def test_what_must_be_changed_gets_a_tree(html: str) -> None:
    cleaned = clean_html(html, MarkupSettings())
    assert not is_simple(Tokens(cleaned), cleaned)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_real_posts_that_need_no_tree_are_left_alone_by_one(engine: str, samples: Path) -> None:
    chosen = MarkupSettings(engine=engine)
    files = [EVERYTHING, *sorted((samples / "blogs").rglob("*.md"))]
    found = [holds(clean_html(make_html(file.read_text("utf-8", "replace"), chosen), chosen)) for file in files]
    assert sum(found) > 300
