"""The sites of extreme shapes are sound: they build without an error, and hold what they are to measure."""

from pathlib import Path

import pytest

from benchmarks.shape_sites import SHAPES
from benchmarks.shapes import growth
from generator.errors import has_errors
from tests.factories import build_site

EXPECTED = {
    "tags": ("tags/*/index.html", 8),
    "a tag's posts": ("20*/*/*/index.html", 8),
    "authors": ("authors/*/index.html", 8),
    "series": ("series/*/index.html", 8),
    "KB of one post": ("20*/*/*/index.html", 1),
    "static files": ("*/file-*.txt", 8),
    "pictures of one post": ("20*/*/*/*.svg", 8),
    "comments of one post": ("20*/*/*/index.html", 1),
    "dead links of one post": ("20*/*/*/index.html", 1),
    "posts": ("20*/*/*/index.html", 8),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_what_it_measures(shape: str, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('title = "Desk"\nurl = "https://desk.example/"\n', "utf-8")
    SHAPES[shape][0](tmp_path, 8)
    report = build_site(tmp_path)
    assert not has_errors(report.problems)
    pattern, number = EXPECTED[shape]
    assert len([*(tmp_path / "output").glob(pattern)]) == number
    if shape == "comments of one post":
        assert sum(file.read_text("utf-8").count("Reader ") >= 8 for file in (tmp_path / "output").glob(pattern))
    dead = [problem for problem in report.problems if problem.code in ("dead-link", "dead-picture")]
    assert len(dead) == (16 if shape == "dead links of one post" else 0)


def test_growth_is_the_exponent() -> None:
    assert [round(growth(1, more), 2) for more in (1, 4, 8, 16)] == [0, 1, 1.5, 2]
