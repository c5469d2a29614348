"""The documentation as a site: `make docs`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import html

from release import documentation
from release.documentation import ROOT, list_pages, write_site

BASE = "https://openletter.example/docs/"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site(tmp_path_factory.mktemp("documentation"))


@pytest.fixture(scope="module")
def built(sources: Path) -> Path:
    """Give the built site; --strict makes a link to nowhere, or to a heading that is not there, an error."""
    command = [sys.executable, "-m", "generator", "build", "--strict", "--site", str(sources)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return sources / "output"


@pytest.mark.slow
def test_every_page_is_built_searched_and_reached_from_the_front_page(built: Path) -> None:
    found, waiting = set(), [BASE]
    while waiting:
        url = waiting.pop()
        file = built / unquote(urlsplit(url).path.removeprefix("/docs/")) / "index.html"
        if url in found or not file.is_file():
            continue
        found.add(url)
        waiting += [urljoin(url, link).partition("#")[0] for link in html.parse(str(file)).xpath("//a/@href")]
    names = [path.removesuffix("index.md").removesuffix(".md") for path in list_pages().values()]
    assert [name for name in names if f"{BASE}{name and name + '/'}" not in found] == []
    index = built / "search/pagefind"
    assert len(list(index.glob("fragment/*"))) >= len(names) - 1


@pytest.mark.slow
def test_no_link_names_a_source_and_every_address_has_one_page(built: Path) -> None:
    titles: dict[str, Path] = {}
    for file in built.rglob("*.html"):
        tree = html.parse(str(file))
        assert [link for link in tree.xpath("//a/@href") if re.search(r"\.md(#|$)", link)] == [], file
        assert titles.setdefault(tree.findtext(".//title"), file) == file
        described = tree.xpath("//meta[@name='description']/@content")
        assert described, file
        assert not re.search(r"[`*]|\]\(", described[0]), described


def test_headings_have_the_anchors_that_they_have_where_the_repository_is_shown(sources: Path) -> None:
    text = (sources / "content/pages/configuration.md").read_text("utf-8")
    assert "## Series: `[series.SLUG]` {#series-seriesslug}" in text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See [checks](check.md#levels).", "See [checks](check.md#levels)."),
        ("See [how](../CONTRIBUTING.md#set-up).", "See [how](contributing.md#set-up)."),
        ("See [why](decisions/).", "See [why](decisions/index.md)."),
        ("![A page](images/home.png)", "![A page](/images/home.png)"),
        ("See [it](../generator/errors.py).", "See it (`generator/errors.py`)."),
        ("See [there](https://a.example/b.md).", "See [there](https://a.example/b.md)."),
        ("Write `[x](../CONTRIBUTING.md)`.", "Write `[x](../CONTRIBUTING.md)`."),
        ("```\n[x](../CONTRIBUTING.md)\n```", "```\n[x](../CONTRIBUTING.md)\n```"),
        ("[`make`](../README.md) it", "[`make`](index.md) it"),
    ],
)
def test_a_link_leads_to_the_page_of_the_site_and_code_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str, after: str
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text(f"# A page\n\n{before}\n", "utf-8")
    pages = list_pages()
    monkeypatch.setattr(documentation, "ROOT", tmp_path)
    assert documentation.convert_page("docs/a.md", {**pages, "docs/a.md": "a.md"}).endswith(f"---\n\n{after}\n")


def test_readme_leads_to_every_page_of_the_documentation() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [file.name for file in (ROOT / "docs").glob("*.md") if f"(docs/{file.name}" not in text] == []
