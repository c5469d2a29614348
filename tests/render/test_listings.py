from typing import Any

import pytest


def posts_on(made: Any, path: str) -> list[str]:
    """List the addresses of the posts that a page lists, in order."""
    return [str(url) for url in made.html(path).xpath('//*[contains(@class, "card-title")]/a/@href')]


def test_per_page_cuts_every_listing(letters: Any, post: Any, config: Any) -> None:
    files = {f"posts/2024-01-{n:02}-p{n}.md": post(f"P{n}", tags=["x"], authors=["Ana"]) for n in range(1, 10)}
    made = letters({"site.toml": config("[output]\nper_page = 3\n"), **files})
    for at in ("", "tags/x/", "authors/ana/", "2024/01/"):
        assert posts_on(made, f"{at}index.html") == [f"/2024/01/p{n}/" for n in (9, 8, 7)]
        assert posts_on(made, f"{at}page/1/index.html") == [f"/2024/01/p{n}/" for n in (3, 2, 1)]
        assert f"{at}page/3/index.html" not in made.paths


def test_the_archive_counts_by_the_date_as_written(letters: Any, post: Any) -> None:
    made = letters(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/"\ntimezone = "Pacific/Auckland"\n',
            "posts/a.md": post("A", date="2023-12-31T23:30:00-11:00"),
            "posts/b.md": post("B", date="2024-01-01"),
            "posts/c.md": post("C", date="2024-02-29"),
        }
    )
    assert {"2023/12/a/index.html", "2024/01/b/index.html", "2024/02/c/index.html"} <= made.paths
    archive = made.html("archive/index.html")
    links = [link for link in archive.xpath("//main//a/@href") if link.strip("/").replace("/", "").isdigit()]
    assert links == ["/2024/", "/2024/02/", "/2024/01/", "/2023/", "/2023/12/"]
    assert "2014" not in made.paths
    year = made.html("2024/index.html")
    assert "/2023/" in year.xpath("//a/@href")
    assert "December" in made.text("2023/index.html")


@pytest.mark.parametrize(
    ("output", "absent"),
    [
        ("archives = false", {"archive/index.html", "2024/index.html", "2024/01/index.html"}),
        ("authors = false", {"authors/ana/index.html"}),
    ],
)
def test_what_is_switched_off_is_neither_made_nor_linked(
    letters: Any, post: Any, config: Any, output: str, absent: set[str]
) -> None:
    files = {"posts/2024-01-01-a.md": post("A", authors=["Ana"]), "posts/2024-01-02-b.md": post("B", authors=["Ana"])}
    assert absent <= letters(files).paths
    made = letters({"site.toml": config(f"[output]\n{output}\n"), **files})
    assert not absent & made.paths
    for path in made.paths:
        if path.endswith(".html"):
            for href in made.html(path).xpath("//a/@href"):
                place = href.split("#")[0].lstrip("/")
                assert not href.startswith("/") or place + "index.html" in made.paths or place in made.paths, (
                    path,
                    href,
                )


def test_related_posts_are_older_ones_of_a_kind_and_can_be_switched_off(letters: Any, post: Any, config: Any) -> None:
    files = {
        "posts/2024-01-01-a.md": post("Old one", tags=["rare"]),
        "posts/2024-01-02-b.md": post("Between"),
        "posts/2024-01-03-c.md": post("New one", tags=["rare"]),
    }
    related = '//*[contains(@class, "related")]//h3/a/@href'
    made = letters(files)
    assert made.html("2024/01/c/index.html").xpath(related) == ["/2024/01/a/"]
    assert made.html("2024/01/a/index.html").xpath(related) == []
    made = letters({"site.toml": config("[output]\nrelated = false\n"), **files})
    assert made.html("2024/01/c/index.html").xpath(related) == []


@pytest.mark.parametrize(
    ("permalink", "more"),
    [
        ("/tags/", {}),
        ("/tags/x/", {}),
        ("/archive/", {}),
        ("/2024/", {}),
        ("/2024/01/", {}),
        ("/series/days/", {}),
        ("/authors/ana/", {}),
        ("/newsletter/", {}),
    ],
)
def test_a_page_at_a_listings_address_introduces_it(
    letters: Any, post: Any, permalink: str, more: dict[str, str]
) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("A", tags=["x"], series="Days", part=1, authors=["Ana"]),
            "newsletters/2024-02-01-june.md": post("June", posts=["a"]),
            "pages/intro.md": post("Intro", "What this is [about](/2024/01/a/).", permalink=permalink),
        }
    )
    path = permalink.lstrip("/") + "index.html"
    assert made.codes == []
    assert 'What this is <a href="/2024/01/a/">about</a>.' in made.text(path)
    assert "/2024/01/" in made.text(path)
    assert permalink in made.text("sitemap.xml")


def test_an_introduction_stands_on_the_first_page_alone(letters: Any, post: Any) -> None:
    files = {f"posts/2024-01-{n:02}-p{n}.md": post(f"P{n}", tags=["x"]) for n in range(1, 28)}
    made = letters({**files, "pages/tags/x.md": post("X", "What x is.")})
    assert "What x is." in made.text("tags/x/index.html")
    assert "What x is." not in made.html("tags/x/page/1/index.html").xpath("//main")[0].text_content()


def test_a_page_may_take_the_front_and_the_posts_move(letters: Any, post: Any, config: Any) -> None:
    files = {f"posts/2024-01-{n:02}-p{n}.md": post(f"P{n}") for n in range(1, 28)}
    front = post("Welcome", "To the [posts](/blog/).")
    made = letters({**files, "pages/index.md": front, "pages/blog.md": post("Blog", "All of them.")})
    assert made.codes == []
    assert "To the" in made.text("index.html")
    assert "All of them." in made.text("blog/index.html")
    assert posts_on(made, "blog/index.html")[0] == "/2024/01/p27/"
    assert "blog/page/1/index.html" in made.paths
    assert "page/1/index.html" not in made.paths
    assert "feed.xml" in made.paths
    assert made.feed("feed.xml").feed.link == "https://example.org/blog/"
    made = letters({"site.toml": config('[permalinks]\nhome = "/letters/"\n')})
    assert "letters/index.html" in made.paths
    assert "blog/page/1/index.html" not in made.paths


def test_pinned_posts_stay_at_the_top_and_are_not_said_twice(letters: Any, post: Any) -> None:
    files = {f"posts/2024-02-{n:02}-p{n}.md": post(f"P{n}") for n in range(1, 28)}
    made = letters(
        {**files, "posts/2024-01-01-old.md": post("Old", pinned=True), "posts/2024-02-20-p20.md": post(pinned=True)}
    )
    titles = made.html("index.html").xpath("//main//li/a/@href | //main//h2/a/@href")
    assert titles[:2] == ["/2024/02/p20/", "/2024/01/old/"]
    assert len(titles) == len(set(titles))
    assert "/2024/02/p27/" in titles
    assert "/2024/01/old/" not in made.html("page/2/index.html").xpath("//main//a/@href")


def test_nothing_to_list_is_no_listing(letters: Any, post: Any) -> None:
    made = letters({"pages/about.md": post("About", tags=["x"])})
    assert {path for path in made.paths if path.endswith(".html")} == {"index.html", "404.html", "about/index.html"}


def test_a_post_with_three_hundred_tags_has_three_hundred_pages(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", tags=[f"t{n}" for n in range(300)])})
    assert len([path for path in made.paths if path.startswith("tags/t") and path.endswith("index.html")]) == 300
    assert made.codes == []


def test_tags_with_odd_names_have_addresses_of_their_own(letters: Any, post: Any) -> None:
    tags = ["page", "feed.xml", "..", "con", "🎉", "<b>x</b>", "C#", "a/b", "index.html"]
    made = letters({"posts/2024-01-01-a.md": post("A", tags=tags)})
    pages = [
        path
        for path in made.paths
        if path.startswith("tags/") and path.endswith("/index.html") and path.count("/") == 2
    ]
    assert len(pages) == len(tags)
    for path in pages:
        assert posts_on(made, path) == ["/2024/01/a/"]
    links = {href.strip("/") for href in made.html("tags/index.html").xpath("//main//a/@href")}
    assert len(links) == len(tags)


def test_authors_that_meet_on_one_address_are_named(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("A", authors=["Ana Costa"]),
            "posts/2024-01-02-b.md": post("B", authors=["Ana-Costa"]),
        }
    )
    (problem,) = made.report.problems
    assert (problem.code, problem.path, problem.line) == ("labels-merged", "content/posts/2024-01-02-b.md", 3)
    assert len(posts_on(made, "authors/ana-costa/index.html")) == 2


def test_an_issue_that_names_itself_or_a_draft_is_told(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("A"),
            "posts/2024-01-02-secret.md": post("Secret", draft=True),
            "newsletters/2024-02-01-june.md": post("June", posts=["june", "secret", "a", "a"]),
        }
    )
    assert [(p.code, p.line, p.level) for p in made.report.problems] == [
        ("missing-post", 3, "note" if "secret" in p.message else "error") for p in made.report.problems
    ]
    assert len(made.report.problems) == 2
    assert made.html("newsletter/june/index.html").xpath("//article//h2/a/@href") == ["/2024/01/a/"]
    assert not any("secret" in path for path in made.paths)
