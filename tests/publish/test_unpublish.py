import json
import subprocess
from datetime import UTC
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.checks.front_matter_edit import mark_draft
from generator.cli import cli
from generator.config import load_config
from generator.model import Kind
from generator.publish.named_address import named_path
from tests.factories import plain_post, write_site

TOML = """title = "Letters"
url = "https://letters.example.org/"

[publish.live]
type = "folder"
path = "live"

[publish.pages]
type = "git"
repository = "server.git"

[publish.never]
type = "folder"
path = "never"
"""
WRONG = plain_post("Wrong", "A secretword. [paper](paper.txt)", tags="[oops]", aliases="[/old/]")
FILES: dict[str, str | bytes] = {
    "site.toml": TOML,
    "posts/2026-01-02-wrong/index.md": WRONG,
    "posts/2026-01-02-wrong/paper.txt": "the secretword again",
    "posts/2026-01-03-b.md": plain_post("B"),
    "posts/2026-01-04-c.md": plain_post("C"),
}


def run(root: Path, *args: str) -> Result:
    return CliRunner().invoke(cli, [*args, "--site", str(root)])


def git(root: Path, *args: str) -> str:
    command = ["git", "-C", str(root / "server.git"), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def secrets(folder: Path) -> list[str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return [file.relative_to(folder).as_posix() for file in files if b"secretword" in file.read_bytes()]


@pytest.mark.slow
def test_a_page_is_taken_off_every_target_with_all_that_is_old_and_stays_off(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "server.git")], check=True)
    site = write_site(tmp_path, FILES)
    source = site / "content/posts/2026-01-02-wrong/index.md"
    for change in ("", " Changed."):
        source.write_text(WRONG + change)
        for name in ("live", "pages"):
            assert run(site, "publish", name).exit_code == 0
    assert len(secrets(site / "live")) > 3

    done = json.loads(run(site, "unpublish", "https://letters.example.org/2026/01/wrong/", "--json").output)
    assert done["source"] == "content/posts/2026-01-02-wrong/index.md"
    assert done["addresses"] == ["/2026/01/wrong/", "/2026/01/wrong/paper.txt", "/old/"]
    assert done["targets"] == ["live", "pages"]
    assert "\ndraft: true\n---\n" in source.read_text()
    assert secrets(site / "live") == []
    assert not (site / "live/tags/oops").exists()
    assert b"wrong" not in (site / "live/feed.xml").read_bytes()
    assert git(site, "log", "--format=%h", "gh-pages").count("\n") == 1
    assert git(site, "grep", "-l", "secretword", "gh-pages") == ""
    assert not (site / "never").exists()

    assert "publish-no-rollback" in run(site, "publish", "live", "--rollback").output
    source.write_text(WRONG)  # an old checkout
    refused = run(site, "publish", "live")
    assert refused.exit_code == 3
    assert "add --restore /2026/01/wrong/ --restore /2026/01/wrong/paper.txt --restore /old/" in refused.output
    source.unlink()
    again = run(site, "unpublish", "/2026/01/worng/")
    assert (again.exit_code, "unpublish-unknown" in again.output) == (1, True)
    assert "unpublish-not-a-page" in run(site, "unpublish", "/archive/").output


def test_a_source_that_is_gone_is_taken_off_the_targets_that_have_it(tmp_path: Path) -> None:
    site = write_site(tmp_path, FILES | {"site.toml": TOML.replace("pages", "also").replace("git", "folder")})
    (site / "site.toml").write_text(TOML.partition("[publish.pages]")[0])
    assert run(site, "publish").exit_code == 0
    (site / "content/posts/2026-01-02-wrong/index.md").unlink()
    (site / "content/posts/2026-01-02-wrong/paper.txt").unlink()
    assert run(site, "unpublish", "/2026/01/wrong/").exit_code == 0
    assert secrets(site / "live") == []


def test_what_was_taken_down_can_be_verified_again(tmp_path: Path) -> None:
    """A cache still showed it, and was purged: the same command knows the page, its old addresses and its files."""
    toml = TOML.partition("[publish.pages]")[0]
    site = write_site(tmp_path, FILES | {"site.toml": toml})
    assert run(site, "publish").exit_code == 0
    gone = ["/2026/01/wrong/", "/2026/01/wrong/paper.txt", "/old/"]
    for source in ("content/posts/2026-01-02-wrong/index.md", ""):
        done = json.loads(run(site, "unpublish", "/2026/01/wrong/", "--json").output)
        assert (done["source"], done["addresses"], done["targets"]) == (source, gone, ["live"])
    withdrawn = json.loads((site / "live/.openletter/manifest.json").read_text())["withdrawn"]
    assert len(withdrawn) == len(gone)
    (site / "content/posts/2026-01-02-wrong/new.txt").write_text("never published")
    assert run(site, "unpublish", "/2026/01/wrong/").exit_code == 0
    assert json.loads((site / "live/.openletter/manifest.json").read_text())["withdrawn"] == withdrawn


def test_an_address_is_understood_as_browsers_copy_it_and_people_type_it(tmp_path: Path) -> None:
    config, _ = load_config(write_site(tmp_path, {"site.toml": TOML + 'url = "https://test.example.org/live/"\n'}))
    known = {"2026/01/café/index.html", "2026/01/v1.2/index.html", "a b.pdf"}
    named = {
        "https://letters.example.org/2026/01/caf%C3%A9/": "2026/01/café/index.html",
        "/2026/01/café": "2026/01/café/index.html",
        "2026/01/caf%C3%A9": "2026/01/café/index.html",
        "https://test.example.org/live/2026/01/café/?a=b#c": "2026/01/café/index.html",
        "/2026/01/v1.2": "2026/01/v1.2/index.html",
        "/a%20b.pdf": "a b.pdf",
        "https://letters.example.org": "index.html",
        "/gone": "gone/index.html",
    }
    assert {each: named_path(config, each, known) for each in named} == named


def test_what_a_target_that_failed_has_is_not_known(tmp_path: Path) -> None:
    elsewhere = '\n[publish.away]\ntype = "git"\nrepository = "none.git"\n'
    toml, name = TOML.partition("[publish.pages]")[0] + elsewhere, "posts/2026-01-02-café.md"
    site = write_site(tmp_path, {"site.toml": toml, name: WRONG, "posts/2026-01-03-b.md": plain_post("B")})
    assert run(site, "publish", "live").exit_code == 0
    unknown = run(site, "unpublish", "/2026/01/none/")
    assert (unknown.exit_code, "No target had it" in unknown.output) == (3, False)
    assert "It may still be on a target: see above" in unknown.output
    toml_file = site / "site.toml"
    toml_file.write_text(toml.partition("[publish.away]")[0])
    assert "If it was taken down before, it is off." in run(site, "unpublish", "/2026/01/none/").output
    toml_file.write_text(toml)
    done = run(site, "unpublish", "https://letters.example.org/2026/01/caf%C3%A9")
    assert (done.exit_code, "Taken down from live: /2026/01/café/" in done.output) == (3, True)
    (site / "content" / name).write_text(WRONG)
    assert run(site, "publish", "live").exit_code == 3
    restored = run(site, "publish", "live", "--restore", "/2026/01/caf%C3%A9", "--restore", "/old")
    assert restored.exit_code == 0, restored.output


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ntitle: A\n---\nx\n", "---\ntitle: A\ndraft: true\n---\nx\n"),
        ("---\ntitle: A\ndraft: false\n---\nx\n", "---\ntitle: A\ndraft: true\n---\nx\n"),
        ("---\r\ntitle: A\r\nDraft: no\r\n---\r\nx\r\n", "---\r\ntitle: A\r\ndraft: true\r\n---\r\nx\r\n"),
        ('+++\ntitle = "A"\n[extra]\na = 1\n+++\nx\n', '+++\ndraft = true\ntitle = "A"\n[extra]\na = 1\n+++\nx\n'),
        ('+++\ntitle = "A"\ndraft = false\n+++\nx\n', '+++\ntitle = "A"\ndraft = true\n+++\nx\n'),
        ("---\ntitle: A\n—\nx\n", "---\ntitle: A\ndraft: true\n---\nx\n"),  # Word and phones make dashes of hyphens
        ("—-\ntitle: A\n–-\nx\n—\ny\n", "---\ntitle: A\ndraft: true\n---\nx\n—\ny\n"),
        ("---\r\ntitle: A\r\n—\r\nx\r\n", "---\r\ntitle: A\r\ndraft: true\r\n---\r\nx\r\n"),
        ("---\ntitle: A\n—\nx\n\n---\ny\n", "---\ntitle: A\ndraft: true\n---\nx\n\n---\ny\n"),
        ("---\ntitle: A\ndraft: no\n–--\nx\n", "---\ntitle: A\ndraft: true\n---\nx\n"),
        ("---\ntitle: A\ndraft: false # not yet\n---\nx\n", None),
        ('{"title": "A"}\nx\n', None),
    ],
)
def test_a_source_becomes_a_draft_and_nothing_else_changes(before: str, after: str | None) -> None:
    edited = mark_draft("content/posts/2026-01-02-a.md", before.encode(), Kind.POST, UTC)
    assert edited == (after.encode() if after else None)


def test_an_error_in_another_page_holds_a_takedown_up_only_as_long_as_you_want(tmp_path: Path) -> None:
    toml = TOML.partition("[publish.pages]")[0] + "check = true\n"
    site = write_site(tmp_path, {**FILES, "site.toml": toml})
    assert run(site, "publish").exit_code == 0
    broken = site / "content/posts/2026-01-03-b.md"
    whole = broken.read_text()
    broken.write_text(whole.replace("title: B", "title: [B"))
    refused = run(site, "unpublish", "/2026/01/wrong/")
    assert (refused.exit_code, "add --despite-errors" in refused.output) == (3, True)
    assert secrets(site / "live")
    assert "draft" not in (site / "content/posts/2026-01-02-wrong/index.md").read_text()

    done = run(site, "unpublish", "/2026/01/wrong/", "--despite-errors")
    assert done.exit_code == 0
    assert "content/posts/2026-01-03-b.md:3:1 error:" in done.output
    assert "The pages with the errors above are off too" in done.output
    assert secrets(site / "live") == []
    assert not (site / "live/2026/01/b").exists()
    assert (site / "live/2026/01/c/index.html").exists()

    assert run(site, "publish").exit_code == 3
    broken.write_text(whole)
    assert run(site, "publish").exit_code == 0
    assert (site / "live/2026/01/b/index.html").exists()
    assert secrets(site / "live") == []


def test_a_site_that_a_template_stops_is_not_taken_for_one_without_the_page(tmp_path: Path) -> None:
    site = write_site(tmp_path, {**FILES, "site.toml": TOML.partition("[publish.pages]")[0]})
    assert run(site, "publish").exit_code == 0
    template = site / "themes/desk/templates/post.html"
    template.parent.mkdir(parents=True)
    (site / "themes/desk/theme.toml").write_text('parent = "default"\n')
    template.write_text("{{ nothing.at.all }}")
    (site / "site.toml").write_text('theme = "desk"\n' + TOML.partition("[publish.pages]")[0])
    stopped = run(site, "unpublish", "/2026/01/wrong/", "--despite-errors")
    assert (stopped.exit_code, "publish-errors" in stopped.output) == (3, True)
    assert secrets(site / "live")
