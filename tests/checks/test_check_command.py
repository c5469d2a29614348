"""`openletter check` as it is typed: formats, levels, baselines, fixes, the register, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.checks.baseline import accept, compare, read_baseline
from generator.cli import cli
from generator.errors import ConfigError, note
from tests.checks.conftest import add, config
from tests.factories import post

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


def test_a_code_that_no_finding_has_is_named_with_its_line_and_the_nearest(faulty: Path) -> None:
    settings = (faulty / "site.toml").read_text("utf-8")
    lines = ('vague_link = "off"', 'Vague-Link = "off"', 'no-sumary = "off"', '"dead link" = "note"', 'xyz = "error"')
    near = ("vague-link", "vague-link", "no-summary", "dead-link", "")
    (faulty / "site.toml").write_text("\n".join((settings + "[check.levels]", *lines)), "utf-8")
    said = json.loads(check(faulty, "--format", "json").stdout)["problems"]
    unknown = [each for each in said if each["code"] == "unknown-code"]
    first = settings.count("\n") + 2
    assert [(each["line"], each["column"]) for each in unknown] == [(first + n, 1) for n in range(len(lines))]
    for each, meant in zip(unknown, near, strict=True):
        assert each["hint"].startswith(f'Did you mean "{meant}"?' if meant else "docs/problems.md")
    assert {"vague-link", "no-summary"} <= {each["code"] for each in said}


def test_a_level_that_does_not_exist_is_refused_with_its_line(faulty: Path) -> None:
    settings = (faulty / "site.toml").read_text("utf-8")
    (faulty / "site.toml").write_text(f'{settings}[check.levels]\nvague-link = "of"\n', "utf-8")
    said = check(faulty)
    assert said.exit_code == 2
    assert 'Did you mean "off"?' in said.stderr


def test_a_baseline_hides_old_findings_and_shows_new_ones(faulty: Path) -> None:
    file = faulty / "baseline.json"
    written = check(faulty, "--write-baseline", str(file))
    assert "accepts 2 findings from now on." in written.stdout
    assert (written.exit_code, written.stderr) == (0, "")
    again = check(faulty, "--strict", "--baseline", str(file))
    assert (again.exit_code, again.stdout.splitlines()[-1]) == (0, "Found nothing new.")
    text = post("Vague", "More.\n\nSee [here](2026-02-05-hours.md).\n\nOr [here](2026-02-05-hours.md).", **GOOD)
    add(faulty, {"posts/2026-03-05-vague.md": text})
    second = check(faulty, "--strict", "--baseline", str(file))
    assert (second.exit_code, second.stderr.count("[vague-link]")) == (1, 1)
    add(faulty, {"posts/2026-03-05-vague.md": post("Vague", **GOOD), "posts/2026-03-06-bare.md": post("B", **GOOD)})
    gone = f"2 accepted findings can go: openletter check --baseline {file} --write-baseline {file}"
    assert gone in check(faulty, "--baseline", str(file)).stdout


def test_a_baseline_is_cleaned_step_by_step_and_never_accepts_more_by_itself(faulty: Path) -> None:
    file = str(faulty / "b.json")
    check(faulty, "--write-baseline", file)
    vague, bare = (faulty / f"content/posts/2026-03-{name}.md" for name in ("05-vague", "06-bare"))
    steps = (
        (vague, post("Vague", **GOOD), 1, 0),  # corrected
        (vague, post("Vague", "See [this link](2026-02-05-hours.md).", **GOOD), 1, 1),  # a new fault, not accepted
        (vague, post("Vague", **GOOD), 1, 0),
        (bare, post("Bare", **GOOD), 0, 0),
    )
    for path, text, accepted, new in steps:
        path.write_text(text, "utf-8")
        done = check(faulty, "--strict", "--baseline", file, "--write-baseline", file)
        assert sum(each.count for each in read_baseline(Path(file)).values()) == accepted
        assert (done.exit_code, done.stderr.count("error:")) == (new, new)
    assert "can go" not in check(faulty, "--baseline", file).stdout


def test_a_count_in_a_finding_may_change_and_a_name_or_an_address_may_not() -> None:
    said = (
        'The tag "phone 2" (3 posts) is spelled almost as "phones".',
        "12 pages ask a.example for something as soon as they open.",
        "The published address /2020/01/old/ is gone.",
        "The picture desk.gif has 1.2 MB.",
        "There are 3.",
    )
    accepted = accept([note("a.md", "x", each) for each in said])
    same = (said[0].replace("3 posts", "1,104 posts"), said[1].replace("12", "9"), said[2], said[3].replace("1.2", "2"))
    assert compare([note("a.md", "x", each, line=9) for each in same], accepted).new == ()
    other = (said[0].replace("2", "3"), said[2].replace("2020", "2021"), said[4].replace("There", "Here"))
    assert len(compare([note("a.md", "x", each) for each in other], accepted).new) == len(other)
    assert len(compare([note("b.md", "x", said[4]), note("a.md", "y", said[4])], accepted).new) == 2


def test_what_a_check_did_not_look_for_is_not_settled(faulty: Path) -> None:
    file = str(faulty / "b.json")
    add(faulty, {"posts/2026-03-07-prose.md": post("Prose", "We utilise it.", **GOOD)})
    assert "accepts 3 findings" in check(faulty, "--prose", "--write-baseline", file).stdout
    said = check(faulty, "--strict", "--baseline", file, "--write-baseline", file)
    assert (said.exit_code, "can go" in said.stdout) == (0, False)
    assert check(faulty, "--prose", "--baseline", file).stdout.endswith("Found nothing new.\n")


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
