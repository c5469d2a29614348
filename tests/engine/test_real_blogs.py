"""Real blogs, laid into content/posts as they are: every post is a page or refused by name, against counts not ours."""

import json
import re
import shutil
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.errors import Level
from generator.model import BuildReport
from tests.factories import build_site, tree

pytestmark = pytest.mark.slow
PUBLISHED = re.compile(r'property="article:published_time" content="(\d{4})')


@dataclass
class Blog:
    """A real blog, built: its sources, what came out, what is expected of it."""

    root: Path
    report: BuildReport
    expected: dict[str, Any]

    @property
    def errors(self) -> list[str]:
        return [problem.path for problem in self.report.problems if problem.level is Level.ERROR]

    def posts(self) -> dict[Path, str]:
        """Map each post's page to its HTML: the pages that say when they were published."""
        pages = {file: file.read_text() for file in (self.root / "output").rglob("index.html")}
        return {file: html for file, html in pages.items() if PUBLISHED.search(html)}

    def feeds(self) -> list[Path]:
        return sorted(file for name in ("feed.xml", "atom.xml") for file in (self.root / "output").rglob(name))


def build_blog(samples: Path, name: str, posts: str, root: Path) -> Blog:
    shutil.copytree(samples / "blogs" / name / posts, root / "content/posts")
    if (samples / "blogs" / name / "assets").is_dir():
        shutil.copytree(samples / "blogs" / name / "assets", root / "content/static/assets")
    (root / "site.toml").write_text('title = "Blog"\nurl = "https://example.org/"\ntimezone = "America/New_York"\n')
    report = build_site(root, datetime(2026, 11, 22, tzinfo=UTC))
    return Blog(root, report, json.loads((samples / "expected.json").read_text())["blogs"][name])


@pytest.fixture(scope="module")
def eighteen_f(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Blog:
    return build_blog(samples, "18f", "posts", tmp_path_factory.mktemp("18f"))


@pytest.fixture(scope="module")
def rust(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Blog:
    return build_blog(samples, "rust-inside-toml", ".", tmp_path_factory.mktemp("rust"))


@pytest.fixture(scope="module")
def dated_rust(rust: Blog, tmp_path_factory: pytest.TempPathFactory) -> Blog:
    """Give the posts of `rust` the dates that stand in their old addresses, in their names."""
    root = tmp_path_factory.mktemp("dated")
    (root / "content/posts").mkdir(parents=True)
    for file in (rust.root / "content/posts").rglob("*.md"):
        found = re.search(r"(\d{4})/(\d\d)/(\d\d)/", file.read_text())
        assert found, file
        name = file.parent.name if file.stem == "index" else file.stem
        shutil.copy(file, root / "content/posts" / f"{'-'.join(found.groups())}-{name.replace('@', '-')}.md")
    shutil.copy(rust.root / "site.toml", root)
    return Blog(root, build_site(root, datetime(2026, 11, 22, tzinfo=UTC)), rust.expected)


@pytest.fixture(params=["eighteen_f", "dated_rust"])
def blog(request: pytest.FixtureRequest) -> Blog:
    found: Blog = request.getfixturevalue(request.param)
    return found


def test_every_post_is_a_page_or_is_refused_by_name(blog: Blog) -> None:
    assert len(blog.posts()) == blog.report.posts
    assert blog.report.posts + len(set(blog.errors)) == blog.expected["posts"]


def test_all_509_posts_of_18f_are_pages(eighteen_f: Blog) -> None:
    assert eighteen_f.errors == []
    assert eighteen_f.report.posts == 509


def test_posts_without_any_date_are_refused_for_that_reason(rust: Blog) -> None:
    refused = [problem for problem in rust.report.problems if problem.level is Level.ERROR]
    assert len(refused) == 34
    assert all("date" in problem.message for problem in refused)


def test_posts_fall_on_the_years_as_written(eighteen_f: Blog) -> None:
    years = Counter(PUBLISHED.findall(html)[0] for html in eighteen_f.posts().values())
    assert years == eighteen_f.expected["posts_per_year_as_written"]


def test_tags_are_counted_as_written(eighteen_f: Blog) -> None:
    output = eighteen_f.root / "output"
    assert len([folder for folder in (output / "tags").iterdir() if folder.is_dir()]) in (
        eighteen_f.expected["distinct_tags_after_slugging"],
        eighteen_f.expected["distinct_tags_after_slugging"] + 1,  # with the file that PyYAML cannot read
    )
    for name, count in eighteen_f.expected["top_tags"]:
        pages = (output / "tags" / name.replace(" ", "-")).rglob("index.html")
        listed = {link for page in pages for link in re.findall(r'href="(/2\d{3}/\d\d/[^"]+/)"', page.read_text())}
        assert len(listed) in (count, count + 1), name


def test_every_feed_parses_without_bozo_and_has_absolute_links(blog: Blog) -> None:
    import feedparser

    feeds = blog.feeds()
    assert len(feeds) > 2
    for file in feeds:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            parsed = feedparser.parse(file.read_bytes())
        assert not parsed.bozo, (file, parsed.get("bozo_exception"))
        assert parsed.entries
        assert all(entry.link.startswith("https://example.org/") for entry in parsed.entries)
        assert len({entry.id for entry in parsed.entries}) == len(parsed.entries)


def test_template_syntax_in_bodies_never_runs(eighteen_f: Blog) -> None:
    text = "".join(eighteen_f.posts().values())
    assert text.count("| url }}") > 500 or text.count("%7C%20url") > 500


def test_front_matter_is_never_printed(dated_rust: Blog) -> None:
    pages = list((dated_rust.root / "output").rglob("*.html"))
    assert len(pages) > dated_rust.report.posts > 0
    for file in pages:
        assert "+++" not in file.read_text()


def test_a_second_build_gives_the_same_bytes(eighteen_f: Blog, tmp_path: Path, build: Callable[..., Any]) -> None:
    shutil.copytree(eighteen_f.root / "content", tmp_path / "elsewhere/content")
    shutil.copy(eighteen_f.root / "site.toml", tmp_path / "elsewhere")
    build(tmp_path / "elsewhere")
    assert tree(tmp_path / "elsewhere/output") == tree(eighteen_f.root / "output")
