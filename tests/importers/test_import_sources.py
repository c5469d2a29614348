"""Which files are posts, what comes with them, and which languages they speak."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import frontmatter
import pytest

from generator.importers.import_model import ImportOutcome, Topic
from generator.model import BuildReport
from tests.factories import plain_post

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]
Build = Callable[[Path], BuildReport]


def test_a_bundle_comes_with_its_files(blog: Blog, bring: Bring, site: Path, build: Build) -> None:
    files: dict[str, str | bytes] = {
        "content/a/index.md": plain_post(
            body="![x](x.txt) [y](./sub/Y%20z.pdf) ![p](/content/a/x.txt)", date="2020-01-01"
        ),
        "content/a/x.txt": b"x",
        "content/a/sub/Y z.pdf": b"y",
    }
    outcome = bring(blog(files))
    folder = site / "content/posts/2020/2020-01-01-a"
    assert outcome.posts[0].path == "content/posts/2020/2020-01-01-a/index.md"
    assert (folder / "x.txt").read_bytes() == b"x"
    assert (folder / "sub/Y z.pdf").read_bytes() == b"y"
    assert "[y](sub/Y%20z.pdf)" in (folder / "index.md").read_text()
    build(site)
    assert (site / "output/2020/01/a/sub/Y z.pdf").is_file()


def test_an_index_without_files_is_one_file(blog: Blog, bring: Bring) -> None:
    assert bring(blog({"content/a/index.md": plain_post(date="2020-01-01")})).posts[0].path.endswith("2020-01-01-a.md")


def test_an_index_among_posts_is_the_folder_s_and_a_draft(blog: Blog, bring: Bring) -> None:
    files = {
        "blog/index.html": plain_post("Blog", "{% for x in y %}"),
        "blog/2020-01-01-a.md": plain_post(),
        "_index.md": plain_post(body=""),
    }
    outcome = bring(blog(files))
    assert [(written.path, written.draft) for written in outcome.posts] == [
        ("content/pages/blog.md", True),
        ("content/posts/2020/2020-01-01-a.md", False),
    ]
    assert "blog/_index.md" in {note.path for note in outcome.notes if note.topic is Topic.FILE}


def test_pages_are_pages(blog: Blog, bring: Bring) -> None:
    files = {
        "_config.yml": "title: x\ninclude: [_pages]\n",
        "about.md": plain_post("About", layout="page"),
        "_pages/team.md": plain_post("Team", permalink="/company/team/"),
        "_posts/2020-01-01-a.md": plain_post(),
    }
    outcome = bring(blog(files))
    assert [(p.path, p.address) for p in outcome.posts if p.kind == "page"] == [
        ("content/pages/about.md", "/about/"),
        ("content/pages/company/team.md", "/company/team/"),
    ]


def test_what_generators_keep_for_themselves_is_passed_over(blog: Blog, bring: Bring) -> None:
    files = {
        "_config.yml": "title: x\n",
        "_posts/2020-01-01-a.md": plain_post(),
        "_layouts/post.html": plain_post(),
        "_site/2020/01/01/a.html": "<p>Text.",
        "vendor/x.md": plain_post(),
        "README.md": "# Read me",
        ".git/x.md": plain_post(),
        "plain.html": "<p>Hello",
    }
    outcome = bring(blog(files))
    assert [written.source for written in outcome.posts] == ["blog/_posts/2020-01-01-a.md"]
    assert {n.path for n in outcome.notes if n.topic is Topic.FILE} == {"blog/README.md", "blog/plain.html"}
    assert outcome.problems == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("content/news/a.md", "content/news/a.fr.md"),
        ("content/en/news/a.md", "content/fr/news/a.md"),
        ("content/news/a/index.md", "content/news/a/index.fr.md"),
    ],
)
def test_languages_of_names_and_folders(
    blog: Blog, bring: Bring, site: Path, build: Build, first: str, second: str
) -> None:
    files = {first: plain_post("One", date="2020-01-01"), second: plain_post("Une", date="2020-01-01")}
    outcome = bring(blog(files))
    by_title = {p["title"]: p for p in (frontmatter.load(str(site / each.path)) for each in outcome.posts)}
    assert by_title["Une"]["lang"] == "fr"
    assert by_title["Une"]["translation_of"] == by_title["One"]["id"]
    assert {each.address for each in outcome.posts} == {"/2020/01/a/", "/2020/01/a-fr/"}
    assert build(site).problems == ()


def test_translations_by_key(blog: Blog, bring: Bring, site: Path) -> None:
    files = {
        "content/a.md": plain_post("One", date="2020-01-01", translationKey="k", weight="1"),
        "content/b.md": plain_post("Eins", date="2020-01-01", translationKey="k", lang="de"),
    }
    posts = [frontmatter.load(str(site / each.path)) for each in bring(blog(files)).posts]
    assert posts[1]["translation_of"] == posts[0]["id"]


def test_a_folder_that_only_looks_like_a_language_is_none(blog: Blog, bring: Bring, site: Path) -> None:
    outcome = bring(
        blog(
            {
                "it/a.md": plain_post(date="2020-01-01"),
                "hr/b.md": plain_post(date="2020-01-02"),
                "c.js.md": plain_post(date="2020-01-03"),
            }
        )
    )
    for each in outcome.posts:
        assert "lang" not in frontmatter.load(str(site / each.path)).keys()  # noqa: SIM118


def test_the_same_name_in_one_month_gets_an_address_of_its_own(
    blog: Blog, bring: Bring, site: Path, build: Build
) -> None:
    files = {f"_posts/2020-01-0{n}-news.md": plain_post(f"N{n}") for n in (1, 2, 3)}
    outcome = bring(blog(files))
    assert [each.address for each in outcome.posts] == ["/2020/01/news/", "/2020/01/news-2/", "/2020/01/news-3/"]
    assert [note.path for note in outcome.notes if note.topic is Topic.SLUG] == [
        "blog/_posts/2020-01-02-news.md",
        "blog/_posts/2020-01-03-news.md",
    ]
    assert (build(site).posts, build(site).problems) == (3, ())


def test_case_twins_and_unicode_twins_are_two_files(blog: Blog, bring: Bring) -> None:
    files = {
        "a/A.md": plain_post("1", date="2020-01-01"),
        "b/a.md": plain_post("2", date="2020-01-01"),
        "c/\u00e9.md": plain_post("3", date="2020-01-01"),
        "d/e\u0301.md": plain_post("4", date="2020-01-01"),
    }
    paths = [each.path.casefold() for each in bring(blog(files)).posts]
    assert len(set(paths)) == 4


@pytest.mark.parametrize(
    ("name", "came"),
    [
        ("CON", "con-post"),
        ("a.", "a"),
        ("x" * 240, None),
        ("🎉", None),
        ("a\\b", None),
        ("Größe & Co", "größe-co"),
    ],
)
def test_names_that_other_systems_cannot_hold_are_made_safe(
    blog: Blog, bring: Bring, site: Path, name: str, came: str | None
) -> None:
    outcome = bring(blog({f"2020-01-01-{name}.md" if len(name) < 200 else f"{name}.md": plain_post(date="2020-01-01")}))
    if "\\" in name:
        assert [problem.code for problem in outcome.problems] == ["file-name"]
        return
    (written,) = outcome.posts
    file = written.path.rpartition("/")[2]
    assert len(file.encode()) <= 200
    assert not set(file) & set('<>:"|?*\\')
    if came:
        assert file == f"2020-01-01-{came}.md"


def test_files_of_a_bundle_get_safe_names_and_links_follow(blog: Blog, bring: Bring, site: Path) -> None:
    files: dict[str, str | bytes] = {
        "a/index.md": plain_post(body="![x](aux.png) ![y](a%3F.png)", date="2020-01-01"),
        "a/aux.png": b"1",
        "a/a?.png": b"2",
        "a/comments.yaml": b"3",
    }
    outcome = bring(blog(files))
    names = {Path(path).name for path in outcome.files}
    assert names == {"aux-file.png", "a-.png", "comments-2.yaml"}
    assert "![x](aux-file.png) ![y](a-.png)" in (site / outcome.posts[0].path).read_text()


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_out_of_the_source_are_not_followed(blog: Blog, bring: Bring, site: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/2020-01-02-leak.md").write_text(plain_post("Leak"))
    (tmp_path / "secret/leak.png").write_bytes(b"leak")
    source = blog(
        {"2020-01-01-a.md": plain_post(body="![x](/leak.png) ![y](../secret/leak.png) ![z](/../secret/leak.png)")}
    )
    (source / "out").symlink_to(tmp_path / "secret")
    (source / "loop").symlink_to(source)
    (source / "2020-01-02-leak.md").symlink_to(tmp_path / "secret/2020-01-02-leak.md")
    (source / "leak.png").symlink_to(tmp_path / "secret/leak.png")
    outcome = bring(source)
    assert [each.source for each in outcome.posts] == ["blog/2020-01-01-a.md"]
    assert outcome.files == ()
    assert len([note for note in outcome.notes if note.topic is Topic.FILE]) == 4
    assert "Leak" not in "".join(f.read_text() for f in site.rglob("*.md") if f.name != "import-report.md")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_nothing_is_written_through_a_link_out_of_the_site(
    blog: Blog, bring: Bring, site: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (site / "content").mkdir()
    (site / "content/posts").symlink_to(tmp_path / "elsewhere")
    outcome = bring(blog({"2020-01-01-a.md": plain_post()}))
    assert [problem.code for problem in outcome.problems] == ["link"]
    assert list((tmp_path / "elsewhere").iterdir()) == []
