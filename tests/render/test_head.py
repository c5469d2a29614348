import json
from typing import Any

import pytest

PAGE = "2024/01/a/index.html"


def json_ld(made: Any, path: str) -> Any:
    (script,) = made.html(path).xpath('//script[@type="application/ld+json"]')
    facts = json.loads(script.text)
    return facts["@graph"][0] if "@graph" in facts else facts


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!-- x",
    "\"quoted\" & 'single'",
    "a\u2028b\u2029c",
    "{{ 7*7 }}{% x %}",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_nothing_in_a_title_breaks_out_of_its_place(letters: Any, post: Any, config: Any, title: str) -> None:
    source = post(title, summary=title, tags=["x"], rating="9/10", rating_note=title)
    made = letters({"site.toml": config("[markup]\ntypography = false\n"), "posts/2024-01-01-a.md": source})
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
        "publisher": {"@type": "Organization", "name": "Letters", "url": "https://example.org/"},
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
    assert letters(files).meta(PAGE, "og:image").startswith("https://example.org/assets/social-card-teal.")
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


def graph(made: Any, path: str) -> dict[str, Any]:
    (script,) = made.html(path).xpath('//script[@type="application/ld+json"]')
    facts = json.loads(script.text)
    return {each["@type"]: each for each in facts.get("@graph", [facts])}


@pytest.mark.parametrize(
    ("path", "way"),
    [
        (PAGE, [("Days", "series/days/"), ("A", "2024/01/a/")]),
        ("about/index.html", [("About", "about/")]),
        ("newsletter/june/index.html", [("Newsletter", "newsletter/"), ("June", "newsletter/june/")]),
        ("tags/x/index.html", [("Tags", "tags/"), ("x", "tags/x/")]),
        ("2024/01/index.html", [("Archive", "archive/"), ("2024", "2024/"), ("January 2024", "2024/01/")]),
        ("follow/index.html", [("Follow", "follow/")]),
    ],
)
def test_every_page_tells_the_way_to_it(
    letters: Any, post: Any, config: Any, path: str, way: list[tuple[str, str]]
) -> None:
    files = {
        "posts/2024-01-01-a.md": post("A", tags=["x"], series="Days", part=1, authors=["Ana"]),
        "pages/about.md": post("About"),
        "newsletters/2024-02-01-june.md": post("June", posts=["a"]),
    }
    made = letters(files)
    steps = graph(made, path)["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    expected = [("Letters", ""), *way]
    assert [(step["name"], step["item"]) for step in steps] == [(n, f"https://example.org/{at}") for n, at in expected]
    if path == PAGE:
        assert made.html("404.html").xpath('//script[@type="application/ld+json"]') == []


def test_an_authors_page_is_a_profile(letters: Any, post: Any, config: Any) -> None:
    settings = config(
        'organisation = "The Library"\n[authors.ana]\nname = "Ana Costa"\nbio = "Writes."\nurl = "https://ana.example/"\n'
    )
    made = letters({"site.toml": settings, "posts/2024-01-01-a.md": post("A", authors=["ana"])})
    facts = graph(made, "authors/ana/index.html")
    assert made.meta("authors/ana/index.html", "og:type") == "profile"
    assert facts["ProfilePage"]["mainEntity"] == {
        "@type": "Person", "name": "Ana Costa", "url": "https://example.org/authors/ana/", "description": "Writes.",
        "sameAs": "https://ana.example/",
    }  # fmt: skip
    assert graph(made, PAGE)["BlogPosting"]["publisher"]["name"] == "The Library"


def test_the_manifest_and_the_icons_follow_the_accent(letters: Any, post: Any, config: Any) -> None:
    settings = config('[theme]\nname = "default"\naccent = "brick"\n')
    made = letters({"site.toml": settings, "posts/2024-01-01-a.md": post("A")})
    manifest = made.json("site.webmanifest")
    assert manifest["name"] == "Letters"
    page = made.html(PAGE)
    named = [*(icon["src"] for icon in manifest["icons"]), *page.xpath("//link[contains(@rel, 'icon')]/@href")]
    assert len(named) == 4
    assert all(src.startswith("/assets/icon-brick.") and src[1:] in made.paths for src in named)
    assert page.xpath("//link[@rel='manifest']/@href") == ["/site.webmanifest"]
    assert "#8c3514" in page.xpath("//meta[@name='theme-color']/@content")


def test_the_sitemap_says_when_lists_changed(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("A", tags=["x"], series="Days", part=1, updated="2024-05-06"),
            "posts/2024-02-01-b.md": post("B", tags=["y"]),
        }
    )
    text = made.text("sitemap.xml")
    for address, day in {
        "": "2024-05-06", "tags/x/": "2024-05-06", "tags/y/": "2024-02-01", "series/days/": "2024-05-06",
        "2024/02/": "2024-02-01", "2024/": "2024-05-06", "archive/": "2024-05-06", "tags/": "2024-05-06",
    }.items():  # fmt: skip
        assert f"<url><loc>https://example.org/{address}</loc><lastmod>{day}</lastmod></url>" in text, address
