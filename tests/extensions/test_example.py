"""The example that docs/extending.md explains is a site that builds."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs/examples"
POST = "2026/03/a-quieter-help-desk/index.html"


@pytest.fixture
def example(folder: Any) -> Any:
    shutil.rmtree(folder.root)
    left_out = shutil.ignore_patterns(".openletter", "output", "__pycache__")
    shutil.copytree(EXAMPLES, folder.root, ignore=left_out)
    return folder


def test_the_example_shows_what_it_adds(example: Any) -> None:
    assert example.build().problems == ()
    post = example.text(POST)
    assert "This text is easy.\nIt is for staff.\n" in post
    assert re.search(r'<progress [^>]*value="75"[^>]*>75 %</progress>', post)
    assert 'href="/assets/quiet.' in post
    assert "accent-forest" in post
    assert "A quieter help desk</a>: 9" in example.text("index.html")
    assert example.text("humans.txt") == "/* Letters from Example Hall */\nJane Doe, IT director\n"
    assert example.build().rendered == {}
    assert example.verify() == ()


def test_a_rating_that_changes_changes_the_list_of_the_best(example: Any) -> None:
    example.build()
    file = example.root / "content/posts/2026-03-03-forms-on-one-page.md"
    file.write_text(file.read_text().replace("6/10", "10/10"))
    report = example.build()
    assert report.rendered["index.html"]
    assert "humans.txt" not in report.rendered
    assert example.text("index.html").index("Forms on one page</a>: 10") < example.text("index.html").index(
        "A quieter help desk</a>: 9"
    )
    assert example.verify() == ()


def test_a_wrong_audience_is_refused(example: Any) -> None:
    file = example.root / "content/posts/2026-03-03-forms-on-one-page.md"
    file.write_text(file.read_text().replace("everyone", "nobody"))
    (problem,) = example.build().problems
    assert (problem.path, problem.line) == ("content/posts/2026-03-03-forms-on-one-page.md", 4)
    assert '"audience" must be one of: everyone, staff, students.' in problem.message


def test_the_document_shows_the_example_as_it_is() -> None:
    """Every piece of Python and Jinja in the document stands, line for line, in a file of the example."""
    text = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
    files = [file.read_text(encoding="utf-8") for file in sorted(EXAMPLES.rglob("*.*")) if file.is_file()]
    pieces = re.findall(r"```(?:python|jinja)\n(.*?)```", text, re.S)
    assert len(pieces) >= 6
    for piece in pieces:
        assert any(piece in file for file in files), piece


def test_the_document_names_every_method_of_the_registry() -> None:
    from generator.registry import ATTRIBUTES, TAGS, Registry

    text = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
    methods = [name for name in vars(Registry) if not name.startswith("_")]
    assert methods == ["filter", "query", "markdown", "field", "kind"]
    assert [name for name in methods if f"`registry.{name}(" not in text] == []
    assert [name for name in (*TAGS, *ATTRIBUTES) if f"`{name}`" not in text] == []
