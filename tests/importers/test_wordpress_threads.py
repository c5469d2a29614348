"""Any export with threads comes back whole, and any text of a post with its words."""

# ruff: noqa: E501, ISC004 (tables of HTML, one case a line)

from __future__ import annotations

import tempfile
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.content.comments import parse_comments
from generator.importers.exports.reduce import reduce_html
from generator.importers.exports.to_markdown import to_markdown
from generator.importers.flow import import_source
from generator.importers.import_model import ImportOptions
from generator.importers.wordpress.paragraphs import add_paragraphs
from generator.importers.wordpress.shortcodes import Attachment, convert_shortcodes
from generator.importers.wordpress.text import wordpress_html
from generator.importers.wordpress.wordpress_reader import WordpressReader
from generator.markup.settings import MarkupSettings
from tests.importers.exports import leaks, private_values, wxr, wxr_comment, wxr_item

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=40).map(
    lambda text: f"w{text.replace(']]>', '')}w"
)


@st.composite
def threads(draw: st.DrawFn) -> list[tuple[int, str, int]]:
    """Draw comments: number, text, the number of the comment that they answer (0, one that is missing, or any other)."""
    numbers = draw(st.lists(st.integers(1, 60), unique=True, max_size=12))
    return [(number, draw(WORDS), draw(st.sampled_from([0, 99, *numbers]))) for number in numbers]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(threads())
def test_any_export_with_threads_comes_back_whole(drawn: list[tuple[int, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "site.toml").write_text('title = "S"\nurl = "https://example.org/"\n')
        file = root / "export.xml"
        file.write_text(wxr(wxr_item(1, "Text.", *(wxr_comment(n, text, parent) for n, text, parent in drawn))))
        private = private_values(file)
        import_source(root, ImportOptions((file,)), WordpressReader())
        file.unlink()
        numbers = {number for number, _, _ in drawn}
        wanted = {f"wp-{n}": f"wp-{parent}" if parent in numbers - {n} else None for n, _, parent in drawn}
        (post,) = root.rglob("*post-1.md")
        kept = post.with_name(f"{post.stem}.comments.yaml")
        found, problems = parse_comments("c", kept.read_bytes() if kept.exists() else b"", UTC)
        assert {each.id: each.parent for each in found} == wanted
        assert problems == ()
        assert leaks(root, private) == []


PARAGRAPHS = (
    ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
    ("one\ntwo", "<p>one<br>\ntwo</p>"),
    ("one\r\n\r\ntwo", "<p>one</p>\n<p>two</p>"),
    ("<h2>Head</h2>\ntext", "<h2>Head</h2><p>text</p>"),
    ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
    ("<blockquote>a\n\nb</blockquote>", "<blockquote><p>a</p>\n<p>b</p></blockquote>"),
    ("<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>", "<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>"),
    ("<p>whole</p>\n\nloose", "<p>whole</p><p>loose</p>"),
    ("<div>a\n\nb</div>c", "<div><p>a</p>\n<p>b</p></div><p>c</p>"),
    ("a <strong>b\n\nc</strong>", "<p>a <strong>b</p>\n<p>c</strong></p>"),
    ("<table><tr><td>a\nb</td></tr></table>", "<table><tr><td>a<br>\nb</td></tr></table>"),
    ("", ""),
)


@pytest.mark.parametrize(("written", "wanted"), PARAGRAPHS)
def test_paragraphs_are_where_wordpress_made_them(written: str, wanted: str) -> None:
    assert add_paragraphs(written) == wanted


FILES = {"4": Attachment("https://e.org/a.png", "A", "Caption"), "5": Attachment("https://e.org/b.png")}
IMG = '<img src="https://e.org/x.png">'
SHORTCODES: tuple[tuple[str, str, list[str]], ...] = (
    (f'[caption id="a" width="3"]{IMG} Words[/caption]', f"<figure>{IMG}<figcaption>Words</figcaption></figure>", []),
    (f'[caption width="3" caption="Old"]{IMG}[/caption]', f"<figure>{IMG}<figcaption>Old</figcaption></figure>", []),
    (f'[wp_caption]<a href="x">{IMG}</a>W[/wp_caption]', f'<figure><a href="x">{IMG}</a><figcaption>W</figcaption></figure>', []),
    ('[gallery ids="4,5"]', '<figure><img src="https://e.org/a.png" alt="A"><figcaption>Caption</figcaption></figure>\n'
     '<figure><img src="https://e.org/b.png" alt=""></figure>', []),
    ('[gallery ids="9"]', '[gallery ids="9"]', ["gallery"]),
    ("[embed]https://e.org/v[/embed]", '<p><a href="https://e.org/v">https://e.org/v</a></p>', []),
    ("[youtube https://youtu.be/abcdef12345]", '<p><a href="https://youtu.be/abcdef12345">https://youtu.be/abcdef12345</a></p>', []),
    ('[audio src="https://e.org/a.mp3"]', '<audio controls src="https://e.org/a.mp3"></audio>', []),
    ('[video mp4="https://e.org/a.mp4"][/video]', '<video controls src="https://e.org/a.mp4"></video>', []),
    ('[code language="python"]a < b[/code]', '<pre><code class="language-python">a &lt; b</code></pre>', []),
    ("[googlevideo=http://e.org/v?a=-1]", '<p><a href="http://e.org/v?a=-1">http://e.org/v?a=-1</a></p>', []),
    ("[thing=http://e.org/]", "[thing=http://e.org/]", ["thing"]),
    ('[contact-form to="x"]', '[contact-form to="x"]', ["contact-form"]),
    ("He said [sic] and [John Smith] left [1].", "He said [sic] and [John Smith] left [1].", []),
    ("[[gallery]]", "[[gallery]]", []),
    ("[box]inside[/box]", "[box]inside[/box]", ["box"]),
)  # fmt: skip


@pytest.mark.parametrize(("written", "wanted", "left"), SHORTCODES)
def test_shortcodes_become_html_or_stay_and_are_listed(written: str, wanted: str, left: list[str]) -> None:
    text, names = convert_shortcodes(written, lambda ids: [FILES[each] for each in ids if each in FILES])
    assert (text.strip(), names) == (wanted, left)


BLOCKS = (
    ("<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->", "a"),
    ('<!-- wp:heading {"level":3} -->\n<h3>H</h3>\n<!-- /wp:heading -->', "### H"),
    ('<!-- wp:image {"id":1} -->\n<figure class="wp-block-image"><img src="https://e.org/a.png" alt="A"/>'
     "<figcaption>W</figcaption></figure>\n<!-- /wp:image -->", '![A](https://e.org/a.png "W")'),
    ('<!-- wp:quote --><blockquote class="wp-block-quote"><p>Q</p><cite>C</cite></blockquote><!-- /wp:quote -->',
     "> Q\n>\n> <cite>C</cite>"),
    ('<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>P</p></blockquote></figure><!-- /wp:pullquote -->',
     "> [!PULLQUOTE]\n> P"),
    ('<!-- wp:buttons --><div class="wp-block-buttons"><!-- wp:button --><div class="wp-block-button">'
     '<a class="wp-block-button__link" href="https://e.org/">Go</a></div><!-- /wp:button --></div><!-- /wp:buttons -->',
     "[Go](https://e.org/)"),
    ('<!-- wp:columns --><div class="wp-block-columns"><!-- wp:column --><div><!-- wp:paragraph --><p>1</p>'
     "<!-- /wp:paragraph --></div><!-- /wp:column --><!-- wp:column --><div><p>2</p></div><!-- /wp:column --></div>"
     "<!-- /wp:columns -->", "1\n\n2"),
    ('<!-- wp:embed {"url":"https://youtu.be/x"} --><figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n'
     "https://youtu.be/x\n</div></figure><!-- /wp:embed -->", "<https://youtu.be/x>"),
    ("<!-- wp:details --><details><summary>S</summary><p>In</p></details><!-- /wp:details -->",
     "<details><summary>S</summary><p>In</p></details>"),
    ("<!-- wp:more -->\n<!--more-->\n<!-- /wp:more --><p>b</p>", "<!--more-->\n\nb"),
    ("<!-- wp:list --><ul><!-- wp:list-item --><li>a<ul><li>b</li></ul></li><!-- /wp:list-item --></ul><!-- /wp:list -->",
     "- a\n    - b"),
    ("Classic\n\ntext<!-- wp:paragraph --><p>block</p><!-- /wp:paragraph -->", "Classic\n\ntext\n\nblock"),
)  # fmt: skip


@pytest.mark.parametrize(("written", "wanted"), BLOCKS)
def test_blocks_become_markdown(written: str, wanted: str) -> None:
    made = to_markdown(wordpress_html(written, lambda _: []).html, MarkupSettings())
    assert (made.text, made.lost) == (wanted, "")


TEXTS = (
    "<p>1. not a list</p>", "<p># not a heading</p>", "<p>* not * a _ list_</p>", "<p>a [b](c) d</p>", "<p>`x` ~~y~~</p>",
    "<p>&lt;b&gt; &amp;amp; &amp;</p>", "<p><b>bold </b>word<b> bold</b></p>", "<p>- dash</p>", "<p>> more</p>", "<p>a | b</p>",
    "<p>!important ![x]</p>", "<p>one<br><br>two<br></p>", "<ul><li>a</li></ul><ul><li>b</li></ul>", "<ol><li>a</li></ol><p>1. x</p>",
    "<table><tr><td colspan=2>a</td></tr></table>", "<pre>a\n\n  b &lt;</pre>", "<p>:smile: http://e.org/a_b_c *</p>",
    '<p class="MsoNormal"><span style="x">Word<o:p></o:p></span></p>', "<div>a<div>b</div>c</div>", "<p>\\* \\ ]</p>",
    "<blockquote>a<ul><li>b</li></ul></blockquote>", "<h2>A <em>b</em> #</h2>", '<p><a href="http://e.org/(a)">x</a></p>',
    '<iframe src="//www.youtube.com/embed/abcdef12345"></iframe>', "<p>    four spaces</p>", "<p>--- ***</p>", "<p>[x]: y</p>",
)  # fmt: skip


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_signs_of_markdown_survive_in_either_dialect(engine: str) -> None:
    for html in TEXTS:
        made = to_markdown(html, MarkupSettings(engine=engine))
        assert made.lost == "", (html, made)
        assert reduce_html(made.html).words, html
