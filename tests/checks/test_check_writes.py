"""What a check writes: fixes, the register and baselines, in each format; and nothing at all if the build stops."""

from __future__ import annotations

import json
import os
import sys
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import cli
from tests.checks.conftest import add, config
from tests.checks.test_sarif import faults
from tests.factories import post

AT = ("--at", "2026-11-22T12:00")
BROKEN = {
    "themes/own/theme.toml": 'extends = "default"\n',
    "themes/own/templates/post.html": "{{ site.no_such_thing() }}",
    "site.toml": config('description = "D"\ntheme = "own"\n[check.levels]\ntemplate-failed = "off"\n'),
}
UNREADABLE = {"site.toml": config('timezone = "Nowhere/City"\n')}
WRITES = (
    ("--fix",),
    ("--write-addresses",),
    ("--write-baseline", "new.json"),
    ("--fix", "--write-addresses", "--write-baseline", "new.json"),
    ("--baseline", "old.json", "--write-baseline", "old.json"),
)
FORMATS = ("text", "json", "github", "gitlab", "sarif")


def check(root: Path, *arguments: str) -> Result:
    named = [str(root / each) if each.endswith(".json") else each for each in arguments]
    return CliRunner().invoke(cli, ["check", "--site", str(root), *AT, *named], catch_exceptions=False)


def snapshot(root: Path) -> dict[str, bytes]:
    """Read everything of a site that a person wrote or may commit."""
    files = (file for file in root.rglob("*") if file.is_file() and ".openletter" not in file.parts)
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


def assert_parseable(form: str, done: Result) -> list[str]:
    """Assert that stdout is a report in the format; returns its codes."""
    if form == "json":
        return [each["code"] for each in json.loads(done.stdout)["problems"]]
    if form == "gitlab":
        return [each["check_name"] for each in json.loads(done.stdout)]
    if form == "sarif":
        document = json.loads(done.stdout)
        assert faults(document) == []
        return [each["ruleId"] for each in document["runs"][0]["results"]]
    if form == "github":
        assert all(line.startswith("::") for line in done.stdout.splitlines())
        return [line.rpartition("[")[2].rstrip("]") for line in done.stdout.splitlines()]
    return [line.rpartition("[")[2].rstrip("]") for line in done.stderr.splitlines() if line.endswith("]")]


@pytest.fixture
def moved(sound: Path) -> Path:
    """A site with a register, a page that has moved since, a baseline, and a vague link that no baseline accepts."""
    check(sound, "--write-addresses", "--write-baseline", "old.json")
    (sound / "content/posts/2026-01-05-desk.md").rename(sound / "content/posts/2026-01-06-moved.md")
    text = post("Vague", "See [here](2026-02-05-hours.md).", author="Jo", summary="Said.", approved_by="Al")
    return add(sound, {"posts/2026-03-05-vague.md": text})


def test_nothing_is_written_when_a_template_stops_the_build_whatever_is_asked(moved: Path) -> None:
    before = snapshot(add(moved, BROKEN))
    for form, writes in (*product(FORMATS[:1], WRITES), *product(FORMATS[1:], WRITES[3:4])):
        done = check(moved, "--format", form, *writes)
        assert done.exit_code == 1, "a level cannot silence why there is no site"
        assert "template-failed" in assert_parseable(form, done)
        last = ["The build stopped, so nothing else was checked.", "Nothing was corrected or written."]
        assert done.stderr.splitlines()[-2:] == last
        assert snapshot(moved) == before


def test_a_mistake_in_the_settings_is_a_report_in_every_format(moved: Path) -> None:
    before = snapshot(add(moved, UNREADABLE))
    for form, writes in product(FORMATS, WRITES):
        done = check(moved, "--format", form, *writes)
        assert (done.exit_code, assert_parseable(form, done)) == (2, ["config-timezone"])
        assert snapshot(moved) == before


@pytest.mark.parametrize("form", FORMATS)
def test_fixes_and_files_are_written_together_and_the_report_stays_whole(moved: Path, form: str) -> None:
    done = check(moved, "--format", form, *WRITES[3])
    assert (done.exit_code, assert_parseable(form, done)) == (0, [])
    assert "2026-01-06-moved.md: added to aliases: /2026/01/desk/" in done.stderr
    said = done.stdout if form == "text" else done.stderr
    assert "addresses.txt has 5 addresses." in said
    assert "new.json accepts 1 finding from now on." in said
    assert "/2026/01/moved/ d1\n" in (moved / "addresses.txt").read_text("utf-8")
    assert assert_parseable(form, check(moved, "--format", form)) == ["vague-link"]
    again = check(moved, "--format", form, "--baseline", "new.json", "--strict")
    assert (again.exit_code, assert_parseable(form, again)) == (0, [])


@pytest.mark.parametrize("form", FORMATS)
def test_what_cannot_be_written_is_one_more_finding(moved: Path, form: str) -> None:
    (moved / "addresses.txt").unlink()
    (moved / "addresses.txt").mkdir()
    done = check(moved, "--format", form, "--write-addresses", "--write-baseline", "no/folder/b.json")
    assert done.exit_code == 1
    found = assert_parseable(form, done)
    assert {"vague-link", "address-register", "baseline"} <= set(found)


def test_a_baseline_that_is_missing_is_said_before_anything_is_built(sound: Path) -> None:
    for form in FORMATS:
        done = check(sound, "--format", form, "--baseline", "none.json", "--fix")
        assert (done.exit_code, assert_parseable(form, done)) == (2, ["baseline"])
    assert not (sound / "preview").exists()


def test_the_register_is_not_written_for_a_time_that_has_not_come(sound: Path) -> None:
    done = CliRunner().invoke(cli, ["check", "--site", str(sound), "--at", "2199-01-01", "--write-addresses"])
    assert done.exit_code == 2
    assert "Leave out --at." in done.stderr
    assert not (sound / "preview").exists()
    assert not (sound / "addresses.txt").exists()


def test_a_source_that_cannot_be_written_is_a_finding_and_the_others_are_fixed(
    moved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (moved / "content/posts/2026-02-05-hours.md").rename(moved / "content/posts/2026-02-06-later.md")
    really = os.replace

    def refuse(source: str, target: str) -> None:
        if os.fspath(target).endswith("2026-01-06-moved.md"):
            raise PermissionError(13, "Permission denied")
        really(source, target)

    monkeypatch.setattr(os, "replace", refuse)  # root may write anywhere, so permissions alone test nothing
    done = check(moved, "--fix", "--format", "json")
    problems = json.loads(done.stdout)["problems"]
    (said,) = (each for each in problems if each["code"] == "source-unwritable")
    assert (done.exit_code, said["path"], said["level"]) == (1, "content/posts/2026-01-06-moved.md", "error")
    assert "2026-02-06-later.md: added to aliases: /2026/02/hours/" in done.stderr
    assert [each["path"] for each in problems if each["code"] == "address-gone"] == [said["path"]]


@pytest.mark.parametrize("form", FORMATS)
def test_a_missing_program_is_said_before_anything_is_built(
    sound: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    done = check(sound, "--prose", "--format", form)
    assert (done.exit_code, assert_parseable(form, done)) == (2, ["extra-missing"])
    assert not (sound / "preview").exists()
