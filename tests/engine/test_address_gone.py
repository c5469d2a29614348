"""An address that was public and is gone is noticed, by each build, until someone settles it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import cli
from generator.content.meta import id_of_path
from generator.errors import Problem
from generator.store.state import discard_state
from tests.factories import NOW, Site, config, post, write_site

# ruff: noqa: E501 the tables of cases have one line a case

OLD = "content/posts/2024-01-05-old.md"
Edit = Callable[[Site], None]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    files = {
        "posts/2024-01-05-old.md": post("The report"),
        "posts/2024-02-06-other.md": post("Another"),
        "posts/fixed.md": post("Fixed", date="2024-03-07", id="fixed-1"),
        "pages/about.md": post("About"),
        "newsletters/n1.md": post("News", date="2024-04-01"),
    }
    site = Site(write_site(tmp_path, files))
    assert site.build().problems == ()
    return site


def gone(site: Site) -> list[Problem]:
    return [problem for problem in site.build().problems if problem.code == "address-gone"]


def rename(before: str, after: str) -> Edit:
    return lambda site: (site.root / before).rename(site.root / after) and None  # type: ignore[return-value]


def write(path: str, text: str) -> Edit:
    return lambda site: site.write(path, text)


def delete(path: str) -> Edit:
    return lambda site: (site.root / path).unlink()


LOSSES: dict[str, tuple[Edit, str, str]] = {
    "a renamed file": (rename(OLD, "content/posts/2024-01-05-new.md"), "/2024/01/old/", "content/posts/2024-01-05-new.md"),
    "a renamed page": (rename("content/pages/about.md", "content/pages/us.md"), "/about/", "content/pages/us.md"),
    "a renamed issue": (rename("content/newsletters/n1.md", "content/newsletters/n2.md"), "/newsletter/n1/", "content/newsletters/n2.md"),
    "another slug": (write(OLD, post("The report", slug="better")), "/2024/01/old/", OLD),
    "another date": (write(OLD, post("The report", date="2024-06-05")), "/2024/01/old/", OLD),
    "another permalink": (write(OLD, post("The report", permalink="/report/")), "/2024/01/old/", OLD),
    "a deleted file": (delete(OLD), "/2024/01/old/", OLD),
}  # fmt: skip


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_address_is_a_warning_at_each_build(site: Site, loss: str) -> None:
    edit, address, path = LOSSES[loss]
    edit(site)
    (problem,) = gone(site)
    assert (problem.level, problem.path) == ("warning", path)
    assert address in problem.message
    assert f'["{address}"]' in problem.hint
    assert gone(site) == [problem], "a build with nothing to do says it too"
    site.write("content/posts/2024-05-05-more.md", post("More"))
    assert gone(site) == [problem]


@pytest.mark.parametrize("loss", [name for name in LOSSES if "deleted" not in name])
def test_the_alias_that_the_hint_names_settles_it(site: Site, loss: str) -> None:
    edit, address, path = LOSSES[loss]
    edit(site)
    (problem,) = gone(site)
    line = f'aliases: ["{address}"]'
    assert line in problem.hint
    site.edit(path, "---\ntitle", f"---\n{line}\ntitle")
    assert gone(site) == []


@pytest.mark.parametrize("loss", LOSSES)
def test_a_line_in_gone_settles_it(site: Site, loss: str) -> None:
    edit, address, _ = LOSSES[loss]
    edit(site)
    assert len(gone(site)) == 1
    site.write("site.toml", config(f'[gone]\naddresses = ["{address}"]\n'))
    assert gone(site) == []
    site.write("site.toml", config())
    assert len(gone(site)) == 1, "the address is remembered"


@pytest.mark.parametrize("loss", ["a renamed file", "a renamed page", "a renamed issue"])
def test_the_old_id_settles_a_rename(site: Site, loss: str) -> None:
    edit, _, path = LOSSES[loss]
    edit(site)
    (problem,) = gone(site)
    before = {"a renamed file": OLD, "a renamed page": "content/pages/about.md"}.get(loss, "content/newsletters/n1.md")
    line = f"id: {id_of_path(before)}"
    assert line in problem.hint
    site.edit(path, "---\ntitle", f"---\n{line}\ntitle")
    assert gone(site) == []


FIXED = "content/posts/fixed.md"


def make_bundle(site: Site) -> None:
    (site.root / FIXED).unlink()
    site.write("content/posts/fix/index.md", post("Fixed", date="2024-03-07", id="fixed-1"))


MOVES: dict[str, Edit] = {
    "another slug": write(FIXED, post("Fixed", date="2024-03-07", id="fixed-1", slug="x")),
    "another date": write(FIXED, post("Fixed", date="2024-04-08", id="fixed-1")),
    "another permalink": write(FIXED, post("Fixed", date="2024-03-07", id="fixed-1", permalink="/f/")),
    "a renamed file": rename(FIXED, "content/posts/moved.md"),
    "a bundle": make_bundle,
}  # fmt: skip


@pytest.mark.parametrize("move", MOVES)
def test_a_written_id_that_stays_makes_it_a_note_until_the_alias_is_there(site: Site, move: str) -> None:
    MOVES[move](site)
    for _ in range(2):
        (problem,) = gone(site)
        assert problem.level == "note"
        assert 'aliases: ["/2024/03/fixed/"]' in problem.hint
    site.edit(problem.path, "---\ntitle", '---\naliases: ["/2024/03/fixed/"]\ntitle')
    assert gone(site) == []


def test_a_written_id_that_changes_with_the_slug_is_a_warning(site: Site) -> None:
    site.write(FIXED, post("Fixed", date="2024-03-07", id="fixed-2", slug="x"))
    (problem,) = gone(site)
    assert problem.level == "warning"


HIDDEN: dict[str, tuple[str, str]] = {
    "a draft": (post("The report", draft=True), "draft"),
    "a draft with another slug": (post("The report", draft=True, slug="x"), "draft"),
    "an expired post": (post("The report", expires="2025-01-01"), "expired"),
    "a scheduled post": (post("The report", date="2027-01-01"), "scheduled"),
    "a draft with another title": (post("Rewritten", draft=True), "draft"),
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_is_no_longer_public_is_a_note(site: Site, kind: str) -> None:
    text, word = HIDDEN[kind]
    site.write(OLD, text)
    (problem,) = gone(site)
    assert (problem.level, problem.path) == ("note", OLD)
    assert word in problem.message


def test_a_post_that_expires_by_itself_is_a_note(site: Site) -> None:
    site.write(OLD, post("The report", expires="2026-11-23"))
    assert gone(site) == []
    report = site.build(now=NOW + timedelta(days=2))
    assert [(problem.code, problem.level) for problem in report.problems] == [("address-gone", "note")]


@pytest.mark.parametrize(
    "text",
    ["---\ntitle: [\n---\n", "no front matter, and no title", post("The report", date="never"), "---\ndate: 1\n---\n"],
)
def test_a_source_with_an_error_says_that_alone(site: Site, text: str) -> None:
    site.write(OLD, text)
    assert gone(site) == []
    assert any(problem.level == "error" for problem in site.report.problems)


@pytest.mark.parametrize("options", [{"drafts": True}, {"future": True}, {"at": datetime(2026, 12, 1)}, {"live": True}])
def test_only_public_builds_count(tmp_path: Path, options: dict[str, object]) -> None:
    site = Site(write_site(tmp_path, {"posts/2024-01-01-a.md": post("A")}), options)
    site.build()
    site.edit("content/posts/2024-01-01-a.md", "Text.", "Text.")
    (tmp_path / "content/posts/2024-01-01-a.md").rename(tmp_path / "content/posts/2024-01-01-b.md")
    assert gone(site) == []
    assert gone(Site(tmp_path, {"output": tmp_path / "public"})) == []


def test_a_lost_alias_is_noticed_and_named_with_those_that_are_left(site: Site) -> None:
    site.write(OLD, post("The report", aliases=["/a/", "/b/"]))
    assert gone(site) == []
    site.write(OLD, post("The report", aliases=["/b/"]))
    (problem,) = gone(site)
    assert 'aliases: ["/b/", "/a/"]' in problem.hint


def test_several_lost_addresses_of_a_post_are_settled_by_one_line(site: Site) -> None:
    for slug in ("one", "two", "three"):
        site.write(OLD, post("The report", slug=slug))
        site.build()
    problems = gone(site)
    line = '["/2024/01/old/", "/2024/01/one/", "/2024/01/two/"]'
    assert len(problems) == 3
    assert all(line in problem.hint for problem in problems)


def test_an_address_that_another_file_answers_is_not_gone(site: Site) -> None:
    (site.root / OLD).unlink()
    site.write("content/static/2024/01/old/index.html", "<p>Elsewhere.</p>")
    assert gone(site) == []


@pytest.mark.parametrize(
    "written", ["/2024/01/größe/", "/2024/01/gr%C3%B6%C3%9Fe/", "/2024/01/größe", "/2024/01/größe/index.html"]
)
def test_an_address_in_gone_may_be_written_as_browsers_do(tmp_path: Path, written: str) -> None:
    site = Site(write_site(tmp_path, {"posts/a.md": post("A", permalink="/2024/01/größe/", date="2024-01-01")}))
    site.build()
    (tmp_path / "content/posts/a.md").unlink()
    assert len(gone(site)) == 1
    site.write("site.toml", config(f'[gone]\naddresses = ["{written}"]\n'))
    assert gone(site) == []


def test_what_was_published_outlives_the_state(site: Site) -> None:
    (site.root / OLD).unlink()
    (problem,) = gone(site)
    discard_state(site.root / ".openletter")
    assert gone(site) == [problem]


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b'{"/a/": 1}', b"\xff\xfe", b'{"/a/": {"id": 1}}'])
def test_a_damaged_list_is_begun_again(site: Site, data: bytes) -> None:
    (site.root / ".openletter/published.json").write_bytes(data)
    discard_state(site.root / ".openletter")
    assert gone(site) == []
    (site.root / OLD).unlink()
    assert len(gone(site)) == 1


def test_it_is_no_part_of_incremental_equals_clean(site: Site) -> None:
    (site.root / OLD).unlink()
    assert len(gone(site)) == 1
    assert site.verify() == ()


@pytest.mark.parametrize(("text", "code"), [(post("The report", draft=True), 0), (post("The report", slug="x"), 1)])
def test_strict_stops_for_the_warning_and_not_for_the_note(tmp_path: Path, text: str, code: int) -> None:
    settings = 'title = "T"\nurl = "https://letters.example/"\n'
    files = {"posts/2024-01-05-old.md": post("The report"), "pages/about.md": post("About"), "site.toml": settings}
    site = Site(write_site(tmp_path, files))
    arguments = ["build", "--site", str(tmp_path), "--strict"]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    site.write(OLD, text)
    run = CliRunner().invoke(cli, arguments)
    assert run.exit_code == code, run.output
    assert "[address-gone]" in run.output
    assert ("1 error" if code else "4 notes") in run.output  # the address, and the three feeds
