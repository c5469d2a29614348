import gc
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.errors import ConfigError, Level, OutputError
from generator.model import BuildReport
from generator.render.facade import Site as SiteOfPage
from generator.site.queries import Queries
from tests.factories import post

Site = Callable[[Mapping[str, str]], Path]
Build = Callable[..., BuildReport]
Page = Callable[[Path, str], str]


def said(report: BuildReport) -> list[str]:
    return [str(problem) for problem in report.problems]


def files(root: Path, folder: str = "output") -> set[str]:
    return {file.relative_to(root / folder).as_posix() for file in (root / folder).rglob("*") if file.is_file()}


def test_a_post_becomes_a_page_a_feed_entry_and_a_line_of_the_archive(site: Site, build: Build, page: Page) -> None:
    root = site({"posts/2014-10-06-day-12.md": post("Day 12", tags=["Small steps"])})
    report = build(root)
    assert (report.posts, said(report)) == (1, [])
    assert "<h1>Day 12</h1>" in page(root, "2014/10/day-12/index.html")
    for listing in ("index.html", "tags/small-steps/index.html", "2014/10/index.html", "2014/index.html"):
        assert 'href="/2014/10/day-12/"' in page(root, listing), listing
    for feed in ("feed.xml", "atom.xml", "feed.json", "tags/small-steps/feed.xml"):
        assert "https://example.org/2014/10/day-12/" in page(root, feed), feed
    assert "https://example.org/2014/10/day-12/" in page(root, "sitemap.xml")


def test_what_is_not_public_leaves_no_trace(site: Site, build: Build) -> None:
    root = site(
        {
            "posts/2024-01-01-public.md": post("Public", "[a](2024-01-03-draft-leak.md)", series="S", part=1),
            "posts/2024-01-03-draft-leak.md": post("Draft leak", "leak", draft=True, tags=["leak"], series="S", part=2),
            "posts/2099-01-01-future-leak.md": post("Future leak", "leak", authors=["Leak Author"]),
            "posts/2024-01-04-gone-leak.md": post("Gone leak", "leak", expires="2025-01-01", aliases=["/leak/"]),
            "posts/2024-01-05-bundle-leak/index.md": post("Bundle leak", draft=True),
            "posts/2024-01-05-bundle-leak/leak.txt": "leak",
            "newsletters/2024-02-01-june.md": post("June", posts=["draft-leak"]),
        }
    )
    build(root)
    for file in (root / "output").rglob("*"):
        assert "leak" not in file.name
        assert not file.is_file() or b"leak" not in file.read_bytes().lower(), file


def test_previews_show_what_is_not_public_marked_and_elsewhere(site: Site, build: Build, tmp_path: Path) -> None:
    root = site({"posts/2024-01-03-a.md": post("A", draft=True), "posts/2099-01-01-b.md": post("B")})
    build(root)
    with pytest.raises(OutputError, match="holds a public site"):
        build(root, drafts=True, output=root / "output")
    preview = tmp_path / "preview"
    assert build(root, drafts=True, future=True, output=preview).posts == 2
    html = (preview / "2024/01/a/index.html").read_text()
    assert 'content="noindex' in html
    assert "Preview with drafts and scheduled posts. Not for publication." in html
    assert "Disallow: /" in (preview / "robots.txt").read_text()
    assert not (preview / "sitemap.xml").exists()


def test_at_shows_the_site_as_of_a_moment(site: Site, build: Build, tmp_path: Path) -> None:
    root = site({"posts/2026-01-01-a.md": post("A"), "posts/2027-01-01-b.md": post("B")})
    assert build(root, at=datetime(2027, 1, 1), output=tmp_path / "p").posts == 2
    assert build(root, at=datetime(2026, 12, 31, 23, 59), output=tmp_path / "p").posts == 1


def test_a_site_under_a_base_path_works_throughout(site: Site, build: Build, page: Page) -> None:
    root = site(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/blog/"\n[[nav]]\ntitle = "About"\nurl = "/about/"\n',
            "posts/2024-01-01-a.md": post("A", "[about](/about/) ![p](/p.png)", tags=["x"], aliases=["/old/"]),
            "pages/about.md": post("About", "[a](../posts/2024-01-01-a.md#top)"),
        }
    )
    (root / "content/static").mkdir()
    (root / "content/static/p.png").write_bytes(PNG)
    report = build(root)
    assert [problem.code for problem in report.problems] == ["dead-link"]
    for file in (root / "output").rglob("*.html"):
        for attribute in ('href="/', 'src="/'):
            rest = file.read_text().split(attribute)[1:]
            assert all(url.startswith("blog/") for url in rest), file
    assert "/blog/old/ /blog/2024/01/a/ 301" in page(root, "_redirects")
    assert "https://example.org/blog/2024/01/a/" in page(root, "feed.xml")


def test_every_problem_has_a_place_and_the_rest_is_built(site: Site, build: Build) -> None:
    root = site(
        {
            "posts/2024-01-01-good.md": post("Good", "Fine.\n\n[x](nope.md) ![alt](gone.png)"),
            "posts/2024-01-02-date.md": "---\ntitle: A\ndate: 12/31\n---\n",
            "posts/2024-01-03-open.md": "---\ntitle: A\n\nText.\n",
            "posts/2024-01-04-untitled.md": "---\ndraft: maybe\n---\nText.\n",
        }
    )
    report = build(root)
    assert report.posts == 1
    places = [(p.path.rsplit("/")[-1], p.line > 0, p.level) for p in report.problems]
    assert ("2024-01-02-date.md", True, Level.ERROR) in places
    assert ("2024-01-03-open.md", True, Level.ERROR) in places
    assert len([place for place in places if place[0] == "2024-01-04-untitled.md"]) == 2
    warnings = [str(p) for p in report.problems if p.level is Level.WARNING]
    assert [line.split(" ")[0] for line in warnings] == [
        "content/posts/2024-01-01-good.md:6:5",
        "content/posts/2024-01-01-good.md:6:21",
    ]


def test_a_broken_template_is_named_at_its_line_and_nothing_is_written(site: Site, build: Build) -> None:
    root = site(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/"\ntheme = "mine"\n',
            "themes/mine/theme.toml": 'name = "mine"\nextends = "default"\n',
            "themes/mine/templates/post.html": BROKEN,
            "posts/2024-01-01-a.md": post("A"),
            "posts/2024-01-02-b.md": post("B"),
        }
    )
    report = build(root)
    (problem,) = report.problems
    assert (problem.path, problem.line, problem.level) == ("themes/mine/templates/post.html", 3, Level.ERROR)
    assert "colour" in problem.message
    assert files(root) == set()


def test_a_sites_own_theme_overrides_one_block_and_keeps_the_rest(site: Site, build: Build, page: Page) -> None:
    root = site(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/"\ntheme = "mine"\n',
            "themes/mine/theme.toml": 'extends = "default"\n',
            "themes/mine/templates/post.html": OVERRIDE,
            "posts/2024-01-01-a.md": post("A", "Its text."),
        }
    )
    assert said(build(root)) == []
    html = page(root, "2024/01/a/index.html")
    assert "<p>Mine: A" in html
    assert "Its text." in html


def test_a_page_at_a_listings_address_introduces_it(site: Site, build: Build, page: Page) -> None:
    root = site(
        {
            "posts/2024-01-01-a.md": post("A", tags=["x"]),
            "pages/tags.md": post("Subjects", "What we write about.", description="All subjects."),
        }
    )
    assert said(build(root)) == []
    html = page(root, "tags/index.html")
    assert "<h1>Subjects</h1>" in html
    assert "<title>Subjects · Letters</title>" in html
    assert "What we write about." in html
    assert 'href="/tags/x/"' in html


def test_a_list_may_stand_whole_on_one_page(site: Site, build: Build) -> None:
    posts = {f"posts/2024-01-{n:02}-p{n}.md": post(f"P{n}", tags=["x"]) for n in range(1, 20)}
    output = '[output]\nper_page = 5\nunpaged = ["tags"]\n'
    root = site({"site.toml": 'title = "T"\nurl = "https://example.org/"\n' + output, **posts})
    build(root)
    assert "page/1/index.html" in files(root)
    assert not any(path.startswith("tags/x/page") for path in files(root))


def test_pages_of_one_title_are_told_apart_by_their_date(site: Site, build: Build, page: Page) -> None:
    root = site({"posts/2024-01-01-a.md": post("Same"), "posts/2024-01-02-b.md": post("Same")})
    build(root)
    assert "<title>Same (January 1, 2024) · Letters</title>" in page(root, "2024/01/a/index.html")
    assert "<h1>Same</h1>" in page(root, "2024/01/a/index.html")


def test_links_of_the_foot_are_not_in_the_menu(site: Site, build: Build, page: Page) -> None:
    menu = '[[nav]]\ntitle = "Menu"\nurl = "/a/"\n[[nav]]\ntitle = "Foot"\nurl = "/b/"\nfooter = true\n'
    root = site(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/"\n' + menu,
            "posts/2024-01-01-a.md": post("A"),
        }
    )
    build(root)
    html = page(root, "2024/01/a/index.html")
    assert html.index(">Menu<") < html.index("<main") < html.index(">Foot<")


def test_a_page_whose_source_goes_goes_too_and_what_is_not_ours_stays(site: Site, build: Build) -> None:
    root = site({"posts/2024-01-01-a.md": post("A"), "posts/2024-01-02-b.md": post("B", tags=["only"])})
    build(root)
    (root / "output/mine.txt").write_text("mine")
    (root / "content/posts/2024-01-02-b.md").unlink()
    report = build(root)
    assert "2024/01/b/index.html" in report.deleted
    assert not (root / "output/tags").exists()
    assert (root / "output/mine.txt").read_text() == "mine"


def test_a_build_of_the_same_site_writes_nothing(site: Site, build: Build) -> None:
    root = site({"posts/2024-01-01-a.md": post("A"), "posts/2024-01-02-b.md": post("B")})
    assert build(root).written
    assert build(root).written == ()


def test_without_the_state_old_files_are_set_aside_and_the_site_is_the_same(site: Site, build: Build) -> None:
    root = site({"posts/2024-01-01-a.md": post("A"), "posts/2024-01-02-b.md": post("B")})
    build(root)
    shutil.rmtree(root / ".openletter")
    (root / "content/posts/2024-01-02-b.md").unlink()
    build(root)
    assert "2024/01/b/index.html" not in files(root)
    assert "set-aside/2024/01/b/index.html" in files(root, ".openletter")


def test_the_same_site_elsewhere_gives_the_same_bytes(site: Site, build: Build, tmp_path: Path) -> None:
    root = site({f"posts/2024-01-{n:02}-p{n}.md": post(f"P{n}", tags=[f"t{n % 3}"]) for n in range(1, 20)})
    build(root)
    shutil.copytree(root, tmp_path / "copy", ignore=shutil.ignore_patterns("output", ".openletter"))
    build(tmp_path / "copy", jobs=2)
    assert files(root) == files(tmp_path / "copy")
    for path in files(root):
        assert (root / "output" / path).read_bytes() == (tmp_path / "copy/output" / path).read_bytes(), path


def test_no_configuration_says_how_to_begin(tmp_path: Path, build: Build) -> None:
    with pytest.raises(ConfigError, match="openletter init"):
        build(tmp_path)


BROKEN = """{% extends "@default/post.html" %}
{% block body %}
{{ doc.colour }}
{% endblock %}
"""
OVERRIDE = """{% extends "@default/post.html" %}
{% block body %}<p>Mine: {{ doc.title }}{{ super() }}{% endblock %}
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def count_living(kind: type) -> int:
    """Count the values of a type that other tests have left, or that are in use."""
    gc.unfreeze()
    return sum(type(each) is kind for each in gc.get_objects())


def test_an_engine_that_prepares_keeps_no_context_of_an_earlier_whole_build(site: Site) -> None:
    root = site({"posts/2024-01-01-a.md": post("A")})
    gc.collect()
    before = count_living(Queries)
    with Engine(root, BuildOptions(live=True)) as engine:
        for number in range(4):
            (root / "content/posts/2024-01-01-a.md").write_text(post(f"A {number}"))
            engine.build()
            engine.prepare()
        assert count_living(Queries) <= before + 1


def test_what_a_page_was_rendered_from_is_freed_at_once(site: Site) -> None:
    """A template with a macro that calls itself would keep the text of each page until the garbage collector runs."""
    root = site({f"posts/2024-01-01-{name}.md": post(name, tags=["one"]) for name in "abc"})
    with Engine(root, BuildOptions(live=True)) as engine:
        engine.build()
        gc.collect()
        gc.disable()
        before = count_living(SiteOfPage)
        try:
            (root / "site.toml").write_text((root / "site.toml").read_text().replace('title = "', 'title = "New '))
            assert len(engine.build().written) > 3
            assert count_living(SiteOfPage) <= before
        finally:
            gc.enable()
