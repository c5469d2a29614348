"""The small blogs of the samples that went wrong once come out as their README says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.importers.flow import import_source
from generator.importers.import_model import ImportOptions, ImportOutcome
from generator.importers.markdown.markdown_reader import MarkdownReader
from generator.model import BuildReport
from tests.factories import build_site

SITE = 'title = "Letters"\nurl = "https://letters.example.net/"\n'


@dataclass
class Come:
    """A sample, imported into a site without posts and built."""

    root: Path
    outcome: ImportOutcome
    report: BuildReport

    def text(self, source: str) -> str:
        """Return the file that a source became."""
        (path,) = (post.path for post in self.outcome.posts if post.source == f"src/{source}")
        return (self.root / path).read_text("utf-8")

    def page(self, source: str) -> str:
        """Return the text of the page that a source became."""
        (address,) = (post.address for post in self.outcome.posts if post.source == f"src/{source}")
        html = (self.root / f"output{address}index.html").read_text("utf-8")
        return html.partition('<div class="prose">')[2].partition("</article>")[0]

    def output(self, *endings: str) -> str:
        endings = endings or (".html", ".xml", ".json")
        files = sorted(file for file in (self.root / "output").rglob("*") if file.suffix in endings)
        return "\n".join(file.read_text("utf-8") for file in files)

    def public(self) -> set[str]:
        return {post.source for post in self.outcome.posts if not post.draft}


def _pelican_outside_path(come: Come) -> None:
    assert come.public() == {"src/content/a.md"}
    assert "MUST-NOT-BE-PUBLIC" not in come.output()
    assert come.outcome.problems == ()


def _hugo_outside_content(come: Come) -> None:
    assert come.public() == {"src/content/posts/a.md"}
    assert "MUST-NOT-BE-PUBLIC" not in come.output()


def _hugo_cascade(come: Come) -> None:
    assert come.public() == {"src/content/posts/a.md"}
    assert "MUST-NOT-BE-PUBLIC" not in come.output()
    assert {"src/content/secret/c.md", "src/content/old/d.md"} <= {note.path for note in come.outcome.notes}


def _figure_caption(come: Come) -> None:
    page = come.page("content/posts/f/index.md")
    assert '<figcaption>By <a href="https://example.org/ann">Ann</a>, <em>2020</em></figcaption>' in page
    assert "<figcaption><strong>Bold</strong> &amp; more</figcaption>" in page
    assert re.findall(r'alt="([^"]*)"', page) == ["Al", ""]  # its caption says it
    assert not re.search(r"\]\(https|\*2020", come.output())
    assert "&lt;strong" not in come.output(".html")


def _figure_quotes(come: Come) -> None:
    page = come.page("content/posts/f/index.md")
    assert re.findall(r"<figcaption>(.*?)</figcaption>", page) == ["He said “yes” to it", "raw “q” cap"]
    assert "figure src" not in come.output()


def _language_files(come: Come) -> None:
    for lang in ("en", "es"):
        source = f"content/posts/hi/index.{lang}.md"
        (shown,) = re.findall(r'<img src="([^"]*)"', come.page(source))
        assert shown.endswith("/chart.png")
    assert [path.rpartition("/")[2] for path in come.outcome.files] == ["chart.png", "chart.png"]


def _theme_static(come: Come) -> None:
    assert '<img src="/img/t.png"' in come.page("content/posts/a.md")
    assert (come.root / "output/img/t.png").is_file()


def _index_pages(come: Come) -> None:
    assert '<a href="/donate/">donate</a>' in come.page("content/posts/a.md")
    assert "Give to us like this." in come.page("content/donate/_index.md")


def _semicolons(come: Come) -> None:
    text = come.text("content/a.md")
    assert "authors:\n- Smith, John\n- Doe, Jane\n" in text
    assert "tags:\n- python\n- a, b\n- c++\n" in text


def _emoji(come: Come) -> None:
    assert "<p>A 😄 and <code>:smile:</code> and 10:30:45.</p>" in come.page("content/posts/a.md")


EXPECTED: dict[str, Callable[[Come], None]] = {
    "03-import-pelican-outside-path": _pelican_outside_path,
    "04-import-hugo-outside-content": _hugo_outside_content,
    "06-import-hugo-cascade": _hugo_cascade,
    "08-import-hugo-figure-caption": _figure_caption,
    "10-import-hugo-figure-quotes": _figure_quotes,
    "11-import-hugo-language-files": _language_files,
    "12-import-hugo-theme-static": _theme_static,
    "13-import-hugo-index-pages": _index_pages,
    "14-import-pelican-semicolons": _semicolons,
    "23-import-emoji": _emoji,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_reported_blog_comes_out_as_its_readme_says(name: str, samples: Path, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(SITE)
    outcome = import_source(tmp_path, ImportOptions((samples / "reported" / name / "src",)), MarkdownReader())
    report = build_site(tmp_path)
    EXPECTED[name](Come(tmp_path, outcome, report))
    assert (outcome.problems, report.problems) == ((), ())


def test_every_reported_blog_is_tried(samples: Path) -> None:
    assert {folder.name for folder in (samples / "reported").glob("*-import-*")} == set(EXPECTED)
