"""`openletter build` end to end: what is said where, and with which exit code."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
BAD_DATE = "---\ntitle: Bad\ndate: 12/31\n---\nText.\n"
FUTURE = "---\ntitle: To come\ndate: 2199-01-01\n---\nText.\n"


def post(site: Path, name: str, text: str) -> None:
    (site / "content/posts" / name).write_text(text, "utf-8")


def test_a_new_site_builds_at_once_without_a_warning(run: Run, site: Path) -> None:
    done = run("build", "--strict")
    assert (done.returncode, done.stderr) == (0, "")
    line = r"1 post, 2 pages, 0 newsletter issues: \d+ files written in \d+\.\d s to output\n"
    assert re.fullmatch(line, done.stdout)
    assert "Welcome" in (site / "output/index.html").read_text("utf-8")


def test_a_mistake_is_named_with_its_place_and_the_rest_is_built(run: Run, site: Path) -> None:
    post(site, "bad.md", BAD_DATE)
    done = run("build")
    assert done.returncode == 1
    assert done.stderr.startswith("content/posts/bad.md:3:7 error: ")
    assert done.stderr.count("\n") == 1
    assert "(1 error)" in done.stdout
    assert "Welcome" in (site / "output/index.html").read_text("utf-8")


def test_a_warning_is_shown_and_only_strict_makes_it_an_error(run: Run, site: Path) -> None:
    post(site, "odd.md", "---\ntitle: Odd\ndate: 2026-01-01\nsumary: x\n---\nText.\n")
    lax, strict = run("build"), run("build", "--strict")
    assert (lax.returncode, strict.returncode) == (0, 1)
    assert lax.stderr.startswith("content/posts/odd.md:4:1 warning: ")
    assert strict.stderr == lax.stderr.replace(" warning: ", " error: ")
    assert (site / "output/2026/01/odd/index.html").is_file()


def test_json_is_one_object_and_says_it_all(run: Run, site: Path) -> None:
    post(site, "bad.md", BAD_DATE)
    done = run("build", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert (report["posts"], report["pages"], report["issues"], report["errors"]) == (1, 2, 0, 1)
    [problem] = report["problems"]
    assert (problem["path"], problem["line"], problem["column"]) == ("content/posts/bad.md", 3, 7)
    assert report["rendered"] >= report["written"] > 5
    assert report["deleted"] == 0
    assert all(seconds >= 0 for seconds in report["seconds"].values())


def test_settings_that_cannot_be_read_are_exit_code_2(run: Run, site: Path) -> None:
    (site / "site.toml").write_text('title = "T"\nurl = "nowhere"\n', "utf-8")
    done = run("build")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("site.toml:2")
    data = json.loads(run("build", "--json").stdout)
    assert data["errors"] == 1
    assert not (site / "output").exists()


def test_a_folder_without_a_site_says_what_to_do(run: Run) -> None:
    done = run("build", "--site", "nowhere")
    assert done.returncode == 2
    assert "site.toml" in done.stderr
    assert "openletter init" in done.stderr


def test_the_output_goes_where_it_is_told(run: Run, site: Path) -> None:
    done = run("build", "--output", "public/site")
    assert done.stdout.endswith(" to public/site\n".replace("/", "\\" if "\\" in done.stdout else "/"))
    assert (site / "public/site/index.html").is_file()
    assert not (site / "output").exists()


def test_a_folder_of_somebody_else_s_is_refused_and_left_alone(run: Run, site: Path) -> None:
    (site / "mine").mkdir()
    (site / "mine/letter.txt").write_text("mine")
    done = run("build", "--output", "mine")
    assert done.returncode == 1
    assert "mine" in done.stderr
    assert [file.name for file in (site / "mine").iterdir()] == ["letter.txt"]


def test_a_preview_is_never_written_over_a_public_build(run: Run, site: Path) -> None:
    assert run("build").returncode == 0
    public = (site / "output/index.html").read_bytes()
    done = run("build", "--drafts", "--output", "output")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert (site / "output/index.html").read_bytes() == public


@pytest.mark.parametrize("option", [["--future"], ["--at", "2199-01-01"], ["--at", "2199-01-01T00:00:00Z"]])
def test_what_is_scheduled_is_built_only_on_request(run: Run, site: Path, option: list[str]) -> None:
    settings = (site / "site.toml").read_text("utf-8")
    (site / "site.toml").write_text(re.sub(r"timezone = .*", 'timezone = "UTC"', settings), "utf-8")
    post(site, "to-come.md", FUTURE)
    assert json.loads(run("build", "--json").stdout)["posts"] == 1
    seen = json.loads(run("build", "--json", *option, "--output", "preview").stdout)
    assert (seen["posts"], seen["problems"]) == (2, [])
    assert "noindex" in (site / "preview/2199/01/to-come/index.html").read_text("utf-8")


def test_new_files_of_every_kind_build_without_a_warning_once_published(run: Run, site: Path) -> None:
    for kind in ("post", "page", "newsletter"):
        path = site / run("new", kind, 'A "good" week: № 1').stdout.strip()
        path.write_text(path.read_text("utf-8").replace("draft: true\n", ""), "utf-8")
    done = run("build", "--json")
    report = json.loads(done.stdout)
    assert report["problems"] == []
    assert (report["posts"], report["pages"], report["issues"]) == (2, 3, 1)


def test_drafts_stay_out_of_a_public_build(run: Run, site: Path) -> None:
    run("new", "post", "A secret")
    assert run("build").returncode == 0
    assert not [file for file in (site / "output").rglob("*") if "secret" in file.name]
    assert "A secret" not in (site / "output/feed.xml").read_text("utf-8")
    assert run("build", "--drafts", "--output", "preview").returncode == 0
    assert [file for file in (site / "preview").rglob("*") if "a-secret" in file.name]
