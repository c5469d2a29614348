"""Commands as people type them: from another folder, without quotation marks, without a name, with a wrong one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories import post, write_files

Run = Callable[..., subprocess.CompletedProcess[str]]
NEWSLETTER = '[newsletter]\nfrom = "Desk <desk@letters.example>"\nunsubscribe = "mailto:desk@letters.example"\n'


@pytest.mark.parametrize("folder", ["content", "content/posts", "output", "content/static/a b", "themes"])
def test_a_command_finds_the_site_above_the_folder_it_is_given_in(run: Run, site: Path, folder: str) -> None:
    (site / folder).mkdir(parents=True, exist_ok=True)
    started = run("new", "page", "About us", cwd=site / folder)
    assert started.returncode == 0, started.stderr
    assert (site / folder / started.stdout.strip()).resolve() == site.resolve() / "content/pages/about-us.md"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("nowhere", ("nowhere does not exist", "openletter init")),
        ("empty", ("There is no site.toml in ", "/empty.", "openletter init")),
        ("site/content", ("There is no site.toml in ", "/site/content.", '/site"')),
        ("site/content/posts", ("There is no site.toml in ", "/site/content/posts.", '/site"')),
        ("notepad", ("There is no site.toml in ", "Rename site.toml.txt to site.toml.", "File name extensions")),
        ("site/content/none", ("site/content/none does not exist", '/site"')),
    ],
)
def test_a_wrong_folder_is_named_with_the_site_above_it(
    run: Run, tmp_path: Path, named: str, said: tuple[str, ...]
) -> None:
    files = {"site/site.toml": 'title = "T"\nurl = "https://t.example/"\n', "site/content/posts/a": "", "empty/x": ""}
    write_files(tmp_path, files | {"notepad/site.toml.txt": ""})
    done = run("build", "--site", named)
    assert (done.returncode, done.stdout) == (2, "")
    assert [each for each in said if each not in done.stderr.replace("\\", "/")] == []
    assert not (tmp_path / named / ".openletter").exists()


@pytest.mark.parametrize(
    ("words", "name", "title"),
    [
        (["A", "good", "week"], "a-good-week", "A good week"),
        (["A good week"], "a-good-week", "A good week"),
        (["What", "we", "learned:", "part", "2"], "what-we-learned-part-2", "What we learned: part 2"),
        (["Ärger", "–", "ein", "Plan"], "ärger-ein-plan", "Ärger – ein Plan"),
        (["One", "more", "--bundle"], "one-more", "One more"),
        (["  spaced ", "out"], "spaced-out", "spaced out"),
    ],
)
def test_a_title_needs_no_quotation_marks(run: Run, site: Path, words: list[str], name: str, title: str) -> None:
    done = run("new", "post", *words)
    assert done.returncode == 0, done.stderr
    file = site / done.stdout.strip()
    assert name in file.as_posix()
    assert title in file.read_text("utf-8")


def test_an_issue_s_title_needs_none_either(run: Run, site: Path) -> None:
    done = run("new", "newsletter", "June", "news", "--limit", "1")
    assert done.stdout.strip().endswith("june-news.md")
    assert run("new", "post").returncode == run("new", "post", " ").returncode == 2


@pytest.mark.slow
@pytest.mark.parametrize("options", [["--drafts", "--future"], ["--at", "2199-01-01"]])
def test_a_preview_goes_into_a_folder_of_its_own(run: Run, site: Path, options: list[str]) -> None:
    assert run("build").returncode == 0
    before = (site / "output/index.html").stat().st_mtime_ns
    done = run("build", *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith(" to preview")
    assert "noindex" in (site / "preview/index.html").read_text("utf-8")
    assert (site / "output/index.html").stat().st_mtime_ns == before
    assert "was not rebuilt" in run("build", *options, "--explain", "/about/").stdout
    assert "/preview/" in (site / ".gitignore").read_text("utf-8")


def test_the_summary_counts_drafts_and_scheduled_posts(run: Run, site: Path) -> None:
    posts = {
        "a.md": post("A", date="2026-01-01", draft=True),
        "b.md": post("B", date="2026-01-02", draft=True),
        "c.md": post("C", date="2199-01-01"),
        "d.md": post("D", date="2026-01-01", expires="2026-01-02"),
    }
    write_files(site / "content/posts", posts)
    assert ", 2 pages, 0 newsletter issues (not public: 2 drafts, 1 scheduled, 1 expired): " in run("build").stdout
    assert " (not public: 2 drafts, 1 scheduled, 1 expired): 0 files" in run("build").stdout
    assert " (not public: 1 scheduled, 1 expired): " in run("build", "--drafts").stdout
    report = json.loads(run("build", "--json").stdout)
    assert [report[key] for key in ("drafts", "scheduled", "expired")] == [2, 1, 1]


@pytest.fixture
def issues(site: Path) -> Path:
    """Give a site with two issues, the newer one a draft."""
    (site / "site.toml").write_text((site / "site.toml").read_text("utf-8") + NEWSLETTER, "utf-8")
    write_files(
        site / "content/newsletters",
        {
            "may.md": post("May news", "Hello.", date="2026-05-01", preheader="x" * 50, id="may"),
            "june.md": post("June news", "Hello.", date="2026-06-01", preheader="x" * 50, id="june", draft=True),
        },
    )
    (site / "list.csv").write_text("address,name\nada@example.org,Ada\n", "utf-8")
    return site


@pytest.mark.slow
def test_the_newest_issue_is_meant_if_none_is_named(run: Run, issues: Path) -> None:
    assert run("newsletter", "check").stdout.startswith("content/newsletters/june.md: ")
    assert run("newsletter", "eml").stdout == "june.eml\n"
    assert run("newsletter", "export").stdout == "june-mail\n"
    assert run("newsletter", "preview", "--output", "p.html").stdout == "p.html\n"
    assert "June news" in (issues / "p.html").read_text("utf-8")
    assert "Issue:   June news" in run("newsletter", "send", "--to", "list.csv").stdout
    assert "Issue:   May news" in run("newsletter", "send", "may", "--to", "list.csv").stdout


def test_an_issue_that_cannot_be_read_is_never_passed_over(run: Run, issues: Path) -> None:
    (issues / "content/newsletters/july.md").write_text("---\ntitle: July\ndate: 7/1\n---\nHi.\n", "utf-8")
    done = run("newsletter", "send", "--to", "list.csv")
    assert done.returncode == 3
    assert "july.md:3" in done.stderr
    for file in (issues / "content/newsletters").iterdir():
        file.unlink()
    assert "There are no newsletter issues yet" in run("newsletter", "check").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["send", "list.csv"], "newsletter send --to list.csv"),
        (["send", "ada@example.org"], "newsletter send --to ada@example.org"),
        (["check", "members.xlsx"], "is an address or a list, not an issue"),
        (["send", "--to", "june"], "newsletter send june --to list.csv"),
        (["send", "may", "--to", "content/newsletters/june.md"], "is a newsletter issue, not a list"),
        (["send", "may", "--to", "2026-05.csv"], "The list cannot be opened"),
        (["send", "may", "--to", "lists/new@2026.csv"], "Check the file name after --to"),
        (["send", "may", "--to", "lists/staff list.csv"], 'Did you mean "lists/Staff List.csv"?'),
        (["send", "may", "--to", "lists/STAFF-LIST.CSV"], 'Did you mean "lists/Staff List.csv"?'),
        (["send", "may", "--to", "lists/Staff List.cvs"], 'Did you mean "lists/Staff List.csv"?'),
        (["send", "may", "--to", "list/Staff List.csv"], "Check the file name after --to"),
        (["send", "may", "--to", "staff list"], 'Did you mean "Staff List"?'),
        (["send", "may", "--to", "Old"], "the list is empty"),
        (["send", "may", "--to", "lists/old.csv"], 'Did you mean "lists/Old.CSV"?'),
        (["send", "may", "--to", "ada@example.org, jo@example.org"], "is more than one e-mail address"),
        (["send", "may", "--to", "members.xlsx"], "an Excel workbook (.xlsx), not a CSV file"),
    ],
)
def test_an_issue_a_list_and_an_address_are_told_apart(run: Run, issues: Path, words: list[str], said: str) -> None:
    (issues / "members.xlsx").write_bytes(b"PK\x03\x04[Content_Types].xml xl/workbook.xml")
    write_files(issues / "lists", {"Staff List.csv": "address\n", "Old.CSV": "address\n"})
    done = run("newsletter", *words)
    assert done.returncode == 3
    assert said in done.stderr


def test_strict_stops_a_letter_for_a_warning_and_never_for_a_note(run: Run, issues: Path) -> None:
    noted = post("Gap", "![](https://pictures.example/x.png)", date="2026-04-01", series="Day", part=3)
    write_files(issues / "content/posts", {"a.md": noted})
    write_files(
        issues / "content/newsletters",
        {"july.md": post("July news", "Hello.", date="2026-07-01", preheader="x" * 50, posts=["a"], id="july")},
    )
    done = run("newsletter", "send", "--to", "list.csv", "--strict")
    assert " note: " in done.stderr or done.stderr == ""
    assert (done.returncode, "nothing was sent" in done.stdout) == (0, True)
