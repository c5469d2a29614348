from datetime import datetime
from typing import Any

import pytest

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"drafts": True}, "Preview with drafts. Not"),
        ({"future": True}, "Preview with scheduled posts. Not"),
        ({"at": datetime(2025, 1, 2, 3, 4)}, "Preview, as of 2025-01-02 03:04"),
    ],
)
def test_every_page_of_a_preview_says_that_it_is_one(
    letters: Any, post: Any, options: dict[str, Any], words: str
) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("A", draft=True, tags=["x"], authors=["Ana"], series="Days", part=1),
            "posts/2024-01-02-b.md": post("B", tags=["x"], aliases=["/old/"]),
            "posts/2024-01-03-c.md": post("C", series="Days", part=2),
            "pages/about.md": post("About"),
            "newsletters/2024-02-01-june.md": post("June", posts=["b"]),
        },
        **options,
    )
    pages = [path for path in made.paths if path.endswith(".html")]
    assert len(pages) > 10
    for path in pages:
        assert made.meta(path, "robots") == "noindex", path
        if path != "old/index.html":
            assert words in made.html(path).text_content(), path
    assert made.text("robots.txt") == "User-agent: *\nDisallow: /\n"
    assert "sitemap.xml" not in made.paths


def test_a_public_build_says_nothing_of_previews(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A")})
    assert not [
        path for path in made.paths if b"Preview" in (made.output / path).read_bytes() and path.endswith(".html")
    ]


def test_what_is_not_public_does_not_change_what_is(site: Any, build: Any, post: Any, tmp_path: Any) -> None:
    public = {
        "posts/2024-01-01-a.md": post("A", tags=["x"], series="Days", part=1, authors=["Ana"]),
        "posts/2024-01-03-c.md": post("C", tags=["x"], series="Days", part=3),
        "site.toml": 'title = "T"\nurl = "https://example.org/"\n[series.days]\ngaps = [2]\n',
    }
    hidden = {
        "posts/2024-01-02-b.md": post(
            "Hidden", tags=["X", "hidden"], series="DAYS", part=2, authors=["Hidden Ana"], draft=True, id="h"
        ),
        "posts/2024-01-04-d.md": post(
            "Hidden", expires="2024-02-01", translation_of="h", aliases=["/hidden/"], permalink="/2024/01/a/"
        ),
        "posts/2030-01-01-e.md": post("Hidden", tags=["hidden"], newsletter=False, pinned=True),
        "pages/hidden.md": post("Hidden", draft=True, permalink="/tags/"),
        "newsletters/2030-02-01-june.md": post("Hidden", posts=["a"]),
        "posts/2024-01-05-f/index.md": post("Hidden", draft=True),
        "posts/2024-01-05-f/hidden.png": PNG,
        "posts/2024-01-05-f/comments.yaml": "- {id: h, author: Hidden, date: 2024-01-01, body: Hidden}\n",
    }
    root = site(public)
    build(root)
    before = {file.relative_to(root): file.read_bytes() for file in (root / "output").rglob("*") if file.is_file()}
    site(hidden | {"site.toml": public["site.toml"]})
    report = build(root)
    assert report.written == report.deleted == ()
    after = {file.relative_to(root): file.read_bytes() for file in (root / "output").rglob("*") if file.is_file()}
    assert after == before


def test_translations_lead_to_each_other(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("Hello", id="hello"),
            "posts/2024-01-01-b.md": post("Hallo", id="hallo", lang="de", translation_of="hello"),
            "posts/2024-01-01-c.md": post("Helo", lang="cy", translation_of="hallo"),
            "posts/2024-01-01-d.md": post("Geheim", lang="fr", translation_of="hello", draft=True),
        }
    )
    assert made.codes == []
    for own, others in (("a", "cb"), ("b", "ca"), ("c", "ba")):
        page = made.html(f"2024/01/{own}/index.html")
        hrefs = list(page.xpath("//a[@hreflang]/@href"))
        assert sorted(set(hrefs)) == sorted(f"/2024/01/{other}/" for other in others)
    page = made.html("2024/01/b/index.html")
    assert (page.get("lang"), page.xpath("//article/@lang")) == ("de", ["de"])
    versions = {each.get("hreflang"): each.get("href") for each in page.xpath("//link[@hreflang]")}
    assert versions == {
        "cy": "https://example.org/2024/01/c/",
        "de": "https://example.org/2024/01/b/",
        "en": "https://example.org/2024/01/a/",
        "x-default": "https://example.org/2024/01/a/",
    }
    assert page.xpath("//meta[@property='og:locale']/@content") == ["de_DE"]
    assert page.xpath("//meta[@property='og:locale:alternate']/@content") == ["cy_GB", "en_US"]
    assert "Hello (English)" in page.text_content()
    near = made.html("2024/01/a/index.html").xpath("//nav[contains(@class, 'steps')]//bdi/@lang")
    assert near == ["de"]
    languages = [entry.get(XML_LANG) for entry in made.xml("atom.xml").iter("{http://www.w3.org/2005/Atom}entry")]
    assert languages == ["cy", "de", None]
    spoken = [item.findtext("{http://purl.org/dc/elements/1.1/}language") for item in made.xml("feed.xml").iter("item")]
    assert spoken == ["cy", "de", None]
    assert '<div lang="de" dir="ltr">' in made.json("feed.json")["items"][1]["content_html"]
    languages = [item["language"] for item in made.json("feed.json")["items"]]
    assert languages == ["cy", "de", "en"]


def test_a_page_around_a_text_without_words_of_ours_is_in_the_sites_language(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("Ciao", lang="it"), "pages/b.md": post("Helo", lang="cy")})
    page = made.html("2024/01/a/index.html")
    assert (page.get("lang"), page.xpath("//article/@lang")) == ("en", ["it"])
    assert made.html("b/index.html").get("lang") == "cy"


@pytest.mark.parametrize("named", ["hello", "nothing"])
def test_a_translation_of_itself_or_of_nothing_is_told(letters: Any, post: Any, named: str) -> None:
    made = letters({"posts/2024-01-01-a.md": post("Hello", id="hello", translation_of=named)})
    (problem,) = made.report.problems
    assert (problem.code, problem.line) == ("dead-translation", 4)


def test_translations_in_a_circle_know_each_other(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("Hello", id="a", translation_of="b"),
            "posts/2024-01-01-b.md": post("Hallo", id="b", lang="de", translation_of="a"),
        }
    )
    assert made.html("2024/01/a/index.html").xpath("//a[@hreflang]/@href") == ["/2024/01/b/"]
    assert made.html("2024/01/b/index.html").xpath("//a[@hreflang]/@href") == ["/2024/01/a/"]


def test_dates_are_written_in_the_sites_language_as_their_authors_wrote_them(letters: Any, post: Any) -> None:
    made = letters(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/"\nlanguage = "de"\n',
            "posts/a.md": post("A", date="2014-10-06T23:30:00-04:00"),
            "posts/b.md": post("B", date="2014-10-07T03:30:00+00:00"),
        }
    )
    assert "6. Oktober 2014" in made.text("2014/10/a/index.html").split("</article>")[0]
    assert "7. Oktober 2014" in made.text("2014/10/b/index.html").split("</article>")[0]


def test_the_edit_log_sets_the_last_change(letters: Any, post: Any) -> None:
    log = [{"date": "2014-10-08", "note": "First"}, {"date": "2015-05-01", "note": "Second"}]
    made = letters({"posts/2014-10-06-a.md": post("A", updates=log)})
    page = made.html("2014/10/a/index.html")
    edits = [" ".join(item.text_content().split()) for item in page.xpath('//section[@class="edits"]//li')]
    assert edits == ["Edit, May 1, 2015: Second", "Edit, October 8, 2014: First"]
    assert made.meta("2014/10/a/index.html", "article:modified_time").startswith("2015-05-01")
    assert "<lastmod>2015-05-01</lastmod>" in made.text("sitemap.xml")


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
