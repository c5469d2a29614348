"""A template that fails takes no page away: the build writes nothing, and the last good output stays."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.clock import Clock
from generator.engine import staging
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.errors import OutputError
from generator.store.output import OutputFolder
from tests.factories import NOW, Site, build_site, post, tree, without_history, write_files

SITE = 'title = "T"\nurl = "https://example.org/"\ntheme = "mine"\n[newsletter]\nfrom = "a@example.org"\n'
FILES = {
    "site.toml": SITE,
    "themes/mine/theme.toml": 'extends = "middle"\n',
    "themes/middle/theme.toml": 'extends = "default"\n',
    "themes/mine/templates/partials/card.html": "<p>{{ doc.title }}</p>\n",
    "posts/2024-01-01-a.md": post("A", tags=["t"]),
    "posts/2024-01-02-b.md": post("B", series="S"),
    "pages/p.md": post("P"),
    "newsletters/n.md": post("N", date="2024-02-01", posts=["a"]),
}
MINE = "themes/mine/templates/"
MIDDLE = "themes/middle/templates/"
A = "2024/01/a/index.html"

MISTAKES: dict[str, tuple[str, str | bytes, str, str]] = {
    "a typo in a partial": (f"{MINE}partials/card.html", "{{ doc.titel }}", f"{MINE}partials/card.html", "failed"),
    "a tag that is not closed": (f"{MINE}partials/card.html", "{% if doc %}", f"{MINE}partials/card.html", "syntax"),
    "a missing include": (f"{MINE}tag.html", "\n{% include 'no.html' %}", f"{MINE}tag.html", "missing"),
    "a missing parent": (f"{MINE}series.html", "{% extends 'no.html' %}", f"{MINE}series.html", "missing"),
    "an unknown filter": (f"{MINE}tag.html", "{{ page.title|uper }}", f"{MINE}tag.html", "syntax"),
    "a template that is not text": (f"{MINE}404.html", b"\xff\xfe\x00", f"{MINE}404.html", "unreadable"),
    "a layer below": (
        "themes/middle/templates/post.html",
        "{{ 1 / 0 }}",
        "themes/middle/templates/post.html",
        "failed",
    ),
    "a feed's entry": (f"{MINE}feed-entry.html", "{{ nothing }}", f"{MINE}feed-entry.html", "failed"),
    "an issue's page": (f"{MINE}issue.html", "{{ doc.date + 1 }}", f"{MINE}issue.html", "failed"),
    "a mail": (f"{MINE}mail/issue.html", "{% block %}", f"{MINE}mail/issue.html", "syntax"),
    "a template that no page uses": (f"{MINE}partials/spare.html", "{{ ", f"{MINE}partials/spare.html", "syntax"),
    "a page of one's own in a circle": (f"{MINE}base.html", "{% include 'base.html' %}", f"{MINE}base.html", "failed"),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a site once; each test gets a copy."""
    root = tmp_path_factory.mktemp("good") / "site"
    made = {
        path if "/" not in path or path.startswith("themes/") else f"content/{path}": t for path, t in FILES.items()
    }
    write_files(root, made)
    assert build_site(root).problems == ()
    return root


@pytest.fixture
def site(good: Path, tmp_path: Path) -> Site:
    return Site(Path(shutil.copytree(good, tmp_path / "site")))


def assert_mended(site: Site) -> None:
    """Build again, and compare with a build from nothing; the same build again has nothing to do."""
    assert without_history(site.build().problems) == ()
    clean = site.root.parent / "clean"
    build_site(site.root, output=clean / "output", state=clean / "state")
    assert tree(site.output) == tree(clean / "output")
    assert not site.build().rendered


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_failing_template_stops_the_build_and_the_output_stays(site: Site, mistake: str) -> None:
    path, text, at, code = MISTAKES[mistake]
    before = tree(site.root / "output")
    old = (site.root / path).read_bytes() if (site.root / path).is_file() else None
    site.write(path, text)
    site.write("content/posts/2024-01-03-c.md", post("C", tags=["t"]))
    (site.root / "content/pages/p.md").unlink()
    report = site.build()
    assert report.stopped
    assert (report.written, report.deleted, dict(report.rendered)) == ((), (), {})
    assert {(p.path, p.code) for p in report.problems} == {(at, f"template-{code}")}
    assert tree(site.output) == before
    assert not (site.root / ".openletter/rendered").exists()
    if old is not None:
        site.write(path, old)
    else:
        (site.root / path).unlink()
    site.build()
    assert site.codes == ["address-gone"]
    assert "2024/01/c/index.html" in site.paths
    assert "p/index.html" not in site.paths


@pytest.mark.parametrize("mistake", ["a typo in a partial", "a tag that is not closed", "a missing include"])
def test_builds_that_stop_again_and_again_forget_nothing(site: Site, mistake: str) -> None:
    path, text, _, _ = MISTAKES[mistake]
    old = (site.root / path).read_bytes() if (site.root / path).is_file() else b"{{ page.title }}\n"
    before = tree(site.root / "output")
    site.write(path, text)
    problems = site.build().problems
    site.write("content/posts/2024-01-03-c.md", post("C", tags=["t"]))
    assert {p.code for p in site.build().problems} == {p.code for p in problems}
    site.write("content/posts/2024-01-01-a.md", post("Changed", tags=["t"]))
    assert site.build().stopped
    assert tree(site.output) == before
    site.write(path, old)
    assert_mended(site)


def test_a_page_that_fails_by_a_posts_front_matter_stops_the_build_until_it_is_mended(site: Site) -> None:
    site.write(f"{MINE}post.html", "{{ doc.title }} {{ (doc.extra.level|default(1)) + 1 }}\n")
    assert not site.build().stopped
    before = tree(site.output)
    site.write("content/posts/2024-01-01-a.md", post("New title", tags=["t"], extra={"level": "high"}))
    report = site.build()
    (problem,) = report.problems
    assert (problem.path, problem.code, report.stopped) == (f"{MINE}post.html", "template-failed", True)
    assert "It happened on /2024/01/a/." in problem.message
    assert tree(site.output) == before
    site.write("content/posts/2024-01-01-a.md", post("New title", tags=["t"], extra={"level": 2}))
    assert_mended(site)
    assert site.text(A) == "New title 3\n"


@pytest.mark.parametrize("state", ["kept", "lost"])
@pytest.mark.parametrize("text", ["{{ doc.titel }}", "{% if %}"])
def test_a_first_build_that_fails_leaves_no_output_at_all(site: Site, state: str, text: str) -> None:
    shutil.rmtree(site.root / "output")
    if state == "lost":
        shutil.rmtree(site.root / ".openletter")
    good = (site.root / MINE / "partials/card.html").read_bytes()
    site.write(f"{MINE}partials/card.html", text)
    assert site.build().stopped
    assert not (site.root / "output").exists()
    site.write(f"{MINE}partials/card.html", good)
    assert_mended(site)


def test_all_failing_templates_are_listed_at_once_each_with_its_pages(site: Site) -> None:
    site.write(f"{MINE}partials/card.html", "{{ doc.titel }}")
    site.write(f"{MINE}page.html", "{{ doc.date + 1 }}")
    report = site.build()
    said = {(p.path, p.message[p.message.index("It happened") :]) for p in report.problems}
    assert said == {
        (f"{MINE}page.html", "It happened on /p/."),
        (f"{MINE}partials/card.html", "It happened on / and 4 other pages."),
    }


def test_other_problems_of_the_site_are_reported_with_it(site: Site) -> None:
    site.write("content/posts/2024-01-03-c.md", post("C", "[x](no.md)"))
    site.write(f"{MINE}page.html", "{{ nothing }}")
    assert {p.code for p in site.build().problems} == {"dead-link", "template-failed"}


@pytest.mark.parametrize("kind", ["filter", "query"])
def test_an_extension_that_fails_in_a_template_stops_the_build(site: Site, kind: str) -> None:
    call = '{{ "x"|bad }}' if kind == "filter" else '{{ site.query("bad") }}'
    function = "lambda text: text / 1" if kind == "filter" else "lambda index, of: 1 / 0"
    before = tree(site.root / "output")
    site.write("extensions/mine.py", f"def extend(registry):\n    registry.{kind}('bad', {function})\n")
    site.write("site.toml", SITE + '[extensions]\nuse = ["mine"]\n')
    site.write(f"{MINE}page.html", call)
    report = site.build()
    assert (f"{MINE}page.html", "template-failed") in {(p.path, p.code) for p in report.problems}
    assert report.stopped
    assert tree(site.output) == before
    site.write("site.toml", SITE)
    (site.root / MINE / "page.html").unlink()
    assert_mended(site)


def test_a_build_with_many_processes_stops_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.engine.processes.render_pool.FORK_FROM", 1)
    before = tree(site.root / "output")
    site.write(f"{MINE}partials/card.html", "{{ doc.titel }}")
    assert site.build(jobs=2).stopped
    assert tree(site.output) == before
    site.write(f"{MINE}partials/card.html", "<b>{{ doc.title }}</b>")
    assert not site.build(jobs=2).stopped
    assert_mended(site)


def test_an_engine_that_remembers_stops_and_goes_on(site: Site) -> None:
    options = BuildOptions()
    with Engine(site.root, options, Clock(NOW)) as engine:
        engine.build()
        before = tree(site.root / "output")
        site.write(f"{MINE}partials/card.html", "{{ doc.titel }}")
        site.write("content/posts/2024-01-01-a.md", post("Again", tags=["t"]))
        assert engine.build(hint={f"{MINE}partials/card.html", "content/posts/2024-01-01-a.md"}).stopped
        assert tree(site.root / "output") == before
        site.write(f"{MINE}partials/card.html", "<b>{{ doc.title }}</b>")
        assert not engine.build(hint={f"{MINE}partials/card.html"}).stopped
    assert_mended(site)
    assert "Again" in site.text(A)


def test_a_preview_keeps_the_pages_that_fail_and_writes_the_others(site: Site) -> None:
    live: dict[str, Any] = {"live": True, "output": site.root / "live", "state": site.root / "live-state"}
    site.build(**live)
    card = (site.root / "live" / "index.html").read_bytes()
    site.write(f"{MINE}partials/card.html", "{{ doc.titel }}")
    site.write("content/pages/p.md", post("Changed"))
    report = site.build(**live)
    assert not report.stopped
    assert {p.code for p in report.problems} == {"template-failed"}
    assert (site.root / "live" / "index.html").read_bytes() == card
    assert b"Changed" in (site.root / "live" / "p/index.html").read_bytes()


@pytest.mark.parametrize("options", [{"drafts": True}, {"future": True}, {"at": NOW}])
def test_a_preview_in_a_folder_stops_as_a_public_build_does(site: Site, options: dict[str, Any]) -> None:
    site.write(f"{MINE}partials/card.html", "{{ doc.titel }}")
    assert site.build(**options).stopped
    assert not (site.root / "preview").exists()


def test_a_stopped_build_does_not_forget_that_one_before_it_was_killed(site: Site) -> None:
    """A file with other bytes and its old stamp is found only by its bytes: a stop must not end that search."""
    from generator.store.state import Store

    with Store(site.root / ".openletter") as store:
        store.set_fact("building", True)
        store.commit()
    site.write(f"{MINE}page.html", "{{ nothing }}")
    assert site.build().stopped
    with Store(site.root / ".openletter") as store:
        assert store.fact("building", bool)
    (site.root / MINE / "page.html").unlink()
    assert_mended(site)


@pytest.mark.parametrize("flags", [(), ("--strict",), ("--verify",), ("--explain", "/"), ("--json",)])
def test_the_command_says_that_it_wrote_nothing(site: Site, flags: tuple[str, ...]) -> None:
    from click.testing import CliRunner

    from generator.cli import cli

    site.write(f"{MINE}page.html", "{{ doc.titel }}")
    before = tree(site.root / "output")
    result = CliRunner().invoke(cli, ["build", "--site", str(site.root), *flags])
    assert result.exit_code == 1
    assert "template-failed" in result.output
    assert (
        '"stopped": true' if "--json" in flags else "nothing was written, because a template failed"
    ) in result.output
    assert tree(site.root / "output") == before


def test_small_sites_wait_in_memory_and_large_ones_in_files(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs, moved = [], []
    move_in = OutputFolder.move_in

    def counted(self: OutputFolder, path: str, *more: Any, **words: Any) -> bool:
        moved.append(path)
        return move_in(self, path, *more, **words)

    monkeypatch.setattr(OutputFolder, "move_in", counted)
    for memory, least, most in ((staging.MEMORY, 0, 0), (20_000, 10, 70), (0, 20, 80)):
        monkeypatch.setattr(staging, "MEMORY", memory)
        shutil.rmtree(site.root / ".openletter")
        shutil.rmtree(site.output)
        moved.clear()
        site.build()
        assert least <= len(moved) <= most
        assert not (site.root / ".openletter/rendered").exists()
        outputs.append(tree(site.output))
    assert outputs[0] == outputs[1] == outputs[2]


def test_rendered_pages_of_a_killed_build_are_removed(site: Site) -> None:
    leftover = site.root / ".openletter/rendered/7"
    write_files(site.root, {".openletter/rendered/7": "half"})
    site.write("content/pages/p.md", post("Q"))
    site.build()
    assert not leftover.exists()


def test_a_file_where_the_rendered_pages_wait_is_said_and_the_output_stays(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "MEMORY", 0)
    site.write("content/pages/p.md", post("Q"))
    write_files(site.root, {".openletter/rendered": "a file"})
    before = tree(site.output)
    with pytest.raises(OutputError, match="rendered cannot be written") as caught:
        site.build()
    assert [(each.code, each.hint.partition(":")[0]) for each in caught.value.problems] == [
        ("state-unusable", "Delete it")
    ]
    assert tree(site.output) == before
    (site.root / ".openletter/rendered").unlink()
    assert_mended(site)
