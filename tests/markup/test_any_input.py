from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import ContentError
from generator.markup.body import convert, make_body
from generator.markup.characters import CLOSE, MORE, OPEN, strip_refused
from generator.markup.comments import comment_html
from generator.markup.placeholders import Context, Shown, resolve
from generator.markup.sanitise import BLOCK, INLINE, MEDIA
from generator.markup.settings import MarkupSettings
from generator.markup.typography import smarten
from generator.model import Body

ATTRIBUTES = {"class", "id", "href", "src", "alt", "title", "role"}
SETTINGS = MarkupSettings()
VOID = frozenset(["br", "col", "hr", "img", "source", "wbr"])
CHARS = st.characters(codec=None, exclude_categories=())
PIECES = [
    "a",
    '"',
    "'",
    "--",
    "...",
    "*",
    "**",
    "_",
    "`",
    "[",
    "](",
    ")",
    "![",
    "> [!NOTE] x",
    "> [!PULLQUOTE]\n> ",
    "<!--more-->",
    "[^1]",
    "\n\n[^1]: n",
    "\n",
    "\n\n",
    "# ",
    "## ",
    "- ",
    "- [ ] ",
    "|",
    "a|b\n-|-:\n1|2\n",
    "<p>",
    "</p>",
    "<div align=center>",
    "</div>",
    "<b>",
    "</b>",
    "<i>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<ul>",
    "<li>",
    "<a href=x>",
    "<a name=y>",
    "</a>",
    "<h1>",
    "<h2 id=z>",
    "<img src=a alt='\"'>",
    "<iframe src=//e.example/>",
    "<video src=a>",
    "<audio>",
    "<source src=b>",
    "<dl>",
    "<dd>",
    "<figure>",
    "<figcaption>",
    "<details>",
    "<summary>",
    "<span>",
    "<script>",
    "<style>",
    "<svg>",
    "<math>",
    "<textarea>",
    "<title>",
    "<center>",
    "<ruby>",
    "<rt>",
    "<wbr>",
    "<!--",
    "-->",
    "&#xFDD0;",
    "&lt;",
    "&",
    "<",
    ">",
    "\ufdd0",
    "\ufdd1",
    "\ufdd2",
    "\ufdd3",
    "�",
    "\x01",
    "\x0c",
    "<pre>",
    "<code>",
    "<sup class=footnote-ref>",
    "<div class=footnotes><ol><li id=fn:1>",
    "<a class=footnote-ref href=#fn:1>",
    "{: #q .r }",
    "é",
    "日",
    "\u202e",
    "\xa0",
    "]",
    "",
]
TEXTS = st.one_of(st.text(CHARS, max_size=60), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


class Balance(HTMLParser):
    """Hold that every element is closed, in order, and that no attribute is named twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        assert not [name for name in names if name.startswith("on") or name == "style"]
        assert tag not in ("script", "style", "form", "svg", "math", "object", "base", "meta", "link")
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag not in VOID, tag
        assert self.open, tag
        assert self.open.pop() == tag


def check_html(html: str) -> list[str]:
    """Check that a page's HTML is well-formed; return its ids."""
    assert OPEN not in html
    assert CLOSE not in html
    assert MORE not in html
    balance = Balance()
    balance.feed(html)
    balance.close()
    assert not balance.open
    assert len(balance.ids) == len(set(balance.ids))
    return balance.ids


def show_everywhere(body: Body) -> None:
    links: list[str | None] = [None if "a" in link.target else link.target for link in body.links]
    kinds = (None, Shown("/a.png", 3, 2), Shown("https://e.example/a", host="e.example"))
    images = [kinds[number % 3] for number in range(len(body.images))]
    for context in Context:
        for html in (body.html, body.excerpt):
            check_html(resolve(html, context, links=links, images=images, shift=2, key="k1-"))


def convert_or_refuse(text: str, **chosen: str) -> Body | None:
    try:
        return convert(text, path="a.md", slug="a", settings=MarkupSettings(**chosen))  # type: ignore[arg-type]
    except ContentError:
        return None


@given(TEXTS, st.sampled_from(["safe", "trusted"]), st.sampled_from(["en", "fr"]))
@settings(max_examples=500, deadline=None)
def test_any_text_makes_a_well_formed_body(text: str, raw_html: str, language: str) -> None:
    body = convert_or_refuse(text, raw_html=raw_html, language=language)
    if body is None:
        return
    assert body.html.count(OPEN) == body.html.count(CLOSE)
    assert not set(body.text + body.lead) & {OPEN, CLOSE, MORE}
    assert body.words == len(body.text.split())
    show_everywhere(body)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_html_of_an_engine_makes_a_well_formed_body(html: str) -> None:
    html = html.replace(OPEN, "").replace(CLOSE, "")
    show_everywhere(make_body(strip_refused(html), slug='a b"<', settings=SETTINGS))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_comment_is_well_formed(text: str) -> None:
    html = comment_html(text, SETTINGS)
    assert check_html(html) == []
    assert "<img" not in html


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_sanitising_a_page_again_removes_nothing(text: str) -> None:
    body = convert_or_refuse(text)
    if body is None:
        return
    html = resolve(body.html, Context.FEED, links=["/x"] * len(body.links), images=[Shown("/a.png")] * len(body.images))
    again = nh3.clean(html, tags=set(INLINE | BLOCK | MEDIA), attributes={"*": ATTRIBUTES}, link_rel=None)
    assert set(re.findall(r"<[a-z0-9]+", again)) == set(re.findall(r"<[a-z0-9]+", html))


@given(st.text(CHARS, max_size=80), st.sampled_from(["en", "de", "fr", "xx", ""]))
def test_setting_a_text_keeps_its_words(text: str, language: str) -> None:
    def letters(value: str) -> list[str]:
        return re.findall(r"\w", value)

    assert letters(smarten(text, language)) == letters(text)


@pytest.mark.slow
def test_every_real_post_makes_a_well_formed_body(samples: Path) -> None:
    files = sorted(file for file in (samples / "blogs").rglob("*") if file.suffix in (".md", ".html"))
    assert len(files) > 800
    for file in files:
        body = convert_or_refuse(file.read_text(encoding="utf-8", errors="replace"))
        assert body is not None, file.name
        show_everywhere(body)
