import json
from typing import Any

import pytest

PAGE = "2024/01/a/index.html"


def json_ld(made: Any, path: str) -> Any:
    (script,) = made.html(path).xpath('//script[@type="application/ld+json"]')
    return json.loads(script.text)


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!-- x",
    "\"quoted\" & 'single'",
    "a\u2028b\u2029c",
    "{{ 7*7 }}{% x %}",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_nothing_in_a_title_breaks_out_of_its_place(letters: Any, post: Any, title: str) -> None:
    made = letters({"posts/2024-01-01-a.md": post(title, summary=title, tags=["x"], rating="9/10", rating_note=title)})
    shown = " ".join(title.split())
    head = made.html(PAGE)
    assert json_ld(made, PAGE)["headline"] == shown
    assert json_ld(made, PAGE)["description"] == shown
    assert made.meta(PAGE, "og:title") == shown
    assert made.meta(PAGE, "description") == shown
    assert head.xpath("//title")[0].text == f"{shown} · Letters"
    assert head.xpath("//h1")[0].text == shown
    for path in (PAGE, "index.html", "tags/x/index.html", "2024/index.html"):
        assert len(made.html(path).xpath("//script")) <= 1, path
        assert "49" not in made.html(path).text_content().replace("499", "")


def test_a_post_says_what_it_is(letters: Any, post: Any, config: Any) -> None:
    made = letters(
        {
            "site.toml": config('[authors.ana]\nname = "Ana Costa"\nrole = "Director"\n'),
            "posts/2024-01-01-a.md": post(
                "A", "Two words.", authors=["ana", "Bo"], tags=["x", "y"], updated="2024-02-03", lang="en-GB"
            ),
        }
    )
    facts = json_ld(made, PAGE)
    assert facts["@type"] == "BlogPosting"
    assert (facts["datePublished"], facts["dateModified"]) == ("2024-01-01T00:00:00+00:00", "2024-02-03T00:00:00+00:00")
    assert facts["author"] == [
        {"@type": "Person", "name": "Ana Costa", "url": "https://example.org/authors/ana/", "jobTitle": "Director"},
        {"@type": "Person", "name": "Bo", "url": "https://example.org/authors/bo/"},
    ]
    assert facts["keywords"] == ["x", "y"]
    assert (facts["wordCount"], facts["inLanguage"]) == (2, "en-GB")
    assert facts["url"] == facts["mainEntityOfPage"] == "https://example.org/2024/01/a/"
    assert made.meta(PAGE, "article:published_time") == facts["datePublished"]
    assert made.meta(PAGE, "article:modified_time") == facts["dateModified"]
    assert made.meta(PAGE, "og:type") == "article"
    assert made.html(PAGE).get("lang") == "en-GB"


def test_every_page_has_one_canonical_address_and_a_title_of_its_own(letters: Any, post: Any) -> None:
    made = letters(
        {
            **{
                f"posts/2024-01-{n:02}-p{n}.md": post(f"P{n}", tags=["Ärger"], series="Days", part=n)
                for n in range(1, 28)
            },
            "pages/about.md": post("About", aliases=["/who/"]),
            "newsletters/2024-02-01-june.md": post("June", posts=["p1"]),
        }
    )
    titles: dict[str, str] = {}
    for path in sorted(made.paths):
        if not path.endswith(".html"):
            continue
        page = made.html(path)
        (canonical,) = page.xpath('//link[@rel="canonical"]/@href')
        assert canonical.isascii()
        if path == "who/index.html":
            assert canonical == "https://example.org/about/"
            continue
        own = "https://example.org/" + path.removesuffix("index.html").replace("ä", "%C3%A4")
        assert canonical == made.meta(path, "og:url") == own
        (title,) = page.xpath("//title")
        assert titles.setdefault(title.text, path) == path
        assert len(page.xpath("//h1")) == 1, path
        assert made.meta(path, "robots") == ("noindex" if path == "404.html" else None)


def test_the_front_page_describes_the_site(letters: Any, post: Any, config: Any) -> None:
    made = letters({"site.toml": config('description = "Notes & news."\n'), "posts/2024-01-01-a.md": post("A")})
    assert json_ld(made, "index.html") == {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "Letters",
        "url": "https://example.org/",
        "description": "Notes & news.",
        "inLanguage": "en",
    }
    assert made.meta("index.html", "description") == "Notes & news."
    assert made.html("index.html").xpath("//title")[0].text == "Letters"


def test_a_description_is_the_authors_or_the_summary_cut_at_a_word(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("A", "word " * 100),
            "posts/2024-01-02-b.md": post("B", summary="S", description="D"),
            "posts/2024-01-03-c.md": post("C", ""),
        }
    )
    cut = made.meta(PAGE, "description")
    assert cut.endswith("word…")
    assert len(cut) <= 301
    assert made.meta("2024/01/b/index.html", "description") == "D"
    assert made.meta("2024/01/c/index.html", "description") == "C"


def test_the_picture_of_previews_is_the_sites_where_a_post_has_none(letters: Any, post: Any, config: Any) -> None:
    files = {"posts/2024-01-01-a.md": post("A")}
    assert letters(files).meta(PAGE, "og:image").startswith("https://example.org/assets/social-card.")
    made = letters({"site.toml": config('image = "/a card.png"\nimage_alt = "Us"\n'), **files})
    assert made.meta(PAGE, "og:image") == "https://example.org/a%20card.png"
    assert made.meta(PAGE, "og:image:alt") == "Us"


def test_pages_of_a_listing_lead_to_each_other(letters: Any, post: Any) -> None:
    made = letters({f"posts/2024-01-{n:02}-p{n}.md": post(f"P{n}") for n in range(1, 29)})
    trail, path = [], "index.html"
    while path:
        trail.append(path)
        older = made.html(path).xpath('//link[@rel="next"]/@href')
        path = older[0].strip("/") + "/index.html" if older else ""
        if older:
            (back,) = made.html(path).xpath('//link[@rel="prev"]/@href')
            assert (back.strip("/") + "/index.html").lstrip("/") == trail[-1]
    assert trail == ["index.html", "page/2/index.html", "page/1/index.html"]
    assert made.html("page/2/index.html").xpath("//title")[0].text == "Letters, page 2 · Letters"
    assert made.meta("page/2/index.html", "description").endswith("(page 2)")
