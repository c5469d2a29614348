"""What an edit rebuilds, as exact sets of paths: too little is a stale page, too much is a slow one."""

import os
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.model import BuildReport
from tests.factories import post, tree, without_history

Site = Callable[[Mapping[str, str]], Path]
Build = Callable[..., BuildReport]
LEAD = "Words of a summary. " * 10


@pytest.fixture
def blog(site: Site, build: Build) -> Path:
    """Thirty posts in two years, with tags, a series, an author, a page and an issue; built once."""
    posts = {
        f"posts/{2022 + n // 15}-{1 + n % 12:02}-{1 + n % 28:02}-p{n}.md": post(
            f"P{n}", f"Body {n}.\n\n{LEAD}\n\nMore of it.", tags=["all", f"t{n % 5}"], author="Jo" if n % 2 else "Al"
        )
        for n in range(30)
    }
    more = {
        "posts/2021-01-01-s1.md": post("S1", series="Days", part=1, rating="7/10"),
        "posts/2021-01-02-s2.md": post("S2", "[one](2021-01-01-s1.md#there)\n\n## There", series="Days", part=2),
        "pages/about.md": post("About", "[p0](../posts/2022-01-01-p0.md)"),
        "newsletters/2023-12-01-n.md": post("News", posts=["p29", "p3"]),
        "static/robots2.txt": "x",
    }
    root = site({"site.toml": CONFIG, **posts, **more, "themes/mine/theme.toml": 'extends = "default"\n'})
    assert build(root).problems != ()  # the anchor #there is missing in S1
    return root


CONFIG = """title = "Letters"
url = "https://example.org/"
theme = "mine"
[output]
per_page = 5
"""


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / "content" / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def assert_clean(root: Path, build: Build, tmp_path: Path) -> None:
    """Compare the output with that of a build from nothing, byte for byte."""
    fresh = tmp_path / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(root, fresh, ignore=shutil.ignore_patterns("output", ".openletter"))
    problems = build(fresh).problems
    assert tree(root / "output") == tree(fresh / "output")
    assert without_history(build(root).problems) == problems


def feeds(*folders: str) -> set[str]:
    formats = ("feed.xml", "atom.xml", "feed.json")
    return {at + name for at in folders for name in (formats if at in ("", "newsletter/") else formats[:1])}


def test_nothing_changed_renders_and_writes_nothing(blog: Path, build: Build) -> None:
    report = build(blog)
    assert (dict(report.rendered), report.written, report.deleted) == ({}, (), ())


def test_new_stamps_on_the_same_bytes_render_nothing(blog: Path, build: Build) -> None:
    for file in blog.rglob("*"):
        if file.is_file() and ".openletter" not in file.parts:
            os.utime(file, (1_700_000_000, 1_700_000_000))
    assert build(blog).rendered == {}
    assert build(blog).rendered == {}


def test_a_body_edit_rerenders_its_page_and_the_feeds_that_carry_it(blog: Path, build: Build, tmp_path: Path) -> None:
    edit(blog, "posts/2023-06-18-p17.md", "More of it.", "More of it, and more.")
    report = build(blog)
    carrying = feeds("", "tags/all/", "tags/t2/", "authors/jo/")
    assert set(report.rendered) == {"2023/06/p17/index.html"} | carrying
    assert set(report.written) == set(report.rendered)
    assert_clean(blog, build, tmp_path)


def test_an_edit_of_an_old_body_rerenders_its_page_and_its_rare_tags_feeds(blog: Path, build: Build) -> None:
    edit(blog, "posts/2022-01-01-p0.md", "More of it.", "Less of it.")
    assert set(build(blog).rendered) == {"2022/01/p0/index.html"} | feeds("tags/t0/", "authors/al/")


def test_a_body_edit_that_changes_nothing_shown_writes_nothing(blog: Path, build: Build) -> None:
    edit(blog, "posts/2022-01-01-p0.md", "More of it.\n", "More of it.\n\n\n")
    assert build(blog).rendered == {}


def test_a_deleted_or_altered_output_heals(blog: Path, build: Build, tmp_path: Path) -> None:
    (blog / "output/about/index.html").unlink()
    (blog / "output/2021/01/s1/index.html").write_text("vandalised")
    report = build(blog)
    assert set(report.written) == {"about/index.html", "2021/01/s1/index.html"}
    assert_clean(blog, build, tmp_path)


def test_a_title_edit_reaches_all_that_name_it(blog: Path, build: Build, tmp_path: Path) -> None:
    edit(blog, "posts/2022-01-01-p0.md", "P0", "Q0")
    rendered = set(build(blog).rendered)
    assert {"2022/01/p0/index.html", "2022/index.html", "2022/01/index.html", "tags/t0/index.html"} <= rendered
    assert not rendered & {"2023/06/p17/index.html", "index.html", "tags/t1/index.html"}
    assert_clean(blog, build, tmp_path)


def test_a_new_post_leaves_old_pages_alone(blog: Path, build: Build, tmp_path: Path) -> None:
    (blog / "content/posts/2024-05-05-new.md").write_text(post("New", tags=["all"]))
    report = build(blog)
    old_pages = {path for path in report.rendered if path.startswith("2") and path.count("/") == 3}
    assert old_pages == {"2024/05/new/index.html", "2023/12/p23/index.html"}
    assert not any("/page/" in path and not path.startswith(("page/", "tags/all/")) for path in report.rendered)
    assert_clean(blog, build, tmp_path)


def test_a_deleted_post_goes_with_all_that_was_its_own(blog: Path, build: Build, tmp_path: Path) -> None:
    (blog / "content/posts/2021-01-02-s2.md").unlink()
    report = build(blog)
    assert report.deleted == ("2021/01/s2/index.html",)
    assert {"series/days/index.html", "2021/01/s1/index.html", "2021/01/index.html"} <= set(report.rendered)
    assert_clean(blog, build, tmp_path)


def test_a_draft_vanishes_everywhere(blog: Path, build: Build, tmp_path: Path) -> None:
    edit(blog, "posts/2023-04-16-p15.md", "---\n", "---\ndraft: true\n")
    build(blog)
    assert_clean(blog, build, tmp_path)


def test_a_link_heals_when_what_it_leads_to_appears(blog: Path, build: Build, tmp_path: Path) -> None:
    codes = [problem.code for problem in build(blog).problems]
    assert codes.count("dead-link") == 1
    edit(blog, "posts/2021-01-01-s1.md", "Text.", "Text.\n\n## There")
    report = build(blog)
    assert "2021/01/s2/index.html" in report.rendered
    assert [problem.code for problem in report.problems] == []
    assert_clean(blog, build, tmp_path)


def test_a_shadowed_include_rerenders_what_uses_it_and_heals_back(blog: Path, build: Build, tmp_path: Path) -> None:
    partial = blog / "themes/mine/templates/partials/tags.html"
    partial.parent.mkdir(parents=True)
    partial.write_text("<p>Mine</p>")
    rendered = set(build(blog).rendered)
    assert {path for path in rendered if path.startswith("2022/01/p0")}
    assert "sitemap.xml" not in rendered
    assert "archive/index.html" not in rendered
    assert_clean(blog, build, tmp_path)
    partial.unlink()
    assert set(build(blog).rendered) == rendered
    assert_clean(blog, build, tmp_path)


def test_a_broken_post_is_left_out_and_comes_back(blog: Path, build: Build, tmp_path: Path) -> None:
    edit(blog, "posts/2022-01-01-p0.md", 'title: "P0"', "title: [")
    assert "2022/01/p0/index.html" in build(blog).deleted
    assert_clean(blog, build, tmp_path)
    edit(blog, "posts/2022-01-01-p0.md", "title: [", 'title: "P0"')
    build(blog)
    assert_clean(blog, build, tmp_path)


def test_a_broken_template_changes_no_page_until_it_is_mended(blog: Path, build: Build, tmp_path: Path) -> None:
    before = (blog / "output/about/index.html").read_bytes()
    template = blog / "themes/mine/templates/page.html"
    template.parent.mkdir(parents=True, exist_ok=True)
    template.write_text("{{ nothing.here }}")
    for _ in range(2):
        report = build(blog)
        assert any(problem.path == "themes/mine/templates/page.html" for problem in report.problems)
        assert (report.written, report.deleted) == ((), ())
        assert (blog / "output/about/index.html").read_bytes() == before
    template.unlink()
    build(blog)
    assert_clean(blog, build, tmp_path)


@pytest.mark.parametrize(
    ("line", "touched", "untouched"),
    [
        ('[images]\nhosts = ["i.example.org"]', "2022/01/p0/index.html", "feed.xml"),
        ('[[nav]]\ntitle = "A"\nurl = "/about/"', "2022/01/p0/index.html", "sitemap.xml"),
        ('[tags.t0]\nname = "Tee"', "tags/t0/index.html", "tags/t1/index.html"),
        ("[series.days]\nrating_max = 9", "series/days/index.html", "tags/t1/index.html"),
        ('[comments]\nprovider = "mailto"\naddress = "a@example.org"', "2022/01/p0/index.html", "archive/index.html"),
    ],
)
def test_each_configuration_section_reaches_what_shows_it(
    blog: Path, build: Build, tmp_path: Path, line: str, touched: str, untouched: str
) -> None:
    config = blog / "site.toml"
    config.write_text(CONFIG.replace("[output]", line + "\n[output]"))
    rendered = set(build(blog).rendered)
    assert touched in rendered
    assert untouched not in rendered
    assert_clean(blog, build, tmp_path)


def test_the_clock_passing_a_date_publishes_and_withdraws(blog: Path, tmp_path: Path) -> None:
    (blog / "content/posts/2027-01-01-later.md").write_text(post("Later"))
    edit(blog, "posts/2022-01-01-p0.md", "---\n", "---\nexpires: 2027-01-01\n")

    def at(when: datetime) -> BuildReport:
        return Engine(blog, BuildOptions(), Clock(when)).build()

    before = at(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert "2027/01/later/index.html" not in before.rendered
    assert at(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)).rendered == {}
    after = at(datetime(2027, 1, 1, tzinfo=UTC))
    assert "2027/01/later/index.html" in after.rendered
    assert "2022/01/p0/index.html" in after.deleted


def test_a_picture_replaced_reaches_the_pages_that_show_it(blog: Path, build: Build, tmp_path: Path) -> None:
    from PIL import Image

    bundle = blog / "content/posts/2020-01-01-pic"
    bundle.mkdir()
    (bundle / "index.md").write_text(post("Pic", "![a](p.png)"))
    Image.new("RGB", (40, 30)).save(bundle / "p.png")
    build(blog)
    Image.new("RGB", (40, 30), "red").save(bundle / "p.png")
    assert set(build(blog).rendered) == {"2020/01/pic/p.png"}
    Image.new("RGB", (80, 30)).save(bundle / "p.png")
    assert "2020/01/pic/index.html" in build(blog).rendered
    assert_clean(blog, build, tmp_path)


def test_comments_reach_the_post_and_what_counts_them(blog: Path, build: Build, tmp_path: Path) -> None:
    comments = "- {id: a, author: Jo, date: 2022-02-02, body: Hello}\n"
    (blog / "content/posts/2022-01-01-p0.comments.yaml").write_text(comments)
    rendered = build(blog).rendered
    assert "2022/01/p0/index.html" in rendered
    assert "2023/06/p17/index.html" not in rendered
    assert_clean(blog, build, tmp_path)


def test_state_and_output_taken_elsewhere_build_incrementally(blog: Path, build: Build, tmp_path: Path) -> None:
    shutil.copytree(blog, tmp_path / "machine")
    edit(tmp_path / "machine", "posts/2022-01-01-p0.md", "More of it.", "Moved.")
    report = build(tmp_path / "machine")
    assert set(report.rendered) == {"2022/01/p0/index.html"} | feeds("tags/t0/", "authors/al/")


def test_state_alone_writes_everything_again_from_stored_texts(blog: Path, build: Build) -> None:
    before = tree(blog / "output")
    shutil.rmtree(blog / "output")
    build(blog)
    assert tree(blog / "output") == before


def test_no_state_gives_the_same_output(blog: Path, build: Build, tmp_path: Path) -> None:
    shutil.rmtree(blog / ".openletter")
    build(blog)
    assert_clean(blog, build, tmp_path)


def test_a_file_becomes_a_folder_and_a_folder_a_file(blog: Path, build: Build, tmp_path: Path) -> None:
    thing = blog / "content/static/thing"
    thing.write_text("a file")
    build(blog)
    thing.unlink()
    thing.mkdir()
    (thing / "inner.txt").write_text("in a folder")
    assert build(blog).deleted == ("thing",)
    assert_clean(blog, build, tmp_path)
    shutil.rmtree(thing)
    thing.write_text("a file again")
    assert build(blog).deleted == ("thing/inner.txt",)
    assert_clean(blog, build, tmp_path)
