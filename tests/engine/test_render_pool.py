"""Pages drawn in copies of the process are the pages drawn in it."""

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.engine import pipeline
from generator.engine.processes import render_pool
from generator.engine.processes.shares import Share, share_out
from generator.engine.rendering import RenderResult, render_target
from generator.model import BuildReport, Target
from generator.render.context import RenderContext
from generator.render.kinds import Phase
from tests.factories import tree

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


@pytest.mark.parametrize("jobs", [2, 3])
def test_one_process_and_several_give_the_same_bytes_and_problems(
    jobs: int, root: Path, build: Build, tmp_path: Path
) -> None:
    import shutil

    shutil.copytree(root, tmp_path / "other")
    one, several = build(root, jobs=1), build(tmp_path / "other", jobs=jobs)
    assert tree(root / "output") == tree(tmp_path / "other/output")
    assert one.problems == several.problems
    assert list(one.rendered) == list(several.rendered)
    assert build(root, jobs=jobs).rendered == {}
    assert build(tmp_path / "other", jobs=1).rendered == {}


@pytest.mark.parametrize(("jobs", "kind"), [(2, "post"), (2, "rss"), (3, "post")])
def test_what_a_killed_fork_leaves_is_rendered_here(
    jobs: int, kind: str, root: Path, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    shutil.copytree(root, tmp_path / "other")
    build(root, jobs=1)
    here, render = os.getpid(), render_target

    def dies(target: Target, context: RenderContext) -> RenderResult:
        if os.getpid() != here and target.kind == kind:
            os.kill(os.getpid(), signal.SIGKILL)
        return render(target, context)

    monkeypatch.setattr(render_pool, "render_target", dies)
    build(tmp_path / "other", jobs=jobs)
    assert tree(root / "output") == tree(tmp_path / "other/output")


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
        assert tree(root / "output") == tree(tmp_path / "fresh/output")


@pytest.mark.parametrize(("workers", "with_feeds"), [(2, 1), (3, 2), (8, 4), (32, 14)])
def test_few_forks_get_the_feeds_because_each_makes_the_entries_for_itself(workers: int, with_feeds: int) -> None:
    pages = [Target(f"{n}/index.html", "post") for n in range(320)]
    feeds = [Target(f"{n}/feed.xml", "rss") for n in range(54)]
    shared = share_out(
        [*feeds, *pages], workers, lambda target: Phase.PAGES if target.kind == "post" else Phase.NOTICES
    )
    given = [[target for chunk in share for target in chunk] for share in shared[Phase.NOTICES]]
    assert sorted(target.path for share in given for target in share) == sorted(target.path for target in feeds)
    assert sum(map(bool, given)) == with_feeds
    assert given[-1][:2] == feeds[:2]
    assert given[0] == []
    counts = [sum(map(len, share)) for share in shared[Phase.PAGES]]
    assert sum(counts) == len(pages)
    assert min(counts) > 0


def test_a_fork_and_its_parent_never_render_the_same() -> None:
    chunks = [[Target(f"{n}", "post")] for n in range(2_000)]
    share = Share(chunks, may_help=True)
    forks, ends = share.for_fork(), []
    for _ in range(300):
        ends += [next(forks), share.help()]
    ends += [*forks, share.help()]
    assert ends.pop() is None
    assert sorted(chunk[0].path for chunk in ends if chunk) == sorted(chunk[0].path for chunk in chunks)
    assert not share.may_help
    share.close()


def test_feeds_are_left_to_the_fork_because_their_entries_are_made_once() -> None:
    share = Share([[Target("feed.xml", "rss")]], may_help=False)
    assert share.help() is None
    assert len([*share.for_fork()]) == 1
    share.close()


def test_a_million_targets_have_few_enough_chunks_for_a_pipe() -> None:
    targets = [Target("a", "post")] * 1_000_000
    (chunks,) = share_out(targets, 1, lambda _: Phase.PAGES)[Phase.PAGES]
    assert sum(map(len, chunks)) == len(targets)
    assert len(chunks) <= 4096
