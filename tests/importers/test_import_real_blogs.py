"""Real blogs, imported into a fresh site and built, against counts not made by our code."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from generator.errors import Level
from generator.importers.flow import import_source
from generator.importers.import_model import ImportOptions, ImportOutcome, Topic
from generator.importers.markdown.markdown_reader import MarkdownReader
from generator.model import BuildReport
from tests.factories import build_site

pytestmark = pytest.mark.slow
BLOGS = ("18f", "rust-inside-toml", "jekyll-news", "cc-labs-html", "digitalgov-part", "jekyll-edge-posts")
PUBLISHED = re.compile(r'property="article:published_time" content="(\d{4})')
SETTINGS = 'title = "Blog"\nurl = "https://example.org/"\ntimezone = "America/New_York"\n'


@dataclass
class Blog:
    """A real blog, imported and built: what it is, what the import said, what is expected of it."""

    name: str
    source: Path
    before: str
    root: Path
    outcome: ImportOutcome
    report: BuildReport
    expected: dict[str, Any]

    def pages(self) -> dict[str, str]:
        """Map each post's page to its HTML."""
        found = {file: file.read_text("utf-8") for file in (self.root / "output").rglob("index.html")}
        return {f.relative_to(self.root).as_posix(): html for f, html in found.items() if PUBLISHED.search(html)}

    def written(self) -> list[Path]:
        return sorted(file for file in (self.root / "content").rglob("*") if file.is_file())


def digest_of(folder: Path) -> str:
    """Hash the names, sizes, times and bytes of a tree."""
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        whole.update(f"{file} {file.lstat().st_mtime_ns}".encode())
        whole.update(file.read_bytes() if file.is_file() else b"")
    return whole.hexdigest()


@pytest.fixture(scope="module", params=BLOGS)
def blog(request: pytest.FixtureRequest, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Blog:
    name: str = request.param
    source, root = samples / "blogs" / name, tmp_path_factory.mktemp(name)
    (root / "site.toml").write_text(SETTINGS)
    before = digest_of(source)
    outcome = import_source(root, ImportOptions((source,)), MarkdownReader())
    report = build_site(root, datetime(2026, 11, 22, tzinfo=UTC))
    expected = json.loads((samples / "expected.json").read_text())["blogs"][name]
    return Blog(name, source, before, root, outcome, report, expected)


def test_every_post_came_or_was_refused_by_name(blog: Blog) -> None:
    refused = {problem.path for problem in blog.outcome.problems}
    assert len(blog.outcome.posts) + len(refused) == blog.expected["posts"]
    assert refused == set()  # none of these needs to be refused


def test_what_is_public_is_built_and_nothing_else(blog: Blog) -> None:
    assert [problem for problem in blog.report.problems if problem.level is Level.ERROR] == []
    assert blog.report.posts == len(blog.pages()) == blog.expected["posts_public"]


def test_posts_fall_on_the_years_as_written(blog: Blog) -> None:
    texts = [file.read_text("utf-8") for file in blog.written() if file.suffix == ".md"]
    years = Counter(year for text in texts for year in re.findall(r"^date: (\d{4})", text, re.M)[:1])
    assert years == blog.expected["posts_per_year_as_written"]


def test_tags_are_those_of_the_source(blog: Blog) -> None:
    tags = [folder for folder in (blog.root / "output/tags").glob("*/") if (folder / "index.html").exists()]
    if blog.name == "rust-inside-toml":
        assert tags == []
        return
    count = blog.expected["distinct_tags_after_slugging"]
    assert len(tags) == count


def test_drafts_are_nowhere_in_the_output(blog: Blog) -> None:
    drafts = [post for post in blog.outcome.posts if post.draft]
    assert len(drafts) == blog.expected["posts"] - blog.expected["posts_public"]
    for post in drafts:
        title = re.search(r"^title: (.*)$", (blog.root / post.path).read_text("utf-8"), re.M)
        assert title
        for file in (blog.root / "output").rglob("*"):
            assert not file.is_file() or title[1].strip("'\"").encode() not in file.read_bytes(), file


def test_every_post_has_an_id_and_an_address_of_its_own(blog: Blog) -> None:
    texts = [file.read_text("utf-8") for file in blog.written() if file.suffix == ".md"]
    ids = [re.findall(r"^id: (\S+)$", text, re.M)[0] for text in texts]
    assert len(set(ids)) == len(ids) == blog.expected["posts"]
    assert len({post.address for post in blog.outcome.posts}) == len(ids)


def test_the_source_is_as_it_was(blog: Blog) -> None:
    assert digest_of(blog.source) == blog.before


def test_a_second_run_writes_nothing_with_and_without_its_memory(blog: Blog) -> None:
    before = digest_of(blog.root / "content"), (blog.root / "import-report.md").stat().st_mtime_ns
    for _ in range(2):
        outcome = import_source(blog.root, ImportOptions((blog.source,)), MarkdownReader())
        assert (outcome.written, outcome.kept) == ((), ())
        assert (digest_of(blog.root / "content"), (blog.root / "import-report.md").stat().st_mtime_ns) == before
        (blog.root / ".openletter/import-markdown.json").unlink()
        before = before[0], before[1]
    import_source(blog.root, ImportOptions((blog.source,)), MarkdownReader())


def test_no_text_of_a_source_is_lost(blog: Blog) -> None:
    """Each word of each body stands in the imported file, but for what template tags were made of."""
    assert blog.outcome.posts
    for post in blog.outcome.posts:
        source = (blog.source.parent / post.source).read_text("utf-8").replace("\r\n", "\n")
        body = re.split(r"^(?:---|\+\+\+)[ \t]*$", source.strip("\n"), maxsplit=2, flags=re.M)[2]
        words = Counter(re.findall(r"[^\W_]{4,}", unescape(plain(body))))
        came = Counter(re.findall(r"[^\W_]{4,}", unescape(plain((blog.root / post.path).read_text("utf-8")))))
        assert words - came == Counter(), post.source


def plain(text: str) -> str:
    """Leave out what may change: tags of templates, the targets of links, attributes of HTML."""
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\x01.*?\}\}", " ", text, flags=re.S)
    text = re.sub(r"\]\([^()]*(?:\([^()]*\)[^()]*)*\)|^\s*\[[^\]]*\]:.*$", "] ", text, flags=re.M)
    return re.sub(r"<[^>]*>", " ", text)


def test_no_template_tag_that_makes_a_link_is_left(blog: Blog) -> None:
    left = "\n".join(file.read_text("utf-8") for file in blog.written() if file.suffix == ".md")
    outside_code = re.sub(r"```.*?```|~~~.*?~~~|`[^`\n]*`", "", left, flags=re.S)
    assert not re.search(r"\{\{\s*[\"'][^\"']*[\"']\s*\|\s*(?:relative_|absolute_)?url\s*\}\}", outside_code)
    assert not re.search(r"\{\{\s*site\.baseurl|\{%\s*post_url|\{%\s*highlight", outside_code)


def test_every_template_tag_that_was_left_is_listed_with_its_line(blog: Blog) -> None:
    for note in blog.outcome.notes:
        if note.topic is Topic.TEMPLATE:
            line = (blog.source.parent / note.path).read_text("utf-8").split("\n")[note.line - 1]
            assert "{%" in line or "{{" in line, note


def test_no_front_matter_is_printed(blog: Blog) -> None:
    pages = list((blog.root / "output").rglob("*.html"))
    assert len(pages) > blog.report.posts > 0
    for file in pages:
        assert "+++" not in file.read_text("utf-8")
        assert "source_url:" not in file.read_text("utf-8")


def test_every_picture_that_the_source_holds_is_shown(blog: Blog) -> None:
    held = {f.name for f in blog.source.rglob("*") if f.suffix in (".png", ".jpg", ".jpeg", ".gif", ".svg")}
    came = {Path(path).name for path in blog.outcome.files}
    assert came == held
    addresses = {f'"/{file.relative_to(blog.source).as_posix()}"' for file in blog.source.rglob("*.*")}
    dead = [problem.message for problem in blog.report.problems if problem.code in ("dead-picture", "dead-link")]
    assert [problem for problem in dead if any(address in problem for address in addresses)] == []


def test_links_between_posts_lead_to_them(blog: Blog) -> None:
    """No link that names an imported post by its date and name is dead."""
    slugs = {post.path.rpartition("/")[2][11:-3] for post in blog.outcome.posts}
    assert slugs
    for problem in blog.report.problems:
        if problem.code == "dead-link" and (
            match := re.search(r'"/(?:\w+/)?\d{4}/\d\d/\d\d/([\w-]+)/?"', problem.message)
        ):
            assert match[1] not in slugs, problem
