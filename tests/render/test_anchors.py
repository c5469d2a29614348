"""Links to copy beside headings."""

from typing import Any

import pytest

from generator.render.anchors import add_anchors
from generator.words import ENGLISH

LINK = '<a class="anchor" href="#x" aria-label="Link to this part">#</a>'


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<h2 id="x">One</h2><p>Text</p>', f'<h2 id="x">One{LINK}</h2><p>Text</p>'),
        ('<h3 id="x"><em>One</em> <code>two</code></h3>', f'<h3 id="x"><em>One</em> <code>two</code>{LINK}</h3>'),
        ('<h2 id="x" class="y">One\ntwo</h2>', f'<h2 id="x" class="y">One\ntwo{LINK}</h2>'),
        ('<h6 id="x">One</h6>', f'<h6 id="x">One{LINK}</h6>'),
        ("<h2>One</h2>", "<h2>One</h2>"),
        ('<p id="x">One</p>', '<p id="x">One</p>'),
        ("<p>One</p>", "<p>One</p>"),
    ],
)
def test_a_heading_with_an_id_has_a_link_to_itself(html: str, shown: str) -> None:
    assert add_anchors(html, ENGLISH) == shown


def test_only_a_documents_own_page_has_them(letters: Any, post: Any) -> None:
    made = letters(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/"\n[theme]\nname = "default"\nhome_list = "full"\n',
            "posts/2024-01-01-a.md": post("A", "## Ärger & Co\n\nText.\n"),
        }
    )
    page = made.html("2024/01/a/index.html")
    (link,) = page.xpath('//h2/a[@class="anchor"]/@href')
    assert page.xpath("//h2[@id=$id]", id=link[1:])
    for path in ("index.html", "feed.xml", "feed.json"):
        assert "anchor" not in made.text(path), path
