from __future__ import annotations

import re

import pytest

from generator.markup.characters import CLOSE, OPEN
from generator.markup.placeholders import Context, Shown, Source, resolve


def test_a_dead_link_becomes_its_text(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("[a](gone.md) b")
    assert resolve(body.html, Context.PAGE, links=[None], images=[]) == "<p>a b</p>"


def test_an_address_is_escaped(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("[a](b.md)")
    html = resolve(body.html, Context.PAGE, links=['/x/?a=1&b="><script>'], images=[])
    assert html == '<p><a href="/x/?a=1&amp;b=&quot;&gt;&lt;script&gt;">a</a></p>'


def test_a_missing_picture_leaves_its_text(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("![A <b>cat</b>](gone.jpg)")
    assert resolve(body.html, Context.PAGE, links=[], images=[None]) == (
        '<p><span class="missing-picture">[Picture: A &lt;b&gt;cat&lt;/b&gt;]</span></p>'
    )


@pytest.mark.parametrize("context", list(Context))
def test_a_picture_on_another_host_is_a_link_that_names_it(context: Context, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of('![A cat](https://pics.example/c.jpg "My cat")')
    shown = Shown("https://pics.example/c.jpg", host="pics.example")
    html = resolve(body.html, context, links=[], images=[shown])
    assert html == (
        '<figure><a class="outside" href="https://pics.example/c.jpg">A cat (pics.example)</a>'
        "<figcaption>My cat</figcaption></figure>"
    )


def test_no_link_stands_in_a_link(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("[![A cat](https://pics.example/c.jpg)](https://example.org/)")
    shown = Shown("https://pics.example/c.jpg", host="pics.example")
    html = resolve(body.html, Context.PAGE, links=[], images=[shown])
    assert html == '<p><a href="https://example.org/">A cat (pics.example)</a></p>'


def test_later_pictures_wait_and_only_on_pages(body_of, show) -> None:  # type: ignore[no-untyped-def]
    body = body_of("![a](a.jpg)\n\n![b](b.jpg)")
    assert show(body).count('loading="lazy"') == 1
    assert show(body, Context.LISTING).count('loading="lazy"') == 2
    assert "loading" not in show(body, Context.FEED) + show(body, Context.MAIL)


def test_an_author_s_width_brings_the_height_with_it(body_of, show) -> None:  # type: ignore[no-untyped-def]
    assert 'width="200" height="150"' in show(body_of('<img src="a.jpg" width="200">'))
    assert 'width="400" height="300"' in show(body_of('<img src="a.jpg" width="50%">'))


def test_a_picture_s_sizes_and_formats_are_named(body_of) -> None:  # type: ignore[no-untyped-def]
    shown = Shown("/a.jpg", srcset="/a.9.jpg 9w", sizes="9rem", sources=(Source("image/webp", "/a.9.webp 9w"),))
    html = resolve(body_of("![a](a.jpg)").html, Context.PAGE, links=[], images=[shown])
    assert html == (
        '<p><picture><source type="image/webp" srcset="/a.9.webp 9w" sizes="9rem">'
        '<img src="/a.jpg" srcset="/a.9.jpg 9w" sizes="9rem" alt="a" decoding="async"></picture></p>'
    )
    narrow = resolve(body_of('<img src="a.jpg" width="80">').html, Context.PAGE, links=[], images=[shown])
    assert narrow.count('sizes="min(80px, 100vw)"') == 2


def test_a_scrolling_box_has_its_role_on_pages_alone(body_of, show) -> None:  # type: ignore[no-untyped-def]
    body = body_of("<table><caption>Sums</caption><tr><td>1</td></tr></table>")
    assert '<div class="table-scroll" role="group" tabindex="0" aria-label="Sums"><table>' in show(body)
    assert '<div class="table-scroll"><table>' in show(body, Context.MAIL)


@pytest.mark.parametrize(
    "forged",
    [f"{OPEN}L0{CLOSE}", "&#xFDD0;L0&#xfdd1;", "&#64976;L0&#64977", "&#x000FDD0L0&#xFDD1;", "&#0;&#1;&#xD800;"],
)
def test_nobody_can_write_a_placeholder(forged: str, body_of, show) -> None:  # type: ignore[no-untyped-def]
    body = body_of(f'x {forged} <span title="{forged}">y</span> `{forged}` <a href="{forged}">z</a>')
    assert OPEN not in show(body)
    assert CLOSE not in show(body)
    assert body.html.count(OPEN) == body.html.count(CLOSE) == len(body.links)


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<a L0>one</a>", "one"),
        ("<a L1>one</a>", '<a href="/b/">one</a>'),
        ("<a L0><b><a></a></b></a> two", "<b><a></a></b> two"),
        ("<a L1>x<a L0>y</a>z</a>", '<a href="/b/">xyz</a>'),
        ("<a L0>x<a L1>y</a>z</a>", 'x<a href="/b/">y</a>z'),
        ("<a L0>x<a L0>y</a>z</a>", "xyz"),
        ("""<a title='a "b" > c'L0>one</a>""", "one"),
        ('<a id="k" title="t"L0>one</a>', '<a id="k" title="t">one</a>'),
        ("<abbr>A</abbr><a L0>one</a><b>B</b>", "<abbr>A</abbr>one<b>B</b>"),
    ],
)
def test_a_link_that_leads_nowhere_is_its_words(html: str, shown: str) -> None:
    marked = re.sub(r" ?(L[01])", lambda match: f"{OPEN}{match[1]}{CLOSE}", html)
    assert resolve(marked, Context.PAGE, links=[None, "/b/"], images=[]) == shown
