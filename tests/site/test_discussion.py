from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

PAGE = "2024/01/a/index.html"
LINK = '[comments]\nprovider = "link"\nurl = "https://talk.example/new?id={id}&t={title}&l={link}&by={author}#{id}"\n'
TITLES = ['A "b" <c> & d=e#f?g', "100% {id} {link}", "Größe\u00a0&\u00a0Maß", "../..//x", "</a><script>"]


def way(made: Any) -> str:
    (href,) = made.html(PAGE).xpath('//section[@class="discussion"]//a[starts-with(text(), "Write a comment")]/@href')
    return str(href)


@pytest.mark.parametrize("title", TITLES)
def test_the_link_to_a_discussion_carries_the_post_whatever_its_title(
    letters: Any, post: Any, config: Any, title: str
) -> None:
    made = letters({"site.toml": config(LINK), "posts/2024-01-01-a.md": post(title, id="x y", authors=["Ana & Co"])})
    parts = urlsplit(way(made))
    shown = made.json("feed.json")["items"][0]["title"]
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "talk.example", "/new")
    assert parse_qs(parts.query) == {
        "id": ["x y"],
        "t": [shown],
        "l": ["https://example.org/2024/01/a/"],
        "by": ["Ana & Co"],
    }
    assert unquote(parts.fragment) == "x y"
    assert "at talk.example" in made.html(PAGE).text_content()


@pytest.mark.parametrize("title", TITLES)
def test_a_letter_carries_the_title_and_the_address(letters: Any, post: Any, config: Any, title: str) -> None:
    made = letters(
        {
            "site.toml": config('[comments]\nprovider = "mailto"\naddress = "office+blog@example.org"\n'),
            "posts/2024-01-01-a.md": post(title),
        }
    )
    href = way(made)
    assert href.startswith("mailto:office%2Bblog@example.org?subject=")
    assert "+" not in href  # RFC 6068: a space is %20
    fields = parse_qs(href.partition("?")[2])
    assert fields["body"] == ["https://example.org/2024/01/a/"]
    assert fields["subject"] == [made.json("feed.json")["items"][0]["title"]]


KEPT = """- {id: c1, author: Ana, date: 2024-01-02, body: "First **bold** <script>alert(1)</script>"}
- {id: c2, author: Bo, date: 2024-01-03, body: "A reply.", parent: c1}
- {id: c3, author: Cy, date: 2024-01-04, body: "Deeper.", parent: c2}
- {id: c4, author: Di <di@example.org>, date: 2024-01-01, body: "Alone.", parent: gone, email: di@example.org}
"""


def test_kept_comments_are_threaded_counted_and_clean(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A"), "posts/2024-01-01-a.comments.yaml": KEPT})
    page = made.html(PAGE)
    (section,) = page.xpath('//section[@class="discussion"]')
    assert section.xpath("./h2")[0].text == "4 comments"
    tops = section.xpath('./ol[@class="comments"]/li/article/@id')
    assert tops == ["comment-c4", "comment-c1"]
    assert section.xpath('//article[@id="comment-c3"]/ancestor::ol[@class="replies"]')
    assert len(section.xpath('//article[@id="comment-c3"]/ancestor::ol')) == 3
    assert section.xpath('.//article[@id="comment-c2"]//a[@href="#comment-c2"]/time/@datetime')
    assert "<strong>bold</strong>" in made.text(PAGE)
    assert not section.xpath(".//script")
    for path in made.paths:
        assert b"di@example.org" not in (made.output / path).read_bytes(), path


@pytest.mark.parametrize(
    ("comments", "shown", "linked"), [("true", True, True), ("closed", True, False), ("false", False, False)]
)
def test_comments_are_open_closed_or_none(
    letters: Any, post: Any, config: Any, comments: str, shown: bool, linked: bool
) -> None:
    made = letters(
        {
            "site.toml": config(LINK),
            "posts/2024-01-01-a.md": f"---\ntitle: A\ncomments: {comments}\n---\nText.\n",
            "posts/2024-01-01-a.comments.yaml": KEPT,
        }
    )
    assert ("A reply." in made.text(PAGE)) is shown
    assert ("talk.example" in made.text(PAGE)) is linked
    assert ("Comments are closed." in made.text(PAGE)) is (comments == "closed")


def test_without_a_service_there_is_no_way_to_comment(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A")})
    assert 'class="discussion"' not in made.text(PAGE)


def test_a_thousand_levels_of_replies_end_no_build(letters: Any, post: Any) -> None:
    lines = "".join(
        f"- {{id: c{n}, author: A, date: 2024-01-02, body: Text, parent: c{n - 1}}}\n" for n in range(1, 1001)
    )
    made = letters({"posts/2024-01-01-a.md": post("A"), "posts/2024-01-01-a.comments.yaml": lines})
    assert made.html(PAGE).xpath('//section[@class="discussion"]/h2')[0].text == "1,000 comments"
