"""`openletter check` as it is typed: formats, levels, baselines, fixes, the register, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.checks.baseline import read_baseline
from generator.cli import cli
from generator.errors import ConfigError
from tests.checks.conftest import add
from tests.factories import config, post

GOOD = {"author": "Jo Public", "summary": "Said.", "approved_by": "Al"}
AT = ("--at", "2026-11-22T12:00")


def check(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["check", "--site", str(root), *AT, *arguments], catch_exceptions=False)


@pytest.fixture
def faulty(sound: Path) -> Path:
    """A site with a warning (a vague link) and a note (no summary)."""
    return add(
        sound,
        {
            "posts/2026-03-05-vague.md": post("Vague", "See [here](2026-02-05-hours.md).", **GOOD),
            "posts/2026-03-06-bare.md": post("Bare", author="Jo", approved_by="Al"),
        },
    )


def test_text_names_each_place_and_the_exit_code_says_whether_it_matters(faulty: Path) -> None:
    said = check(faulty)
    assert said.exit_code == 0
    assert "content/posts/2026-03-05-vague.md:7:5 warning: " in said.stderr
    assert said.stdout.strip() == "Found 1 warning, 1 note."
    assert check(faulty, "--strict").exit_code == 1
    assert check(faulty).stderr == said.stderr  # a second check has the findings of the first


def test_json_sarif_and_github_say_the_same(faulty: Path) -> None:
    facts = json.loads(check(faulty, "--format", "json").stdout)
    assert (facts["errors"], facts["warnings"], facts["notes"]) == (0, 1, 1)
    sarif = json.loads(check(faulty, "--format", "sarif").stdout)
    results = sarif["runs"][0]["results"]
    assert [each["ruleId"] for each in results] == [each["code"] for each in facts["problems"]]
    place = results[0]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "content/posts/2026-03-05-vague.md"},
        "region": {"startLine": 7, "startColumn": 5},
    }
    assert [each["id"] for each in sarif["runs"][0]["tool"]["driver"]["rules"]] == ["no-summary", "vague-link"]
    github = check(faulty, "--format", "github").stdout.splitlines()
    assert github[0].startswith("::warning file=content/posts/2026-03-05-vague.md,line=7,col=5,title=vague-link::")
    assert github[1].startswith("::notice ")
    gitlab = json.loads(check(faulty, "--format", "gitlab").stdout)
    assert [(each["check_name"], each["severity"]) for each in gitlab] == [
        ("vague-link", "minor"),
        ("no-summary", "info"),
    ]
    assert gitlab[0]["location"] == {"path": "content/posts/2026-03-05-vague.md", "lines": {"begin": 7}}


def test_gitlab_knows_a_finding_again_when_lines_move_and_tells_equal_ones_apart(faulty: Path) -> None:
    def prints() -> list[str]:
        return [each["fingerprint"] for each in json.loads(check(faulty, "--format", "gitlab").stdout)]

    before = prints()
    file = faulty / "content/posts/2026-03-05-vague.md"
    text = file.read_text("utf-8")
    file.write_text(text.replace("See [here]", "A line.\n\nSee [here]"), "utf-8")
    assert prints() == before
    file.write_text(f"{text}\n\nSee [here](2026-02-05-hours.md).\n", "utf-8")
    assert len(prints()) == len(set(prints())) == len(before) + 1


def test_the_address_of_the_site_may_be_given(faulty: Path) -> None:
    assert check(faulty, "--url", "https://letters.example/blog").exit_code == 0
    assert "https://letters.example/blog/" in (faulty / "preview/index.html").read_text("utf-8")


def test_levels_raise_lower_and_silence_codes(faulty: Path) -> None:
    settings = (faulty / "site.toml").read_text("utf-8")
    (faulty / "site.toml").write_text(f'{settings}[check.levels]\nvague-link = "off"\nno-summary = "error"\n', "utf-8")
    said = check(faulty)
    assert (said.exit_code, said.stdout.strip()) == (1, "Found 1 error.")


def test_a_level_that_does_not_exist_is_refused_with_its_line(faulty: Path) -> None:
    settings = (faulty / "site.toml").read_text("utf-8")
    (faulty / "site.toml").write_text(f'{settings}[check.levels]\nvague-link = "of"\n', "utf-8")
    said = check(faulty)
    assert said.exit_code == 2
    assert 'Did you mean "off"?' in said.stderr


def test_a_baseline_hides_old_findings_and_shows_new_ones(faulty: Path) -> None:
    file = faulty / "baseline.json"
    assert "accepts 2 findings." in check(faulty, "--write-baseline", str(file)).stdout
    again = check(faulty, "--strict", "--baseline", str(file))
    assert (again.exit_code, again.stdout.splitlines()[-1]) == (0, "Found nothing.")
    text = post("Vague", "More.\n\nSee [here](2026-02-05-hours.md).\n\nOr [here](2026-02-05-hours.md).", **GOOD)
    add(faulty, {"posts/2026-03-05-vague.md": text})
    second = check(faulty, "--strict", "--baseline", str(file))
    assert (second.exit_code, second.stderr.count("[vague-link]")) == (1, 1)
    add(faulty, {"posts/2026-03-05-vague.md": post("Vague", **GOOD), "posts/2026-03-06-bare.md": post("B", **GOOD)})
    assert "2 accepted findings can go" in check(faulty, "--baseline", str(file)).stdout


@pytest.mark.parametrize("text", ["", "[]", '{"accepted": [{"finding": 1}]}', "\x00", '{"accepted": 7}'])
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "b.json").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="--write-baseline"):
        read_baseline(tmp_path / "b.json")


def test_the_register_finds_what_a_fresh_checkout_cannot_know_and_fix_adds_the_alias(
    sound: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert "addresses.txt has 3 addresses." in check(sound, "--write-addresses").stdout
    written = (sound / "addresses.txt").read_text("utf-8")
    assert "/2026/01/desk/ d1\n" in written
    fresh = tmp_path_factory.mktemp("fresh") / "site"
    shutil.copytree(sound, fresh, ignore=shutil.ignore_patterns(".openletter", "output"))
    (fresh / "content/posts/2026-01-05-desk.md").rename(fresh / "content/posts/2026-01-06-moved.md")
    (fresh / "content/posts/2026-02-05-hours.md").unlink()
    said = check(fresh)
    assert "/2026/01/desk/" in said.stderr
    assert "addresses.txt:3:1 warning: The published address /2026/02/hours/ is gone" in said.stderr
    mended = check(fresh, "--fix")
    assert "content/posts/2026-01-06-moved.md: added to aliases: /2026/01/desk/" in mended.stderr
    assert 'aliases: ["/2026/01/desk/"]' in (fresh / "content/posts/2026-01-06-moved.md").read_text("utf-8")
    assert "/2026/01/desk/ is gone" not in check(fresh).stderr
    assert "/2026/02/hours/ is gone" in check(fresh).stderr
    assert (fresh / "addresses.txt").read_text("utf-8") == written  # only --write-addresses writes it


def test_a_register_keeps_spaces_and_percent_signs_and_reads_encoded_addresses(sound: Path) -> None:
    old = post("Old", aliases=["/old page/", "/50%25/", "/café/"], **GOOD)
    add(sound, {"posts/2026-03-05-old.md": old})
    check(sound, "--write-addresses")
    assert "Found nothing." in check(sound).stdout
    file = sound / "addresses.txt"
    assert "/old%20page/ " in file.read_text("utf-8")
    file.write_bytes(
        b"\xef\xbb\xbf" + file.read_bytes().replace("/café/".encode(), b"/caf%C3%A9/").replace(b"\n", b"\r\n")
    )
    assert "Found nothing." in check(sound).stdout


def test_a_register_that_cannot_be_read_is_not_replaced(sound: Path) -> None:
    (sound / "addresses.txt").write_bytes(b"/caf\xe9/ x1\n")
    said = check(sound, "--write-addresses")
    assert (said.exit_code, (sound / "addresses.txt").read_bytes()) == (1, b"/caf\xe9/ x1\n")
    assert "it is not text in UTF-8. Restore it from your version control" in said.stderr


def test_a_stopped_build_is_said_and_nothing_is_corrected_accepted_or_written(sound: Path) -> None:
    settings = (sound / "site.toml").read_text("utf-8")
    broken = '{% extends "@default/post.html" %}{% block after_body %}{{ 1 / 0 }}{% endblock %}'
    own = {"themes/own/theme.toml": 'extends = "default"\n', "themes/own/templates/post.html": broken}
    add(sound, {**own, "site.toml": f'theme = "own"\n{settings}[check.levels]\ntemplate-failed = "off"\n'})
    file = sound / "b.json"
    said = check(sound)
    assert said.exit_code == 1
    assert said.stderr.endswith("[template-failed]\nThe build stopped, so nothing else was checked.\n")
    for arguments in (("--fix",), ("--write-addresses",), ("--write-baseline", str(file)), ("--prose", "--fix")):
        said = check(sound, *arguments)
        assert (said.exit_code, said.stderr.count("nothing was corrected or written")) == (1, 1)
    assert json.loads(check(sound, "--fix", "--format", "json").stdout)["errors"] == 1
    assert not file.exists()
    assert not (sound / "addresses.txt").exists()


def test_every_format_is_whole_whatever_else_is_asked(faulty: Path) -> None:
    file = str(faulty / "b.json")
    for more in (("--fix",), ("--write-addresses",), ("--write-baseline", file), ("--baseline", file)):
        said = check(faulty, *more, "--format", "json")
        assert json.loads(said.stdout)["errors"] == 0
        assert said.stderr
    for form, name in (("json", "none.json"), ("sarif", "none.json"), ("json", "site.toml"), ("sarif", "site.toml")):
        said = check(faulty, "--baseline", str(faulty / name), "--format", form)
        assert said.exit_code == 2
        assert "--write-baseline" in json.dumps(json.loads(said.stdout))
    said = check(faulty, "--baseline", "none.json", "--format", "github")
    assert said.stdout.startswith("::error ")
    assert check(faulty, "--baseline", file, "--write-baseline", file).exit_code == 2


def test_fix_keeps_a_link_and_says_when_there_is_nothing_to_do(sound: Path) -> None:
    assert "nothing that --fix can correct" in check(sound, "--fix").stderr
    check(sound, "--write-addresses")
    posts = sound / "content/posts"
    (posts / "2026-01-05-desk.md").rename(posts / "_desk.txt")
    (posts / "2026-01-06-moved.md").symlink_to("_desk.txt")
    assert "added to aliases: /2026/01/desk/" in check(sound, "--fix").stderr
    assert (posts / "2026-01-06-moved.md").is_symlink()
    assert "aliases" in (posts / "_desk.txt").read_text("utf-8")


def test_an_unknown_section_of_check_is_a_warning_with_a_suggestion(sound: Path) -> None:
    add(sound, {"site.toml": config('description = "D"\n[check]\naproval = ["posts"]\n')})
    assert 'Did you mean "approval"?' in check(sound).stderr
