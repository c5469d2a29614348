"""`openletter import` as a person or a program meets it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from generator.cli import cli

Blog = Callable[[Mapping[str, str | bytes]], Path]
POST = "---\ntitle: A\n---\n{{ x | y }}\n"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, ["import", "markdown", *map(str, words)])


def test_it_says_what_came_and_where_the_rest_is_told(blog: Blog, site: Path) -> None:
    done = run(blog({"_posts/2020-01-01-a.md": POST, "_posts/2020-01-02-b.md": POST}), "--site", site)
    assert (done.exit_code, done.stderr) == (0, "")
    said = [line for line in done.stdout.splitlines() if "commonmark" not in line]  # where that extra is installed
    assert said == [
        "2 posts and 0 pages: 2 files written, 0 unchanged.",
        "Please check: template tags that were not converted (2).",
        "Details: import-report.md.",
    ]


def test_a_refused_source_is_exit_code_1_and_a_line_on_stderr(blog: Blog, site: Path) -> None:
    done = run(blog({"a.md": "---\ntitle: A\n---\n", "_posts/2020-01-02-b.md": POST}), "--site", site)
    assert done.exit_code == 1
    assert done.stderr.startswith("blog/a.md:1 error: The post has no date")
    assert "1 post and 0 pages: 1 file written" in done.stdout


def test_a_trial_lists_the_files_and_writes_none(blog: Blog, site: Path) -> None:
    done = run(blog({"_posts/2020-01-01-a.md": POST}), "--site", site, "--dry-run")
    assert "  content/posts/2020/2020-01-01-a.md\n" in done.stdout
    assert done.stdout.endswith("This was a dry run: nothing was written.\n")
    assert [file.name for file in site.iterdir()] == ["site.toml"]


def test_json_is_one_object(blog: Blog, site: Path) -> None:
    data = json.loads(run(blog({"_posts/2020-01-01-a.md": POST}), "--site", site, "--json").stdout)
    assert (data["posts"], data["pages"], data["drafts"], data["errors"]) == (1, 0, 0, 0)
    assert data["written"] == ["content/posts/2020/2020-01-01-a.md"]
    assert data["came"][0]["old"] == ["/2020/01/01/a.html"]
    assert data["notes"][0] == {
        "topic": "template",
        "path": "blog/_posts/2020-01-01-a.md",
        "line": 4,
        "words": "`{{ x | y }}`",
    }


def test_without_a_site_or_a_source_it_is_exit_code_2(blog: Blog, site: Path, tmp_path: Path) -> None:
    source = blog({"_posts/2020-01-01-a.md": POST})
    assert run(source, "--site", tmp_path / "none").exit_code == 2
    assert run(tmp_path / "nowhere", "--site", site).exit_code == 2
    assert run("--site", site).exit_code == 2
    assert CliRunner().invoke(cli, ["import", "tumblr", str(source)]).exit_code == 2
