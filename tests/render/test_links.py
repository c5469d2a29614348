import unicodedata
from typing import Any

import pytest

PAGE = "2024/01/a/index.html"
SHOWN_IN_LISTS = """title = "L"
url = "https://example.org/"
[output]
feeds_for = ["site", "tags"]
[theme]
name = "default"
home_list = "full"
"""


def first(made: Any, path: str = PAGE) -> str | None:
    """Give the address of the first link of a page's text."""
    from lxml import html

    found: Any = html.fromstring(f"<div>{made.prose(path)}</div>").xpath("//a[not(@class)]/@href")
    return found[0] if found else None


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("2024-01-02-b.md", "/2024/01/b/"),
        ("2024-01-02-b.md#part-two", "/2024/01/b/#part-two"),
        ("2024-01-02-b.md?print=1#part-two", "/2024/01/b/?print=1#part-two"),
        ("./2024-01-02-b.md", "/2024/01/b/"),
        ("../pages/about%20us.md", "/about-us/"),
        ("../pages/größe.md", "/gr%C3%B6%C3%9Fe/"),
        (unicodedata.normalize("NFD", "../pages/größe.md"), "/gr%C3%B6%C3%9Fe/"),
        ("../pages/gr%C3%B6%C3%9Fe.md", "/gr%C3%B6%C3%9Fe/"),
        ("/posts/2024-01-02-b.md", "/2024/01/b/"),
        ("/content/posts/2024-01-02-b.md", "/2024/01/b/"),
        ("/about-us/", "/about-us/"),
        ("/about-us", "/about-us/"),
        ("/about-us/index.html", "/about-us/index.html"),
        ("/about-us/?q=a%20b&c=1#x", "/about-us/?q=a%20b&c=1#x"),
        ("../b/", "/2024/01/b/"),
        ("/plan%20b.pdf#page=2", "/plan%20b.pdf#page=2"),
        ("/notes.md", "/notes.md"),
        ("/feed.xml", "/feed.xml"),
        ("/tags/x/", "/tags/x/"),
        ("/2024/", "/2024/"),
        ("#own", "#own"),
        ("mailto:ana@example.org", "mailto:ana@example.org"),
    ],
)
def test_a_link_leads_where_its_author_meant(letters: Any, post: Any, written: str, address: str) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("A", f"## Own\n\n[text](<{written}>)", tags=["x"]),
            "posts/2024-01-02-b.md": post("B", "## Part two"),
            "pages/about us.md": post("About"),
            "pages/größe.md": post("Size"),
            "static/plan b.pdf": "PDF",
            "static/notes.md": "# Notes",
        }
    )
    assert made.codes == []
    assert first(made) == address


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("nowhere.md", None),
        ("2024-01-02-b.md#nothing", "/2024/01/b/#nothing"),
        ("#nothing", "#nothing"),
        ("/nowhere/", "/nowhere/"),
        ("../../../../../../etc/passwd", None),
        ("../../../../etc/secret.md", None),
        ("%2e%2e/%2e%2e/%2e%2e/site.toml", "/2024/01/a/../../../site.toml"),
        ("a%00.md", None),
        ("%ff.md", None),
    ],
)
def test_a_dead_link_is_named_with_its_place(letters: Any, post: Any, written: str, kept: str | None) -> None:
    made = letters(
        {"posts/2024-01-01-a.md": post("A", f"Text.\n\n[text]({written})"), "posts/2024-01-02-b.md": post("B")}
    )
    (problem,) = made.report.problems
    assert (problem.code, problem.line, problem.column) == ("dead-link", 6, 8)
    assert problem.hint
    assert first(made) == kept
    assert "text" in made.prose(PAGE)


def test_an_anchor_is_missed_even_where_there_are_none(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", "[x](#nothing)")})
    assert made.codes == ["dead-link"]


def test_words_to_be_marked_are_no_anchor(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", "[x](#:~:text=some,words) [y](#b:~:text=z)\n\n## B")})
    assert made.codes == []


def test_a_link_to_a_draft_gives_no_address_and_heals_when_it_is_published(
    site: Any, build: Any, post: Any, page: Any
) -> None:
    root = site(
        {"posts/2024-01-01-a.md": post("A", "[b](2024-01-02-b.md)"), "posts/2024-01-02-b.md": post("B", draft=True)}
    )
    report = build(root)
    assert [problem.code for problem in report.problems] == ["link-not-public"]
    assert "/2024/01/b/" not in page(root, PAGE)
    (root / "content/posts/2024-01-02-b.md").write_text(post("B"))
    report = build(root)
    assert report.problems == ()
    assert '<a href="/2024/01/b/">b</a>' in page(root, PAGE)


def test_files_beside_a_post_are_linked_and_published_with_it(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2024-01-01-a/index.md": post("A", "[plan](Plan%20B.pdf?v=2) ![p](p.png)", permalink="/here/"),
            "posts/2024-01-01-a/Plan B.pdf": "PDF",
            "posts/2024-01-01-a/p.png": PNG,
            "posts/2024-01-02-b/index.md": post("B", draft=True),
            "posts/2024-01-02-b/secret.pdf": "SECRET",
        }
    )
    assert made.codes == []
    assert first(made, "here/index.html") == "/here/Plan%20B.pdf?v=2"
    assert 'src="/here/p.png"' in made.prose("here/index.html")
    assert "here/Plan B.pdf" in made.paths
    assert not [path for path in made.paths if "secret" in path]


def test_links_under_a_base_path(letters: Any, post: Any) -> None:
    text = "[a](/about/) [b](../../../about/) [c](../../../../outside/) [d](2024-01-01-a.md) [e](/blog/about/)"
    made = letters(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/blog/"\n',
            "posts/2024-01-01-a.md": post("A", text, action={"text": "Go", "url": "/about/?x=1#y"}),
            "pages/about.md": post("About"),
        }
    )
    links = {link.text: link.get("href") for link in made.html(PAGE).xpath('//div[@class="prose"]//a[not(@class)]')}
    assert links == {
        "a": "/blog/about/",
        "b": "/blog/about/",
        "d": "/blog/2024/01/a/",
        "e": "/blog/blog/about/",
    }
    assert [problem.message.split('"')[1] for problem in made.report.problems] == [
        "../../../../outside/",
        "/blog/about/",
    ]
    assert made.html(PAGE).xpath('//a[text()="Go"]/@href') == ["/blog/about/?x=1#y"]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/a%20b/?q=1&r=2#z", "/a%20b/?q=1&r=2#z"),
        ("/caf%C3%A9/", "/caf%C3%A9/"),
        ("/café/", "/caf%C3%A9/"),
        ("/100%/", "/100%25/"),
    ],
)
def test_the_call_to_action_keeps_its_encoding_and_query(letters: Any, post: Any, written: str, address: str) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", action={"text": "Go", "url": written})})
    assert made.html(PAGE).xpath('//a[text()="Go"]/@href') == [address]


def test_footnotes_of_posts_shown_together_never_meet(letters: Any, post: Any, config: Any) -> None:
    text = "A note[^1].\n\n[^1]: The note."
    made = letters(
        {
            "site.toml": config('[theme]\nhome_list = "full"\n'),
            "posts/2024-01-01-a.md": post("A", text),
            "posts/2025-01-01-a.md": post("A", text),
        }
    )
    ids = made.html("index.html").xpath("//@id")
    assert len(ids) == len(set(ids))
    notes = made.html("index.html").xpath('//a[starts-with(@href, "#") and contains(@href, "fn")]/@href')
    assert len(notes) >= 4
    assert {note[1:] for note in notes} <= set(ids)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_only_the_page_of_a_text_depends_on_the_lines_of_its_broken_links(letters: Any, post: Any) -> None:
    source = "posts/2014-10-06-a.md"
    text = post("A", "[one](/none/) ![two](no.jpg) <https://example.org/gone/>\n\n<!--more-->", tags=["x"])
    made = letters({"site.toml": SHOWN_IN_LISTS, source: text})
    assert {problem.line for problem in made.report.problems if problem.path.endswith("a.md")} == {5}
    made.write(f"content/{source}", text.replace("---\n", "---\n# A comment.\n", 1))
    assert list(made.build().rendered) == ["2014/10/a/index.html"]
    assert {problem.line for problem in made.report.problems if problem.path.endswith("a.md")} == {6}
