from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator.markup.comments import comment_html
from generator.markup.dom import parse_html, unwrap_element, write_html
from generator.markup.placeholders import Context
from generator.markup.settings import MarkupSettings

DANGER = re.compile(
    r"""<(?:script|style|form|base|meta|link|object|embed|svg|math|input|button|textarea|select)\b
    |<[^>]*\s(?:on\w+|style|srcdoc|formaction)\s*=
    |(?:href|src|poster|cite|action|background)\s*=\s*["']?\s*(?:javascript|data|vbscript)""",
    re.IGNORECASE | re.VERBOSE,
)

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)' style='x'>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe><x title='</iframe><img src=x onerror=alert(1)>'></iframe>",
    "<form action=/x><input name=q><button formaction=javascript:alert(1)>x</button></form>",
    "<p style='background:url(javascript:alert(1))' onclick=alert(1)>x</p>",
    "<div onmouseover=alert(1)>x</div>\n{: onclick='alert(1)' style='x' }",
    "text\n{: onclick=alert(1) style=color:red srcdoc=x }",
    "<video poster='javascript:alert(1)' src='data:text/html,x'></video>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<a title='<img src=x onerror=alert(1)>' href=/x>x</a>",
    '<img alt=\'"><img src=x onerror=alert(1)>\' src="/x.png">',
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<a id='\"><img src=x onerror=alert(1)>'>x</a>",
    '## x {: #"><img/src=x/onerror=alert(1)> }',
    "<td align='\"><script>'>x",
    "<plaintext><script>alert(1)</script>",
    '<table><caption>"><img src=x onerror=alert(1)></caption></table>',
    "<blockquote cite='javascript:alert(1)'>x</blockquote>",
]


@pytest.mark.parametrize("raw_html", ["safe", "trusted"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_runs_reaches_a_page(payload: str, raw_html: str, body_of, show) -> None:  # type: ignore[no-untyped-def]
    body = body_of(f"Before {payload} after\n\n{payload}\n\nLast.", raw_html=raw_html)
    for context in Context:
        html = show(body, context)
        assert not DANGER.search(_without_values(html)), html
        assert "Last." in html or "plaintext" in payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_runs_reaches_a_comment(payload: str) -> None:
    html = comment_html(f"Before {payload} after", MarkupSettings())
    assert not DANGER.search(_without_values(html)), html
    assert "<img" not in html


@pytest.mark.parametrize("name", ["comment_xss.json", "feedparser_sanitize.json"])
def test_known_attacks_leave_nothing_that_runs(name: str, samples: Path, body_of, show) -> None:  # type: ignore[no-untyped-def]
    for case in json.loads((samples / "hostile/html" / name).read_text(encoding="utf-8")):
        for html in (show(body_of(case["html"])), comment_html(case["html"], MarkupSettings())):
            assert not DANGER.search(_without_values(html)), (case, html)


def _without_values(html: str) -> str:
    """Empty the values of attributes that hold no address, and escaped text: they are words, whatever they say."""
    return re.sub(r""" (?:alt|title|aria-label)=(?:"[^"]*"|'[^']*')""", "", html)


def test_an_alignment_becomes_a_class_and_a_style_goes(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of('<p align="right" style="color: red">a</p>\n\n<center>b</center>')
    assert body.html == '<p class="align-right">a</p>\n\n<div class="align-center">b</div>'


@pytest.mark.parametrize(
    ("written", "healed"),
    [
        (
            "<strike>a</strike> <tt>b</tt> <acronym title=x>c</acronym>",
            '<p><s>a</s> <code>b</code> <abbr title="x">c</abbr></p>',
        ),
        ("<font color=red>a</font>", "<p>a</p>"),
        ("<ul><p>a</p><li>b</li>c</ul>", "<ul><li><p>a</p></li><li>b</li><li>c</li></ul>"),
        ("<div><li>a</li></div>", "<div><div>a</div></div>"),
        ("<div><span><div>a</div>b</span></div>", "<div><div>a</div>b</div>"),
        ('<p id="">a</p>\n<p id="x y">b</p>', '<p>a</p>\n<p id="xy">b</p>'),
        ('<p id="a">a</p>\n<p id="a">b</p>', '<p id="a">a</p>\n<p id="a-2">b</p>'),
        ('<ol start="x" type="q"><li value="y">a</li></ol>', "<ol><li>a</li></ol>"),
        ('<a name="old">a</a>', '<p><a id="old">a</a></p>'),
        ("<h2></h2>\n\nb", "<p>b</p>"),
        (
            '<table><tr><td colspan="0" width="3">a</td></tr></table>',
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
        ),
    ],
)
def test_html_is_healed(written: str, healed: str, body_of, show) -> None:  # type: ignore[no-untyped-def]
    html = show(body_of(written)).replace('<div class="table-scroll" role="group" tabindex="0" aria-label="Table">', "")
    assert html.removesuffix("</div>" if "<table" in written else "") == healed


def test_two_sources_of_a_player_stay(body_of, show) -> None:  # type: ignore[no-untyped-def]
    html = show(body_of('<audio><source src="a.ogg"><source src="a.mp3" type="audio/mpeg"></audio>'))
    assert html.count("<source") == 2
    assert "</source>" not in html


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_source_outside_a_player_goes_and_the_words_around_it_stay(engine: str, body_of, show) -> None:  # type: ignore[no-untyped-def]
    text = "> [!NOTE] A title:<source src=b>\n>\n> - one <source src=c> two\n\n<p>x<source src=d>y</p>"
    html = show(body_of(text, engine=engine))
    assert "<source" not in html
    assert [word in html for word in ("A title:", "one", "two", "xy")] == [True] * 4


def test_what_is_around_an_unwrapped_element_stays() -> None:
    root = parse_html("<p>a <u></u>b <u>c<i>d</i>e<b>f</b></u>g <u>h</u></p>")
    for element in list(root.iter("u")):
        unwrap_element(element)
        unwrap_element(element)
    assert write_html(root) == "<p>a b c<i>d</i>e<b>f</b>g h</p>"
