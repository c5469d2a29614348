import shutil
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from generator.render import sitemap
from tests.factories import build_site

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def places(made: Any, path: str = "sitemap.xml") -> dict[str, str]:
    """Map each address of a sitemap to its day."""
    root = ElementTree.fromstring(made.text(path))
    return {row.findtext(f"{SPACE}loc", ""): row.findtext(f"{SPACE}lastmod", "") for row in root}


def many(post: Any) -> dict[str, str]:
    return {
        **{f"posts/2024-01-{n:02}-p{n}.md": post(f"P{n}", tags=["Ärger"], series="Days", part=n) for n in range(1, 28)},
        "pages/größe.md": post("Size", aliases=["/old/", "/älter.html"]),
        "newsletters/2024-02-01-june.md": post("June", posts=["p1"]),
        "static/plan.html": "<p>Plan</p>",
    }


def test_the_sitemap_holds_every_page_that_may_be_found_and_nothing_else(letters: Any, post: Any) -> None:
    made = letters(many(post))
    pages = {f"https://example.org/{path.removesuffix('index.html')}" for path in made.paths if path.endswith(".html")}
    others = {"https://example.org/" + path for path in ("404.html", "old/", "älter.html", "plan.html")}
    found = places(made)
    assert {unquote(url) for url in found} == pages - others
    assert all(url.isascii() for url in found)
    assert list(found) == sorted(found)


def test_the_sitemap_says_when_a_document_changed_last(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("A", updates=[{"date": "2024-03-05", "note": "x"}]),
            "posts/2024-01-02-b.md": post("B", date="2024-01-02T23:30:00-11:00"),
            "pages/about.md": post("About"),
        }
    )
    found = places(made)
    assert found["https://example.org/2024/01/a/"] == "2024-03-05"
    assert found["https://example.org/2024/01/b/"] == "2024-01-02"
    assert found["https://example.org/about/"] == ""
    assert found["https://example.org/"] == found["https://example.org/archive/"] == "2024-03-05"


def test_the_sitemap_names_a_page_whose_file_only_ends_like_a_folders(letters: Any, post: Any) -> None:
    made = letters({"pages/about.md": post("About", permalink="/myindex.html")})
    assert "https://example.org/myindex.html" in places(made)


def test_a_long_sitemap_is_split(letters: Any, post: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = letters(many(post))
    whole = set(places(made))
    shutil.rmtree(made.root)
    monkeypatch.setattr(sitemap, "LIMIT", 15)
    made = letters(many(post))
    parts = places(made)
    assert len(parts) == -(-len(whole) // 15) > 1
    pages = [places(made, url.removeprefix("https://example.org/")) for url in parts]
    assert all(0 < len(page) <= 15 for page in pages)
    assert set().union(*pages) == whole
    assert sum(map(len, pages)) == len(whole)


def test_robots_are_let_in_and_shown_the_sitemap(letters: Any, post: Any) -> None:
    made = letters(
        {"site.toml": 'title = "T"\nurl = "https://example.org/blog/"\n', "posts/2024-01-01-a.md": post("A")}
    )
    assert made.text("robots.txt") == "User-agent: *\nDisallow:\n\nSitemap: https://example.org/blog/sitemap.xml\n"
    toml = made.root.joinpath("site.toml").read_text()
    letters({"site.toml": toml}, drafts=True, output=made.root.parent / "preview")
    assert (made.root.parent / "preview/robots.txt").read_text() == "User-agent: *\nDisallow: /blog/\n"


def test_old_addresses_lead_on(letters: Any, post: Any) -> None:
    made = letters(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/blog/"\n',
            "posts/2024-01-01-größe.md": post('A "b" <c>', aliases=["/alt/", "/2009/x.html", "/100%25 sure/", "/ä b"]),
        }
    )
    target = "https://example.org/blog/2024/01/gr%C3%B6%C3%9Fe/"
    for path in ("alt/index.html", "2009/x.html", "100% sure/index.html", "ä b/index.html"):
        page = made.html(path)
        assert page.xpath('//link[@rel="canonical"]/@href') == [target]
        assert page.xpath('//meta[@http-equiv="refresh"]/@content') == [f"0; url={target}"]
        assert page.xpath("//a/@href") == [target]
        assert made.meta(path, "robots") == "noindex"
    assert made.text("_redirects").splitlines() == [
        f"/blog/{alias} /blog/2024/01/gr%C3%B6%C3%9Fe/ 301"
        for alias in ("100%25%20sure/", "2009/x.html", "alt/", "%C3%A4%20b/")
    ]


def test_the_page_for_what_is_not_there_works_from_every_depth(letters: Any, post: Any) -> None:
    made = letters({"site.toml": 'title = "T"\nurl = "https://example.org/b/"\n', "posts/2024-01-01-a.md": post("A")})
    urls = made.html("404.html").xpath("//a/@href | //link/@href | //img/@src")
    assert len(urls) > 3
    for url in urls:
        assert url.startswith(("/b/", "https://example.org/b/", "#")), url


def test_a_file_of_ones_own_stands_before_a_generated_one(letters: Any, post: Any) -> None:
    made = letters(
        {"posts/2024-01-01-a.md": post("A"), "static/robots.txt": "Mine", "static/index.html": "<p>Front</p>"}
    )
    assert (made.text("robots.txt"), made.text("index.html")) == ("Mine", "<p>Front</p>")
    assert made.codes == []


def test_addresses_in_other_scripts_are_encoded_wherever_they_stand(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-größe-日本.md": post("Größe", tags=["日本"], authors=["Zoë Ü"])})
    url = "/2024/01/gr%C3%B6%C3%9Fe-%E6%97%A5%E6%9C%AC/"
    assert "2024/01/größe-日本/index.html" in made.paths
    for path in ("index.html", "2024/index.html", "tags/日本/index.html", "authors/zoë-ü/index.html"):
        assert f'href="{url}"' in made.text(path)
        assert "größe" not in made.text(path).replace("Größe", "")
    for path in ("sitemap.xml", "feed.xml", "atom.xml", "feed.json"):
        assert f"https://example.org{url}" in made.text(path)
    assert f'<link rel="canonical" href="https://example.org{url}">' in made.text("2024/01/größe-日本/index.html")


def test_two_clocks_give_one_site(site: Any, post: Any) -> None:
    root = site({**many(post), "posts/2024-02-01-note.md": post("Note", "A[^1]\n\n[^1]: B", updated="2024-03-01")})
    seen = []
    for now in (datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 7, 8, 23, 59, 59, tzinfo=UTC)):
        build_site(root, now)
        output = root / "output"
        seen.append({file: file.read_bytes() for file in output.rglob("*") if file.is_file()})
    assert seen[0] == seen[1]
