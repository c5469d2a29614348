from typing import Any

import pytest

from generator.config import Config, OutputConfig, Permalinks
from generator.model import Kind


def placed(index: Any, *documents: Any, **options: Any) -> tuple[dict[str, str], list[tuple[str, str]]]:
    site, problems = index(*documents, **options)
    return dict(site.addresses), [(problem.code, problem.path.rsplit("/", 1)[-1]) for problem in problems]


@pytest.mark.parametrize(
    "permalink",
    [
        "/", "/index.html", "/tags/", "/TAGS/", "/tags/index.html", "/tags/x/", "/archive/", "/2024/", "/2024/01/",
        "/authors/ana/", "/series/days/", "/newsletter/", "/page/2/", "/Page/2/", "/tags/x/page/1/", "/2024/01/page/3/",
        "/feed.xml", "/Feed.xml", "/tags/x/atom.xml", "/404.html", "/sitemap.xml", "/robots.txt", "/_redirects",
    ],
)  # fmt: skip
def test_no_post_takes_what_the_site_makes_by_itself(document: Any, index: Any, permalink: str) -> None:
    kept = document("a", tags=("x",), series="Days", part=1, authors=("Ana",))
    addresses, problems = placed(index, kept, document("b", permalink=permalink))
    assert list(addresses) == [kept.path]
    assert problems == [("address-taken", "b.md")]


@pytest.mark.parametrize(
    "permalink", ["/page/", "/page/two/", "/2024/02/", "/feed/", "/tags/y/", "/assets/", "/a.html"]
)
def test_what_the_site_does_not_make_is_free(document: Any, index: Any, permalink: str) -> None:
    addresses, problems = placed(
        index, document("a", tags=("x",)), document("b", permalink=permalink, date="2023-01-01")
    )
    assert len(addresses) == 2
    assert problems == []


def test_what_is_switched_off_is_free(document: Any, index: Any) -> None:
    config = Config(title="T", url="https://example.org/", output=OutputConfig(archives=False, authors=False))
    names = ("/archive/", "/2024/", "/authors/ana/")
    documents = [document(f"p{n}", permalink=name, authors=("Ana",)) for n, name in enumerate(names)]
    assert placed(index, *documents, config=config) == (dict(zip((d.path for d in documents), names, strict=True)), [])


def test_a_page_introduces_a_listing_only_at_its_very_address(document: Any, index: Any) -> None:
    page = document("intro", kind=Kind.PAGE, permalink="/tags/")
    other = document("other", kind=Kind.PAGE, permalink="/Tags/x")
    addresses, problems = placed(index, document("a", tags=("x",)), page, other)
    assert addresses[page.path] == "/tags/"
    assert problems == [("address-taken", "other.md")]


def test_an_address_cannot_be_a_file_and_a_folder(document: Any, index: Any) -> None:
    addresses, problems = placed(index, document("a", permalink="/a.html"), document("b", permalink="/A.html/b/"))
    assert list(addresses.values()) == ["/a.html"]
    assert problems == [("address-taken", "b.md")]


@pytest.mark.parametrize("alias", ["/", "/index.html", "/tags/", "/page/1/", "/feed.xml", "/404.html", "/robots.txt"])
def test_an_alias_never_displaces_what_the_site_makes(document: Any, index: Any, alias: str) -> None:
    site, problems = index(document("a", tags=("x",), aliases=(alias, "/old/")))
    assert list(site.aliases) == ["/old/"]
    assert [problem.code for problem in problems] == ["alias-taken"]


def test_an_alias_with_index_html_is_that_of_its_folder(document: Any, index: Any) -> None:
    site, problems = index(document("a", aliases=("/2024/01/a/index.html", "/old/index.html", "/old/")))
    assert (list(site.aliases), problems) == (["/old/"], ())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("robots.txt", True), ("index.html", True), ("feed.xml", True), ("tags/x/index.html", True), ("404.html", True),
        ("page/1/index.html", True), ("assets/style.css", True), ("tags/plan.pdf", True), ("_redirects", True),
        ("tags", False), ("feed.xml/x.txt", False), ("Feed.xml", False), ("INDEX.html", False), ("assets", False),
        ("page/1", False), ("2024", False), ("2024/01/a", False), ("2024/01/a/index.html", False), ("old", False),
    ],
)  # fmt: skip
def test_a_file_stands_before_a_generated_one_of_its_name_but_not_across_it(
    document: Any, index: Any, name: str, kept: bool
) -> None:
    page = document("old", kind=Kind.PAGE)
    site, problems = index(document("a", tags=("x",)), page, files={f"content/static/{name}": None})
    assert list(site.files.values()) == [name] * kept
    assert [problem.code for problem in problems] == ["address-taken"] * (not kept)


def test_a_file_beside_a_document_displaces_nothing(document: Any, index: Any) -> None:
    page = document("index", kind=Kind.PAGE)
    files = {"content/pages/feed.xml": page.path, "content/pages/plan.pdf": page.path}
    site, problems = index(document("a"), page, files=files)
    assert list(site.files.values()) == ["plan.pdf"]
    assert [problem.path for problem in problems] == ["content/pages/feed.xml"]


def test_posts_named_as_files_of_the_archive_are_refused(document: Any, index: Any) -> None:
    addresses, problems = placed(index, document("a", slug="index.html"), document("b", slug="page"))
    assert list(addresses.values()) == ["/2024/01/page/"]
    assert problems == [("address-taken", "a.md")]


def test_collisions_follow_the_home_of_the_posts(document: Any, index: Any) -> None:
    config = Config(title="T", url="https://example.org/", permalinks=Permalinks(home="/letters/"))
    front = document("index", kind=Kind.PAGE)
    addresses, problems = placed(
        index, front, document("a", permalink="/letters/page/1/"), document("b", permalink="/page/1/"), config=config
    )
    assert sorted(addresses.values()) == ["/", "/page/1/"]
    assert problems == [("address-taken", "a.md")]
