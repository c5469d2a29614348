from __future__ import annotations

import pytest

from generator.markup.placeholders import Context
from generator.model import Heading, Link, Picture

FEATURES = {
    "emphasis": ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>"),
    "a captioned picture alone is a figure": (
        '![A cat](cat.jpg "My cat")',
        (
            '<figure><img src="cat.jpg" width="400" height="300" alt="A cat" decoding="async">'
            "<figcaption>My cat</figcaption></figure>"
        ),
    ),
    "a caption that equals the alternative text is said once": (
        '![My cat](cat.jpg "my cat.")',
        (
            '<figure><img src="cat.jpg" width="400" height="300" alt="" decoding="async">'
            "<figcaption>my cat.</figcaption></figure>"
        ),
    ),
    "a caption of a figure in HTML too": (
        '<figure><img src="cat.jpg" alt="My cat"><figcaption>My <b>cat</b></figcaption></figure>',
        (
            '<figure><img src="cat.jpg" width="400" height="300" alt="" decoding="async">'
            "<figcaption>My <b>cat</b></figcaption></figure>"
        ),
    ),
    "a title within a text that equals the alternative text goes": (
        'See ![My cat](cat.jpg "My cat")',
        '<p>See <img src="cat.jpg" width="400" height="300" alt="My cat" decoding="async"></p>',
    ),
    "a decorative picture keeps its caption": (
        '![A cat](cat.jpg "decorative: My cat")',
        (
            '<figure><img src="cat.jpg" width="400" height="300" alt="" decoding="async">'
            "<figcaption>My cat</figcaption></figure>"
        ),
    ),
    "a decorative picture without a caption is no figure": (
        '![](cat.jpg "Decorative :")',
        '<p><img src="cat.jpg" width="400" height="300" alt="" decoding="async"></p>',
    ),
    "a linked picture with a caption is a figure": (
        '[![A cat](cat.jpg "My cat")](cat.pdf)',
        (
            '<figure><a href="cat.pdf"><img src="cat.jpg" width="400" height="300" alt="A cat" decoding="async"></a>'
            "<figcaption>My cat</figcaption></figure>"
        ),
    ),
    "a picture without a caption stays in its paragraph": (
        "![A cat](cat.jpg)",
        '<p><img src="cat.jpg" width="400" height="300" alt="A cat" decoding="async"></p>',
    ),
    "a captioned picture among words stays there": (
        'See ![A cat](cat.jpg "My cat")',
        '<p>See <img src="cat.jpg" width="400" height="300" alt="A cat" title="My cat" decoding="async"></p>',
    ),
    "a pull quote": (
        "> [!PULLQUOTE]\n> We did it.",
        '<blockquote class="pullquote">\n<p>We did it.</p>\n</blockquote>',
    ),
    "a pull quote on one line": (
        "> [!PULLQUOTE] We did it.",
        '<blockquote class="pullquote">\n<p>We did it.</p>\n</blockquote>',
    ),
    "a pull quote with its speaker": (
        "> [!PULLQUOTE]\n> We did it.\n>\n> -- Ann Example",
        '<blockquote class="pullquote">\n<p>We did it.</p>\n<footer>Ann Example</footer>\n</blockquote>',
    ),
    "a note": (
        "> [!NOTE]\n> Mind this.",
        '<div class="note note-note" role="note">\n<p class="note-title">Note</p>\n<p>Mind this.</p>\n</div>',
    ),
    "a note in small letters": (
        "> [!tip]\n> Do this.",
        '<div class="note note-tip" role="note">\n<p class="note-title">Tip</p>\n<p>Do this.</p>\n</div>',
    ),
    "a note with a title of its own": (
        "> [!WARNING] The *gap*\n> It is wide.",
        '<div class="note note-warning" role="note">\n<p class="note-title">The gap</p>\n<p>It is wide.</p>\n</div>',
    ),
    "an admonition is a note": (
        "!!! note\n    Mind this.",
        '<div class="note note-note" role="note">\n<p class="note-title">Note</p>\n<p>Mind this.</p>\n</div>',
    ),
    "an admonition with a title": (
        '!!! danger "Hot"\n    Mind this.',
        '<div class="note note-warning" role="note">\n<p class="note-title">Hot</p>\n<p>Mind this.</p>\n</div>',
    ),
    "an unknown alert stays a quotation": (
        "> [!WHATEVER]\n> x",
        "<blockquote>\n<p>[!WHATEVER]\nx</p>\n</blockquote>",
    ),
    "two notes in a row are two": (
        "> [!NOTE]\n> a\n\n> [!TIP]\n> b",
        (
            '<div class="note note-note" role="note">\n<p class="note-title">Note</p>\n<p>a</p>\n</div>\n'
            '<div class="note note-tip" role="note">\n<p class="note-title">Tip</p>\n<p>b</p>\n</div>'
        ),
    ),
    "a quotation after a note is none of it": (
        "> [!NOTE]\n> a\n\n> b",
        (
            '<div class="note note-note" role="note">\n<p class="note-title">Note</p>\n<p>a</p>\n</div>\n'
            "<blockquote>\n<p>b</p>\n</blockquote>"
        ),
    ),
    "tasks": (
        "- [ ] a\n- [x] b",
        (
            '<ul>\n<li class="task"><span class="task-box" role="img" aria-label="To do">☐</span> a</li>\n'
            '<li class="task"><span class="task-box" role="img" aria-label="Done">☑</span> b</li>\n</ul>'
        ),
    ),
    "a table's alignment is a class": (
        "a | b\n--- | ---:\n1 | 2",
        (
            '<div class="table-scroll" role="group" tabindex="0" aria-label="Table"><table>\n<thead>\n<tr>\n'
            "<th>a</th>\n"
            '<th class="align-right">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n'
            '<td>1</td>\n<td class="align-right">2</td>\n'
            "</tr>\n</tbody>\n</table></div>"
        ),
    ),
    "an author's class": ("Text.\n{: .lead }", '<p class="lead">Text.</p>'),
    "code keeps its language and its quotes": (
        "``` python\nprint('a') -- \"b\"\n```",
        (
            '<pre role="group" tabindex="0" aria-label="Code">'
            '<code class="language-python">print(\'a\') -- "b"\n</code></pre>'
        ),
    ),
    "definitions": ("Term\n:   Meaning", "<dl>\n<dt>Term</dt>\n<dd>Meaning</dd>\n</dl>"),
    "abbreviations": ("A CIO.\n\n*[CIO]: Chief", '<p>A <abbr title="Chief">CIO</abbr>.</p>'),
}


@pytest.mark.parametrize("name", FEATURES)
def test_feature_gives_its_html(name: str, body_of, show) -> None:  # type: ignore[no-untyped-def]
    text, html = FEATURES[name]
    assert show(body_of(text)) == html


def test_headings_have_ids_and_make_the_contents(body_of, show) -> None:  # type: ignore[no-untyped-def]
    body = body_of("## First *part*\n\n### Größe & 日本\n\n## First part\n\n## Own {#mine}")
    assert body.toc == (
        Heading(2, "first-part", "First part"),
        Heading(3, "größe-日本", "Größe & 日本"),
        Heading(2, "first-part-2", "First part"),
        Heading(2, "mine", "Own"),
    )
    assert show(body).startswith('<h2 id="first-part">First <em>part</em></h2>')
    assert set(body.anchors) == {"first-part", "größe-日本", "first-part-2", "mine"}


def test_an_id_written_later_keeps_its_name(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("## Intro\n\n## Other {#intro}")
    assert [heading.id for heading in body.toc] == ["intro-2", "intro"]


def test_a_heading_never_takes_an_id_of_the_page_around_it(body_of) -> None:  # type: ignore[no-untyped-def]
    assert body_of("## Comments").toc[0].id == "comments-2"


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        ("# a\n\n## b", [2, 3]),
        ("## a\n\n### b\n\n## c", [2, 3, 2]),
        ("### a\n\n##### b\n\n## c", [2, 3, 2]),
        ("## a\n\n#### b\n\n### c\n\n#### d", [2, 3, 3, 4]),
    ],
)
def test_heading_levels_begin_at_two_and_skip_none(written: str, levels: list[int], body_of) -> None:  # type: ignore[no-untyped-def]
    assert [heading.level for heading in body_of(written).toc] == levels


def test_a_heading_s_footnote_mark_is_not_part_of_its_text(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("## Title[^1]\n\n[^1]: Note.")
    assert body.toc == (Heading(2, "title", "Title"),)


def test_links_inside_the_site_are_placeholders_and_others_stay(body_of) -> None:  # type: ignore[no-untyped-def]
    text = "[a](../b.md#c) [b](/x/) [c](#d) [d](https://example.org/?a=1&b=2) [e](mailto:a@example.org) [f](../b.md#c)"
    body = body_of(text)
    assert body.links == (Link("../b.md#c"), Link("/x/"), Link("#d"))
    assert 'href="https://example.org/?a=1&amp;b=2"' in body.html
    assert 'href="mailto:a@example.org"' in body.html


@pytest.mark.parametrize("address", ["//cdn.example/x", "\\\\cdn.example/x", "/\\cdn.example/x", " //cdn.example/x"])
def test_an_address_with_a_borrowed_scheme_is_not_inside_the_site(address: str, body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(f'<p><a href="{address}">x</a></p>')
    assert body.links == ()
    assert 'href="https://cdn.example/x"' in body.html


def test_every_picture_is_a_placeholder(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of("![a](b.jpg)\n\n![](https://example.org/c.png)\n\n<img src=d.png>")
    assert body.images == (Picture("b.jpg", "a"), Picture("https://example.org/c.png", None), Picture("d.png", None))
    assert "<img" not in body.html


def test_films_of_the_site_are_players_and_others_are_links(body_of, show) -> None:  # type: ignore[no-untyped-def]
    body = body_of('<video src="a.mp4" autoplay></video>\n\n<video src="https://film.example/a.mp4"></video>')
    assert body.links == (Link("a.mp4"),)
    html = show(body)
    assert '<video controls="" preload="metadata" src="a.mp4"></video>' in html
    assert '<a class="outside" href="https://film.example/a.mp4">film.example</a>' in html


def test_a_frame_becomes_a_link_unless_html_is_trusted(body_of, show) -> None:  # type: ignore[no-untyped-def]
    text = '<iframe src="https://film.example/embed/1" onload="x()"><b>old</b></iframe>'
    assert show(body_of(text)) == '<a class="outside" href="https://film.example/embed/1">film.example</a>'
    assert show(body_of(text, raw_html="trusted")) == '<iframe src="https://film.example/embed/1"></iframe>'


def test_text_has_a_line_for_each_block_and_no_marks(body_of) -> None:  # type: ignore[no-untyped-def]
    body = body_of(
        "## Head\n\nOne\ntwo[^1].\n\n- a\n- b\n    - c\n\nx | y\n- | -\n1 | 2\n\n```\na\n  b\n```\n\n[^1]: Note."
    )
    assert body.text == "Head\nOne two.\na\nb\nc\nx | y\n1 | 2\na\n  b\nNote."
    assert body.words == len(body.text.split())


def test_headings_move_down_and_ids_go_where_bodies_meet(body_of, show) -> None:  # type: ignore[no-untyped-def]
    body = body_of("## A\n\n### B {#own}\n\nText <span id='x'>x</span>")
    html = show(body, Context.LISTING, shift=1)
    assert html == "<h3>A</h3>\n<h4>B</h4>\n<p>Text <span>x</span></p>"
