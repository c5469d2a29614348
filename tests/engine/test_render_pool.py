"""Pages drawn in copies of the process are the pages drawn in it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.engine import pipeline
from generator.engine.processes import render_pool
from generator.model import BuildReport

Site = Callable[[Mapping[str, str]], Path]
Build = Callable[..., BuildReport]


@pytest.fixture
def root(site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(render_pool, "FORK_FROM", 2)
    posts = {
        f"posts/2024-01-{n:02}-p{n}.md": f"---\ntitle: P{n}\ntags: [t{n % 3}]\n---\nText [x](p.md)\n"
        for n in range(1, 28)
    }
    theme = {
        "site.toml": 'title = "T"\nurl = "https://example.org/"\ntheme = "mine"\n',
        "themes/mine/theme.toml": 'extends = "default"\n',
    }
    return site({**theme, **posts})


def tree(root: Path) -> dict[str, bytes]:
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in (root / "output").rglob("*") if f.is_file()}


def test_one_process_and_three_give_the_same_bytes_and_problems(root: Path, build: Build, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(root, tmp_path / "other")
    one, three = build(root, jobs=1), build(tmp_path / "other", jobs=3)
    assert tree(root) == tree(tmp_path / "other")
    assert one.problems == three.problems
    assert list(one.rendered) == list(three.rendered)
    assert build(root, jobs=3).rendered == {}
    assert build(tmp_path / "other", jobs=1).rendered == {}


def test_a_broken_template_is_named_from_a_copy_too(root: Path, build: Build) -> None:
    template = root / "themes/mine/templates/tag.html"
    template.parent.mkdir(parents=True)
    template.write_text("\n{{ tag.colour }}")
    (problem,) = [problem for problem in build(root, jobs=2).problems if problem.level == "error"]
    assert (problem.path, problem.line) == ("themes/mine/templates/tag.html", 2)
    template.unlink()
    assert all(problem.level == "warning" for problem in build(root, jobs=2).problems)


def test_an_edit_of_a_large_site_is_noticed_where_the_index_is_made_in_a_copy(
    root: Path, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    monkeypatch.setattr(pipeline, "LARGE", 1)
    build(root, jobs=2)
    post = root / "content/posts/2024-01-05-p5.md"
    for old, new in (("title: P5", "title: Other"), ("Text", "Another text"), ("tags: [t2]", "tags: [new]")):
        text = post.read_text()
        assert old in text
        post.write_text(text.replace(old, new))
        assert build(root, jobs=2).written
        shutil.rmtree(tmp_path / "fresh", ignore_errors=True)
        shutil.copytree(root, tmp_path / "fresh", ignore=shutil.ignore_patterns("output", ".openletter"))
        build(tmp_path / "fresh", jobs=1)
        assert tree(root) == tree(tmp_path / "fresh")
