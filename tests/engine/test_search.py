"""The search index: made after the commit, of what is public, again only when that has changed."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.config.options import SearchConfig
from generator.errors import ConfigError
from tests.factories import Site, post, write_site

SEARCH = 'title = "T"\nurl = "https://example.org/"\n[search]\nengine = "pagefind"\n'
INDEX = "search/pagefind/"


@pytest.fixture
def searched(letters: Callable[..., Site]) -> Site:
    return letters(
        {
            "site.toml": SEARCH,
            "posts/2024-01-01-a.md": post("One", "A printer.", tags=["x"]),
            "posts/2024-01-02-b.md": post("Two", "Dim byd.", lang="cy", authors=["Ana"]),
            "posts/2024-01-03-c.md": post("Three", "Secret.", draft=True),
            "posts/2024-01-04-d.md": post("Four", "Gone.", expires="2024-02-01"),
            "pages/about.md": post("About", "Us."),
        }
    )


def index_files(made: Site) -> set[str]:
    return {path for path in made.paths if path.startswith(INDEX)}


def test_the_index_has_what_is_public_and_none_of_the_stock_design(searched: Site) -> None:
    assert searched.report.searched == 3
    assert searched.codes == []
    files = index_files(searched)
    assert {f"{INDEX}pagefind.js", f"{INDEX}pagefind-entry.json"} <= files
    assert not [path for path in files if "-ui" in path or "highlight" in path]
    assert searched.json(f"{INDEX}pagefind-entry.json")["languages"].keys() == {"en", "cy"}
    assert "search" in searched.report.timings


def test_it_is_made_again_only_when_what_it_holds_has_changed(searched: Site) -> None:
    assert searched.build().searched == 0
    steps = [
        ("content/posts/2024-01-03-c.md", "Secret.", "Secrets.", 0),
        ("site.toml", 'title = "T"', 'title = "Tea"', 0),
        ("content/posts/2024-01-01-a.md", "A printer.", "Two printers.", 3),
        ("content/posts/2024-01-01-a.md", '["x"]', '["x", "y"]', 3),
        ("content/posts/2024-01-03-c.md", "draft: true\n", "", 4),
    ]
    for path, before, after, pages in steps:
        searched.edit(path, before, after)
        assert searched.build().searched == pages, (path, after)
    assert searched.verify() == ()


def test_an_index_that_was_deleted_comes_back(searched: Site) -> None:
    (searched.output / INDEX / "pagefind-entry.json").unlink()
    assert searched.build().searched == 3


def test_old_files_go_and_all_go_when_the_search_is_turned_off(searched: Site) -> None:
    before = index_files(searched)
    searched.edit("content/posts/2024-01-01-a.md", "A printer.", "Two scanners.")
    searched.build()
    now = index_files(searched)
    assert len(now) == len(before)
    assert now != before
    searched.write("site.toml", SEARCH.partition("[search]")[0])
    searched.build()
    assert [path for path in searched.paths if path.startswith("search/")] == []
    assert "pagefind" not in searched.text("2024/01/a/index.html")
    assert "form-action &#39;none&#39;" in searched.text("index.html")


def test_only_the_search_page_may_run_webassembly(searched: Site) -> None:
    pages = {path for path in searched.paths if path.endswith(".html")}
    assert {path for path in pages if "wasm-unsafe-eval" in searched.text(path)} == {"search/index.html"}
    assert {path for path in pages if '<script type="module"' in searched.text(path)} == {"search/index.html"}
    assert searched.meta("search/index.html", "robots") == "noindex"
    assert "/search/" not in searched.text("sitemap.xml")


def test_a_preview_has_no_index(letters: Callable[..., Site]) -> None:
    made = letters({"site.toml": SEARCH, "posts/2024-01-01-a.md": post("One")}, drafts=True)
    assert made.report.searched == 0
    assert index_files(made) == set()


def test_a_site_that_is_too_large_is_refused_with_the_setting_to_write(letters: Callable[..., Site]) -> None:
    posts = {f"posts/2024-01-0{n}-p{n}.md": post(f"P{n}") for n in range(1, 5)}
    made = letters({"site.toml": f"{SEARCH}max_pages = 3\n", **posts})
    (problem,) = made.report.problems
    assert (problem.code, problem.level) == ("search-too-large", "error")
    assert "max_pages = 1004" in problem.hint
    assert index_files(made) == set()
    made.edit("site.toml", "max_pages = 3", "max_pages = 4")
    assert made.build().searched == 4
    assert made.codes == []
    assert SearchConfig().max_pages == 5000


def test_without_the_extra_the_build_stops_with_the_line_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build: Callable[..., object]
) -> None:
    root = write_site(tmp_path, {"site.toml": SEARCH, "posts/2024-01-01-a.md": post("One")})
    monkeypatch.setitem(sys.modules, "pagefind_bin", None)
    with pytest.raises(ConfigError) as caught:
        build(root)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.code) == ("site.toml", 4, "search-missing")
    assert 'pip install "openletter[search]"' in problem.hint
    assert caught.value.exit_code == 2
    assert not (root / "output").exists()
    build(root, drafts=True)
